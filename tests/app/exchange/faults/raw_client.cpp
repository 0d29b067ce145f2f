#include "app/exchange/faults/raw_client.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace st0ck::app::exchange {

namespace {

// Turns without a byte after which nothing is on its way.
constexpr int kCalmTurns = 30;
constexpr int kPing = 9;
constexpr int kText = 1;
constexpr int kBinary = 2;

}  // namespace

RawClient::RawClient(std::uint16_t port, std::function<void()> turn) : turn_{std::move(turn)} {
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    socket_ = made;
  else
    ::close(made);
}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

void RawClient::read() {
  std::array<char, 65536> buffer{};
  while (!is_ended_ && socket_ >= 0) {
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
      bytes_.append(buffer.data(), static_cast<std::size_t>(count));
      continue;
    }
    if (count == 0 || errno != EAGAIN) is_ended_ = true;
    return;
  }
}

bool RawClient::is_ended() {
  for (int turn = 0; turn < kCalmTurns && !is_ended_; ++turn) {
    turn_();
    read();
  }
  return is_ended_;
}

void RawClient::send(std::string_view bytes) {
  (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::string RawClient::take() {
  for (int calm = 0; calm < kCalmTurns; ++calm) {
    const std::size_t had = bytes_.size();
    turn_();
    read();
    if (bytes_.size() > had) calm = 0;
  }
  return std::exchange(bytes_, {});
}

std::string RawClient::ask(std::string_view method, std::string_view target,
                           std::string_view body) {
  send(
      fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nAPCA-API-KEY-ID: test\r\n"
                  "APCA-API-SECRET-KEY: test\r\nContent-Length: {}\r\n\r\n{}",
                  method, target, body.size(), body));
  return take();
}

bool RawClient::open_stream(std::string_view target) {
  send(
      fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  "Sec-WebSocket-Version: 13\r\n\r\n",
                  target));
  for (int turn = 0; turn < kCalmTurns; ++turn) {
    turn_();
    read();
    const auto end = bytes_.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const bool is_open = bytes_.starts_with("HTTP/1.1 101");
    if (is_open) bytes_.erase(0, end + 4);
    return is_open;
  }
  return false;
}

/// Masked by zeros, which change nothing.
void RawClient::frame_of(int opcode, std::string_view payload) {
  std::string frame;
  frame.push_back(static_cast<char>(0x80 | opcode));
  frame.push_back(static_cast<char>(0x80 | payload.size()));
  frame.append(4, '\0');
  frame += payload;
  send(frame);
}

void RawClient::say(std::string_view text) {
  if (text.size() < 126) return frame_of(kText, text);
  std::string frame;
  frame.push_back(static_cast<char>(0x80 | kText));
  frame.push_back(static_cast<char>(0x80 | 126));
  frame.push_back(static_cast<char>(text.size() >> 8U));
  frame.push_back(static_cast<char>(text.size() & 0xFFU));
  frame.append(4, '\0');
  frame += text;
  send(frame);
}

void RawClient::ping() { frame_of(kPing, "x"); }

std::optional<std::pair<int, std::string>> RawClient::frame() {
  for (int turn = 0; turn < kCalmTurns; ++turn) {
    const auto byte = [&](std::size_t place) {
      return static_cast<std::size_t>(static_cast<unsigned char>(bytes_[place]));
    };
    std::size_t head = 2;
    std::size_t size = 0;
    if (bytes_.size() >= 2) {
      size = byte(1) & 0x7FU;
      const std::size_t more = size == 126 ? 2 : (size == 127 ? 8 : 0);
      head += more;
      if (bytes_.size() >= head && more > 0) {
        size = 0;
        for (std::size_t i = 0; i < more; ++i) size = (size << 8U) | byte(2 + i);
      }
    }
    if (bytes_.size() >= head && bytes_.size() >= head + size) {
      const int opcode = static_cast<int>(byte(0) & 0x0FU);
      std::string payload = bytes_.substr(head, size);
      bytes_.erase(0, head + size);
      return std::pair{opcode, std::move(payload)};
    }
    turn_();
    read();
  }
  return std::nullopt;
}

std::string RawClient::message() {
  while (auto got = frame())
    if (got->first == kText || got->first == kBinary) return std::move(got->second);
  return {};
}

}  // namespace st0ck::app::exchange
