#include "st0ck/net/beast_web_socket.hpp"
#include "st0ck/net/http_server.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace st0ck::benchmarks {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using RawStream = beast::websocket::stream<Tcp::socket>;

constexpr std::size_t kMessageBytes = 200;  // A quote of a market stream.
constexpr std::size_t kWarmUp = 2000;

/// A context that a thread of its own polls without ever blocking, for as long as this lives.
class PollingThread {
 public:
  explicit PollingThread(asio::io_context& io)
      : thread_{[this, &io] {
          while (!is_ended_.load(std::memory_order_relaxed)) io.poll();
        }} {}
  ~PollingThread() {
    is_ended_ = true;
    thread_.join();
  }
  PollingThread(const PollingThread&) = delete;
  PollingThread& operator=(const PollingThread&) = delete;

 private:
  std::atomic<bool> is_ended_ = false;
  std::thread thread_;
};

/// Measures one round trip per iteration; `ask` sends, and `answers` counts what has come back.
void measure(benchmark::State& state, asio::io_context& io, const std::function<void()>& ask,
             const std::size_t& answers) {
  std::vector<double> taken;
  taken.reserve(1'000'000);
  const auto round_trip = [&] {
    const std::size_t before = answers;
    ask();
    while (answers == before) io.poll();
  };
  for (std::size_t i = 0; i < kWarmUp; ++i) round_trip();
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    round_trip();
    const std::chrono::duration<double> span = std::chrono::steady_clock::now() - begin;
    if (taken.size() < taken.capacity()) taken.push_back(span.count());
  }
  std::ranges::sort(taken);
  const auto at = [&](double part) {
    return taken[static_cast<std::size_t>(part * static_cast<double>(taken.size() - 1))] * 1e6;
  };
  state.counters["p50_us"] = at(0.5);
  state.counters["p99_us"] = at(0.99);
  state.SetItemsProcessed(state.iterations());
}

/// Sends back what comes, with nothing around Beast.
class RawEcho {
 public:
  explicit RawEcho(Tcp::socket socket) : stream_{std::move(socket)} {
    stream_.accept();
    read();
  }

 private:
  void read() {
    stream_.async_read(buffer_, [this](const boost::system::error_code& error, std::size_t) {
      if (!error) write();
    });
  }
  void write() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.cdata(),
                        [this](const boost::system::error_code& error, std::size_t) {
                          buffer_.clear();
                          if (!error) read();
                        });
  }

  RawStream stream_;
  beast::flat_buffer buffer_;
};

/// How long does a message take through bare Beast to a server and back, both sides polling?
void raw_websocket_echo(benchmark::State& state) {
  asio::io_context io;
  asio::io_context server_io;
  Tcp::acceptor acceptor{server_io, {asio::ip::address_v4::loopback(), 0}};
  RawStream stream{io};
  stream.next_layer().connect(acceptor.local_endpoint());
  stream.next_layer().set_option(Tcp::no_delay{true});
  std::optional<RawEcho> echo;
  std::thread accepting{[&] {
    auto socket = acceptor.accept();
    socket.set_option(Tcp::no_delay{true});
    echo.emplace(std::move(socket));
  }};
  stream.handshake("localhost", "/");
  accepting.join();
  const auto work = asio::make_work_guard(io);
  const auto server_work = asio::make_work_guard(server_io);
  stream.text(true);

  const std::string message(kMessageBytes, 'q');
  beast::flat_buffer buffer;
  std::size_t answers = 0;
  std::function<void()> read = [&] {
    stream.async_read(buffer, [&](const boost::system::error_code& error, std::size_t) {
      if (error) return;
      buffer.clear();
      ++answers;
      read();
    });
  };
  read();
  {
    const PollingThread server{server_io};
    measure(
        state, io,
        [&] {
          stream.async_write(asio::buffer(message),
                             [](const boost::system::error_code&, std::size_t) {});
        },
        answers);
  }
  stream.next_layer().close();
  io.poll();
}
BENCHMARK(raw_websocket_echo)->Name("raw/websocket_echo")->UseRealTime();

/// How long does the same message take through our port and our server?
void net_websocket_echo(benchmark::State& state) {
  asio::io_context io;
  asio::io_context server_io;
  const auto work = asio::make_work_guard(io);
  const auto server_work = asio::make_work_guard(server_io);
  std::unique_ptr<net::WebSocketConnection> server_end;
  auto server = *net::HttpServer::listen(
      server_io, {},
      {.on_request = {}, .on_upgrade = [&](const auto&, net::WebSocketUpgrade upgrade) {
         server_end =
             upgrade.accept({.on_message = [&](net::MessageKind kind, std::string_view bytes) {
               if (!server_end->send(kind, bytes)) std::abort();
             }});
       }});
  auto transport = *net::BeastWebSocketTransport::create(io);
  const std::string message(kMessageBytes, 'q');
  std::size_t answers = 0;
  bool is_open = false;
  auto connection = transport->connect(
      {.url = "ws://127.0.0.1:" + std::to_string(server->port())},
      {.on_open = [&] { is_open = true; }, .on_message = [&](auto, auto) { ++answers; }});
  {
    const PollingThread polling{server_io};
    while (!is_open) io.poll();
    measure(
        state, io,
        [&] {
          if (!connection->send(net::MessageKind::Text, message)) std::abort();
        },
        answers);
  }
  connection.reset();
  server_end.reset();
  server.reset();
  io.poll();
  server_io.poll();
}
BENCHMARK(net_websocket_echo)->Name("net/websocket_echo")->UseRealTime();

}  // namespace
}  // namespace st0ck::benchmarks
