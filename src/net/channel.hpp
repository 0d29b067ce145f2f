#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace st0ck::net {

namespace asio = boost::asio;
namespace beast = boost::beast;

using boost::system::error_code;
using Tcp = asio::ip::tcp;

// The context's own executor instead of Asio's erased one, which costs a call at each step.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// A TCP connection with or without TLS, as one type, so that what stands on it is compiled once.
/// An asynchronous stream by Asio's rules.
class Channel {
 public:
  using executor_type = Executor;

  explicit Channel(Socket socket) : stream_{std::move(socket)} {}
  Channel(Socket socket, asio::ssl::context& context)
      : stream_{std::in_place_type<TlsStream>, std::move(socket), context} {}

  Socket& socket() {
    if (auto* tls = std::get_if<TlsStream>(&stream_)) return tls->next_layer();
    return std::get<Socket>(stream_);
  }
  executor_type get_executor() { return socket().get_executor(); }

  bool is_tls() const { return std::holds_alternative<TlsStream>(stream_); }

  /// For settings that Asio has no names for; null without TLS.
  SSL* tls() {
    auto* tls = std::get_if<TlsStream>(&stream_);
    return tls == nullptr ? nullptr : tls->native_handle();
  }

  template <typename Handler>
  void async_tls_handshake(asio::ssl::stream_base::handshake_type side, Handler&& handler) {
    std::get<TlsStream>(stream_).async_handshake(side, std::forward<Handler>(handler));
  }

  /// The next reads give these bytes first: they were read too early, by somebody else.
  void put_back(std::string_view bytes) { put_back_.append(bytes); }

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (!put_back_.empty()) [[unlikely]] {
      const std::size_t size = asio::buffer_copy(buffers, asio::buffer(put_back_));
      put_back_.erase(0, size);
      asio::post(get_executor(),
                 beast::bind_front_handler(std::forward<Handler>(handler), error_code{}, size));
    } else if (auto* tls = std::get_if<TlsStream>(&stream_)) {
      tls->async_read_some(buffers, std::forward<Handler>(handler));
    } else {
      std::get<Socket>(stream_).async_read_some(buffers, std::forward<Handler>(handler));
    }
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (auto* tls = std::get_if<TlsStream>(&stream_)) {
      tls->async_write_some(buffers, std::forward<Handler>(handler));
    } else {
      std::get<Socket>(stream_).async_write_some(buffers, std::forward<Handler>(handler));
    }
  }

  /// Says that nothing more will be sent, by TLS too where the socket takes it at once.
  template <typename Handler>
  void async_end(Handler&& handler) {
    error_code ignored;
    if (auto* tls = std::get_if<TlsStream>(&stream_)) {
      tls->async_shutdown(std::forward<Handler>(handler));
    } else {
      socket().shutdown(Socket::shutdown_send, ignored);
      asio::post(get_executor(),
                 beast::bind_front_handler(std::forward<Handler>(handler), error_code{}));
    }
  }

  /// Ends all that is waited for and leaves nothing on the context.
  void close() {
    error_code ignored;
    socket().close(ignored);
  }

 private:
  using TlsStream = beast::ssl_stream<Socket>;

  std::variant<Socket, TlsStream> stream_;
  std::string put_back_;
};

// By these names Beast ends a stream that a WebSocket stood on.
inline void beast_close_socket(Channel& channel) { channel.close(); }

void teardown(beast::role_type role, Channel& channel, error_code& error);

template <typename Handler>
void async_teardown(beast::role_type /*role*/, Channel& channel, Handler&& handler) {
  channel.async_end(std::forward<Handler>(handler));
}

}  // namespace st0ck::net
