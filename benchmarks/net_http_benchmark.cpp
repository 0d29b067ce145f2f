#include "st0ck/net/curl_transport.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>

namespace st0ck::benchmarks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 44\r\n\r\n"
    R"({"symbol":"SPY","bid":"450.01","ask":"450."})";
constexpr std::size_t kBodySize = 44;

/// A server of one connection after the other on a thread of its own, with blocking reads and
/// writes: the same for both sides, and as little as a server can do.
class LittleServer {
 public:
  LittleServer() : thread_{[this] { serve(); }} {}
  ~LittleServer() {
    is_stopped_ = true;
    boost::system::error_code ignored;
    tcp::socket last{io_};
    last.connect(acceptor_.local_endpoint(), ignored);
    last.close(ignored);
    thread_.join();
  }
  LittleServer(const LittleServer&) = delete;
  LittleServer& operator=(const LittleServer&) = delete;

  tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

 private:
  void serve() {
    boost::system::error_code error;
    while (!is_stopped_) {
      tcp::socket socket{io_};
      acceptor_.accept(socket, error);
      if (error) return;
      socket.set_option(tcp::no_delay{true}, error);
      std::string buffer;
      while (!error) {
        const auto size = asio::read_until(socket, asio::dynamic_buffer(buffer), kHeadEnd, error);
        if (error) break;
        buffer.erase(0, size);
        asio::write(socket, asio::buffer(kAnswer), error);
      }
    }
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> is_stopped_ = false;
  std::thread thread_;
};

/// How long does a round trip over a kept connection take with bare blocking sockets?
void raw_http_echo(benchmark::State& state) {
  LittleServer server;
  asio::io_context io;
  tcp::socket socket{io};
  socket.connect(server.endpoint());
  socket.set_option(tcp::no_delay{true});
  const std::string request = fmt::format(
      "GET /v2/stocks/SPY HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: st0ck\r\n"
      "Accept: */*\r\nAccept-Encoding: gzip\r\n\r\n",
      server.endpoint().port());
  std::string buffer;
  std::size_t bytes = 0;
  for (auto _ : state) {
    asio::write(socket, asio::buffer(request));
    const auto head = asio::read_until(socket, asio::dynamic_buffer(buffer), kHeadEnd);
    const std::size_t whole = head + kBodySize;
    if (buffer.size() < whole) {
      asio::read(socket, asio::dynamic_buffer(buffer),
                 asio::transfer_exactly(whole - buffer.size()));
    }
    bytes += buffer.size() - head;
    buffer.clear();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] =
      static_cast<double>(bytes) -
      static_cast<double>(kBodySize) * static_cast<double>(state.iterations());
}
BENCHMARK(raw_http_echo)->Name("raw/http_echo")->UseRealTime();

/// How long does the same take by the transport, from `send` to the answer?
void net_http_roundtrip(benchmark::State& state) {
  LittleServer server;
  asio::io_context io{1};
  const auto work = asio::make_work_guard(io);
  net::CurlTransport transport{io};
  const std::string url =
      fmt::format("http://127.0.0.1:{}/v2/stocks/SPY", server.endpoint().port());
  std::size_t bytes = 0;
  for (auto _ : state) {
    bool is_answered = false;
    transport.send({.url = url}, [&](const net::HttpResult& result) {
      is_answered = true;
      if (result) bytes += result->body.size();
    });
    while (!is_answered) io.run_one();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["checksum"] =
      static_cast<double>(bytes) -
      static_cast<double>(kBodySize) * static_cast<double>(state.iterations());
}
BENCHMARK(net_http_roundtrip)->Name("net/http_roundtrip")->UseRealTime();

}  // namespace
}  // namespace st0ck::benchmarks
