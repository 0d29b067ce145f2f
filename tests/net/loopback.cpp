#include "net/loopback.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace st0ck::net::loopback {
namespace {

constexpr auto kPatience = std::chrono::seconds{10};
constexpr auto kTurn = std::chrono::milliseconds{1};

sockaddr_in loopback_at(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void stop_blocking(int handle) { fcntl(handle, F_SETFL, fcntl(handle, F_GETFL) | O_NONBLOCK); }

// What a client's key becomes in the server's answer.
std::string accept_key(std::string text) {
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 64> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

}  // namespace

bool run_until(boost::asio::io_context& io, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.restart();
    // A context without work must not turn this into a spin: the kernel may be what we wait for.
    if (io.run_one_for(kTurn) == 0) poll(nullptr, 0, 1);
  }
  return true;
}

bool run_dry(boost::asio::io_context& io) {
  io.restart();
  io.run_for(kPatience);
  return io.stopped();
}

WebSocketListener Heard::listener() {
  return {.on_open = [this] { ++opened; },
          .on_message = [this](MessageKind kind,
                               std::string_view bytes) { messages.emplace_back(kind, bytes); },
          .on_closed = [this](const WebSocketClosed& how) { closed.push_back(how); }};
}

RawSocket RawSocket::to(std::uint16_t port) {
  const int handle = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback_at(port);
  EXPECT_EQ(connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return RawSocket{handle};
}

RawSocket::RawSocket(RawSocket&& other) noexcept
    : handle_{std::exchange(other.handle_, -1)},
      received_{std::move(other.received_)},
      is_closed_{other.is_closed_} {}

RawSocket::~RawSocket() {
  if (handle_ >= 0) ::close(handle_);
}

void RawSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawSocket::end_sending() { ::shutdown(handle_, SHUT_WR); }

const std::string& RawSocket::received() {
  std::array<char, 65'536> chunk{};
  for (;;) {
    const auto size = recv(handle_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (size > 0) {
      received_.append(chunk.data(), static_cast<std::size_t>(size));
      continue;
    }
    is_closed_ = is_closed_ || size == 0 || errno != EAGAIN;
    return received_;
  }
}

bool RawSocket::is_closed() {
  received();
  return is_closed_;
}

RawListener::RawListener() : handle_{socket(AF_INET, SOCK_STREAM, 0)} {
  sockaddr_in address = loopback_at(0);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(handle_, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(handle_, 8), 0);
  EXPECT_EQ(getsockname(handle_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
  stop_blocking(handle_);
}

RawListener::~RawListener() { ::close(handle_); }

std::optional<RawSocket> RawListener::accept() {
  const int handle = ::accept(handle_, nullptr, nullptr);
  if (handle < 0) return std::nullopt;
  return std::optional<RawSocket>{std::in_place, handle};
}

std::string upgrade_answer(const std::string& request) {
  constexpr std::string_view kField = "Sec-WebSocket-Key: ";
  const auto begin = request.find(kField) + kField.size();
  const auto key = request.substr(begin, request.find("\r\n", begin) - begin);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         accept_key(key) + "\r\n\r\n";
}

std::string server_frame(std::uint8_t first_byte, std::string_view body) {
  std::string frame{static_cast<char>(first_byte), static_cast<char>(body.size())};
  return frame.append(body);
}

std::string client_frame(std::uint8_t first_byte, std::string_view body) {
  std::string frame{static_cast<char>(first_byte), static_cast<char>(body.size() | 0x80)};
  return frame.append(4, '\0').append(body);
}

std::string upgrade_request(std::string_view target) {
  return "GET " + std::string{target} +
         " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
}

}  // namespace st0ck::net::loopback
