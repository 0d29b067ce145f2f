#include "benchmarks/bench_support.hpp"
#include "benchmarks/order_path.hpp"
#include "benchmarks/polling_thread.hpp"
#include "st0ck/net/asio_scheduler.hpp"
#include "st0ck/net/beast_web_socket.hpp"
#include "st0ck/net/http_server.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

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
constexpr std::size_t kOrdersWarmUp = 500;

/// How long the line is quiet between two round trips: what a side does once its message has left
/// belongs to none of them.
constexpr std::chrono::microseconds kQuiet{100};

/// Measures one round trip per iteration; `ask` sends, and `answers` counts what has come back.
void measure(benchmark::State& state, asio::io_context& io, const std::function<void()>& ask,
             const std::size_t& answers, std::size_t warm_up = kWarmUp) {
  Percentiles taken{state};
  const auto round_trip = [&] {
    const std::size_t before = answers;
    const auto begin = std::chrono::steady_clock::now();
    ask();
    while (answers == before) io.poll();
    const auto end = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - end < kQuiet) io.poll();
    return end - begin;
  };
  for (std::size_t i = 0; i < warm_up; ++i) round_trip();
  for (auto _ : state) {
    const auto passed = round_trip();
    taken.add(passed);
    state.SetIterationTime(std::chrono::duration<double>(passed).count());
  }
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
BENCHMARK(raw_websocket_echo)->Name("raw/websocket_echo")->UseManualTime();

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
BENCHMARK(net_websocket_echo)->Name("net/websocket_echo")->UseManualTime();

/// How long does a quote take from the far end of a stream through everything to the bytes of an
/// order at that end, both sides polling, nothing synced?
void net_websocket_tick_to_order(benchmark::State& state) {
  asio::io_context market_io;
  asio::io_context io;
  const auto market_work = asio::make_work_guard(market_io);
  const auto work = asio::make_work_guard(io);
  std::unique_ptr<net::WebSocketConnection> data;
  std::unique_ptr<net::WebSocketConnection> orders;
  std::size_t orders_seen = 0;
  auto server = *net::HttpServer::listen(
      market_io, {},
      {.on_request = {}, .on_upgrade = [&](const auto& request, net::WebSocketUpgrade upgrade) {
         if (request.target.path == "/orders") {
           orders = upgrade.accept({.on_message = [&](auto, auto) { ++orders_seen; }});
           return;
         }
         data = upgrade.accept({});
         for (const std::string& frame : greeting())
           if (!data->send(net::MessageKind::Text, frame)) std::abort();
       }});
  const std::string url = "ws://127.0.0.1:" + std::to_string(server->port());
  auto sockets = *net::BeastWebSocketTransport::create(io);
  auto line = sockets->connect({.url = url + "/orders"}, {});
  net::AsioScheduler scheduler{io};
  std::optional<OrderPath> path;
  path.emplace(scheduler, *sockets, url, [&](const std::string& body) {
    if (!line->send(net::MessageKind::Text, body)) std::abort();
  });
  {
    const PollingThread polling{io};
    while (!path->is_streaming() || !orders) market_io.poll();
    std::int64_t quotes = 0;
    std::string frame = quote_frame(SteppingClock::at(quotes));
    measure(
        state, market_io,
        [&] {
          if (!data->send(net::MessageKind::Text, frame)) std::abort();
          frame = quote_frame(SteppingClock::at(++quotes));
        },
        orders_seen, kOrdersWarmUp);
  }
  path.reset();
  line.reset();
  data.reset();
  orders.reset();
  server.reset();
  io.poll();
  market_io.poll();
}
BENCHMARK(net_websocket_tick_to_order)
    ->Name("net/websocket_tick_to_order")
    ->UseManualTime()
    ->Iterations(kOrdersMax - kOrdersWarmUp);

}  // namespace
}  // namespace st0ck::benchmarks
