// The server against plain sockets, which send what no library would.

#include "st0ck/net/http_server.hpp"

#include "net/loopback.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace st0ck::net {
namespace {

using loopback::RawSocket;
using loopback::run_dry;
using loopback::run_until;
using std::chrono::milliseconds;

class HttpServerOnLoopback : public testing::Test {
 protected:
  HttpServerSettings settings;
  boost::asio::io_context io;
  std::vector<ServerRequest> requests;
  std::vector<Responder> waiting;
  std::unique_ptr<HttpServer> server;

  void SetUp() override { settings.close_deadline = milliseconds{50}; }

  void start() {
    auto listening =
        HttpServer::listen(io, settings, {.on_request = [this](const auto& request, auto respond) {
                             requests.push_back(request);
                             answer(request, respond);
                           }});
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }

  void answer(const ServerRequest& request, const Responder& respond) {
    const std::string& path = request.target.path;
    if (path == "/later") return waiting.push_back(respond);
    if (path == "/never") return;
    if (path == "/cut") return respond({.delivery = ServerDelivery::Cut});
    if (path == "/hang") return respond({.delivery = ServerDelivery::Hang});
    if (path == "/large") return respond({.body = std::string(100'000, 'x')});
    if (path == "/none") return respond({.status = 204});
    if (path == "/bad") return respond({.headers = {{"x", "a\r\nb: c"}}});
    respond({.body = path + '!' + request.body, .headers = {{"X-Peer", request.peer}}});
  }

  RawSocket connect(const std::string& bytes) {
    auto socket = RawSocket::to(server->port());
    socket.send(bytes);
    return socket;
  }

  bool wait_for(RawSocket& socket, const std::string& text) {
    return run_until(io, [&] { return socket.has(text) || socket.is_closed(); }) &&
           socket.has(text);
  }

  bool wait_for_end(RawSocket& socket) {
    return run_until(io, [&] { return socket.is_closed(); });
  }

  /// All that a socket gets for these bytes until the server ends it.
  std::string answer_to(const std::string& bytes) {
    if (!server) start();
    auto socket = connect(bytes);
    EXPECT_TRUE(wait_for_end(socket)) << bytes.substr(0, 100);
    return socket.received();
  }
};

std::string get(const std::string& target, const std::string& fields = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

const std::string kClose = "Connection: close\r\n";
const std::string kHalf = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf";

TEST_F(HttpServerOnLoopback, AnswersAndKeepsTheConnection) {
  start();
  auto socket = connect(get("/v2/a%20b?symbols=AAPL%2CMSFT"));
  ASSERT_TRUE(wait_for(socket, "/v2/a b!"));
  EXPECT_TRUE(socket.received().starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(socket.has("Content-Type: application/json\r\n"));
  EXPECT_TRUE(socket.has("Content-Length: 8\r\n"));
  EXPECT_TRUE(socket.has("X-Peer: 127.0.0.1\r\n"));
  EXPECT_EQ(requests[0].target.find("symbols"), "AAPL,MSFT");
  socket.forget();

  socket.send("POST /orders HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n{\"a\"}");
  ASSERT_TRUE(wait_for(socket, "/orders!{\"a\"}"));

  EXPECT_EQ(requests[1].method, "POST");
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(HttpServerOnLoopback, AnswersPipelinedRequestsInTheirOrder) {
  start();
  auto socket = connect(get("/later") + get("/two") + get("/three"));
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));
  EXPECT_EQ(requests.size(), 1u) << "one after the other";

  waiting[0]({.body = "one"});
  ASSERT_TRUE(wait_for(socket, "/three!"));

  const std::string& all = socket.received();
  EXPECT_LT(all.find("one"), all.find("/two!"));
  EXPECT_LT(all.find("/two!"), all.find("/three!"));
}

TEST_F(HttpServerOnLoopback, TakesARequestByteByByte) {
  start();
  auto socket = connect("");
  for (const char c : "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab") {
    if (c == '\0') break;
    socket.send({&c, 1});
    io.poll();
  }

  EXPECT_TRUE(wait_for(socket, "/slow!ab"));
}

TEST_F(HttpServerOnLoopback, TakesAChunkedBody) {
  start();
  auto socket = connect(
      "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n");

  EXPECT_TRUE(wait_for(socket, "/c!abcde"));
}

TEST_F(HttpServerOnLoopback, AsksForABodyThatWaitsForIt) {
  start();
  auto socket = connect(
      "POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
      "Content-Length: 2\r\n\r\n");
  ASSERT_TRUE(wait_for(socket, "100 Continue\r\n\r\n"));
  socket.send("ab");

  EXPECT_TRUE(wait_for(socket, "/e!ab"));
}

TEST_F(HttpServerOnLoopback, AnswersHeadLikeGetWithoutTheBody) {
  const auto answer = answer_to("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

  EXPECT_EQ(requests[0].method, "GET");
  EXPECT_NE(answer.find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(HttpServerOnLoopback, EndsTheConnectionWhenAsked) {
  EXPECT_NE(answer_to(get("/x", kClose)).find("Connection: close"), std::string::npos);
  EXPECT_TRUE(answer_to("GET /old HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200"));
  EXPECT_TRUE(run_until(io, [&] { return server->connections() == 0; }));
}

TEST_F(HttpServerOnLoopback, PacksLargeAnswersForThoseWhoTakeThem) {
  const auto packed = answer_to(get("/large", kClose + "Accept-Encoding: gzip\r\n"));
  const auto plain = answer_to(get("/large", kClose));
  const auto small = answer_to(get("/x", kClose + "Accept-Encoding: gzip\r\n"));

  EXPECT_NE(packed.find("Content-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_NE(packed.find("Vary: Accept-Encoding\r\n"), std::string::npos);
  EXPECT_LT(packed.size(), 5000u);
  EXPECT_GT(plain.size(), 100'000u);
  EXPECT_EQ(small.find("Content-Encoding"), std::string::npos);
}

TEST_F(HttpServerOnLoopback, SendsNoBodyWhereNoneMayBe) {
  const auto answer = answer_to(get("/none", kClose));

  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204 No Content\r\n"));
  EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
}

TEST_F(HttpServerOnLoopback, SendsNoHeaderThatWouldBeTwo) {
  const auto answer = answer_to(get("/bad", kClose));

  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500"));
  EXPECT_EQ(answer.find("b: c"), std::string::npos);
}

TEST_F(HttpServerOnLoopback, Says500WhenAHandlerForgetsToAnswer) {
  EXPECT_TRUE(answer_to(get("/never", kClose)).starts_with("HTTP/1.1 500"));
}

TEST_F(HttpServerOnLoopback, TakesTheFirstAnswerOnly) {
  start();
  auto socket = connect(get("/later") + get("/later"));
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));
  waiting[0]({.body = "first"});
  waiting[0]({.body = "again"});
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 2; }));
  waiting[0]({.body = "again"});
  waiting[1]({.body = "second"});

  ASSERT_TRUE(wait_for(socket, "second"));
  EXPECT_FALSE(socket.has("again"));
}

TEST_F(HttpServerOnLoopback, RefusesWhatItCannotRead) {
  settings.header_max = core::kibibytes(1);
  settings.body_max = {100};
  const std::string head = "GET / HTTP/1.1\r\nHost: h\r\n";
  const std::pair<std::string, int> cases[] = {
      {"garbage\r\n\r\n", 400},
      {std::string("\x16\x03\x01\x02\x00\x01", 6) + "\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505},
      {head + "Bad Name: x\r\n\r\n", 400},
      {head + "Content-Length: x\r\n\r\n", 400},
      {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
      {head + "Content-Length: 101\r\n\r\n", 413},
      {head + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x'), 413},
      {head + "X: " + std::string(2000, 'x') + "\r\n\r\n", 431},
      {head + "X: " + std::string(100'000, 'x'), 431},
  };
  for (const auto& [bytes, status] : cases) {
    const auto answer = answer_to(bytes);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(status)))
        << bytes.substr(0, 80) << "\ngot " << answer;
  }
  EXPECT_TRUE(requests.empty());
  EXPECT_TRUE(run_until(io, [&] { return server->connections() == 0; }));
}

TEST_F(HttpServerOnLoopback, RefusesInItsOwnersWords) {
  server = *HttpServer::listen(
      io, settings, {.on_request = {}, .on_refusal = [](int status, std::string_view why) {
                       return ServerResponse{.status = 200,
                                             .body = fmt::format(R"([{},"{}"])", status, why)};
                     }});

  const auto answer = answer_to("GET / HTTP/1.1\r\n\r\n");

  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
  EXPECT_NE(answer.find("Content-Type: application/json"), std::string::npos) << answer;
  EXPECT_NE(answer.find(R"([400,"a request has exactly one Host field"])"), std::string::npos)
      << answer;
}

TEST_F(HttpServerOnLoopback, RefusesAWebSocketWhereItHasNone) {
  start();
  auto socket = connect(loopback::upgrade_request("/"));

  EXPECT_TRUE(wait_for(socket, "HTTP/1.1 404"));
}

TEST_F(HttpServerOnLoopback, AnswersWithoutAHandler) {
  server = *HttpServer::listen(io, settings, {});

  EXPECT_TRUE(answer_to(get("/", kClose)).starts_with("HTTP/1.1 404"));
}

TEST_F(HttpServerOnLoopback, EndsConnectionsThatDoNotAsk) {
  settings.idle_deadline = milliseconds{10};

  EXPECT_EQ(answer_to(""), "");
  EXPECT_TRUE(answer_to("GET / HT").starts_with("HTTP/1.1 408"));
}

TEST_F(HttpServerOnLoopback, EndsRequestsThatStopHalfWay) {
  settings.body_deadline = milliseconds{10};

  EXPECT_TRUE(answer_to(kHalf).starts_with("HTTP/1.1 408"));
}

TEST_F(HttpServerOnLoopback, ForgetsRequestsWhoseClientIsGone) {
  start();
  auto gone = connect(kHalf);
  gone.end_sending();
  EXPECT_TRUE(wait_for_end(gone));
  EXPECT_EQ(gone.received(), "");
}

TEST_F(HttpServerOnLoopback, AnswersForAHandlerThatTakesTooLong) {
  settings.answer_deadline = milliseconds{10};
  start();
  auto socket = connect(get("/later"));

  ASSERT_TRUE(wait_for(socket, "HTTP/1.1 503"));
  waiting[0]({.body = "too late"});
  socket.send(get("/next"));
  ASSERT_TRUE(wait_for(socket, "/next!"));
  EXPECT_FALSE(socket.has("too late"));
}

TEST_F(HttpServerOnLoopback, CutsAConnectionInsteadOfAnAnswer) {
  EXPECT_EQ(answer_to(get("/cut")), "");
}

TEST_F(HttpServerOnLoopback, HangsOnOneConnectionUntilItStops) {
  settings.answer_deadline = settings.idle_deadline = milliseconds{10};
  start();
  auto hanging = connect(get("/hang") + get("/behind"));
  auto other = connect(get("/x"));
  ASSERT_TRUE(wait_for(other, "/x!"));
  ASSERT_TRUE(wait_for_end(other)) << "whose deadline is that of the first one too";

  EXPECT_FALSE(hanging.is_closed());
  EXPECT_EQ(requests.size(), 2U) << "nothing behind it was read";
  server->stop();
  ASSERT_TRUE(wait_for_end(hanging));
  EXPECT_EQ(hanging.received(), "");
}

TEST_F(HttpServerOnLoopback, EndsConnectionsThatDoNotReadTheirAnswers) {
  settings.write_deadline = milliseconds{20};
  settings.gzip_min = {0};
  start();
  std::string many;
  for (int i = 0; i < 300; ++i) many += get("/large");
  auto socket = connect(many);

  EXPECT_TRUE(run_until(io, [&] { return !requests.empty() && server->connections() == 0; }));
}

TEST_F(HttpServerOnLoopback, RefusesMoreConnectionsThanItMayHave) {
  settings.connections_max = 1;
  start();
  auto first = connect("");
  ASSERT_TRUE(run_until(io, [&] { return server->connections() == 1; }));

  auto second = connect("");
  EXPECT_TRUE(wait_for(second, "503 Service Unavailable"));
  first.send(get("/x", kClose));
  EXPECT_TRUE(wait_for(first, "/x!"));
}

TEST_F(HttpServerOnLoopback, RefusesMoreRequestsASecondThanAPeerMayMake) {
  settings.requests_per_second_max = 2;
  start();
  std::string many;
  for (int i = 0; i < 7; ++i) many += get("/x");
  auto socket = connect(many);

  // Even where the second changes in between, seven are too many.
  ASSERT_TRUE(wait_for_end(socket));
  EXPECT_TRUE(socket.has("HTTP/1.1 429"));
  EXPECT_TRUE(socket.has("Retry-After: 1"));
}

TEST_F(HttpServerOnLoopback, LetsWhatIsBeingAnsweredEndWhenItStops) {
  start();
  auto busy = connect(get("/later"));
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));
  auto idle = connect("");
  ASSERT_TRUE(run_until(io, [&] { return server->connections() == 2; }));

  server->stop();
  waiting[0]({.body = "the last"});

  EXPECT_TRUE(wait_for_end(busy));
  EXPECT_TRUE(busy.has("the last"));
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(run_dry(io));
}

TEST_F(HttpServerOnLoopback, WaitsForNoHandlerForeverWhenItStops) {
  start();
  auto busy = connect(get("/later"));
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));

  server->stop();

  EXPECT_TRUE(wait_for_end(busy));
  EXPECT_TRUE(busy.received().starts_with("HTTP/1.1 503"));
  EXPECT_TRUE(run_dry(io));
}

TEST_F(HttpServerOnLoopback, MayBeDestroyedBeforeItsAnswersAndInsideItsHandler) {
  start();
  auto socket = connect(get("/later"));
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));
  server.reset();
  waiting[0]({.body = "to nobody"});
  EXPECT_TRUE(wait_for_end(socket));

  server = *HttpServer::listen(io, settings, {.on_request = [this](const auto&, auto respond) {
                                 server.reset();
                                 respond({});
                               }});
  auto second = connect(get("/"));
  EXPECT_TRUE(wait_for_end(second));
  EXPECT_EQ(second.received(), "");
  EXPECT_TRUE(run_dry(io));
}

TEST_F(HttpServerOnLoopback, NamesTheAddressThatIsInUseOrIsNone) {
  start();
  settings.port = server->port();
  const auto taken = HttpServer::listen(io, settings, {});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, core::Errc::AlreadyExists);
  EXPECT_EQ(taken.error().message, "server 127.0.0.1:" + std::to_string(server->port()) +
                                       ": cannot listen (Address already in use)");

  settings.address = "somewhere";
  EXPECT_EQ(HttpServer::listen(io, settings, {}).error().code, core::Errc::BadInput);
  settings.address = "192.0.2.1";
  EXPECT_EQ(HttpServer::listen(io, settings, {}).error().code, core::Errc::Io);
}

}  // namespace
}  // namespace st0ck::net
