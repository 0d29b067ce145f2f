#include "st0ck/net/curl_transport.hpp"

#include "curl_stage.hpp"
#include "scripted_http_server.hpp"
#include "st0ck/net/asio_scheduler.hpp"
#include "st0ck/net/http_pool.hpp"

#include <boost/crc.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace st0ck::net::test {
namespace {

using namespace std::chrono_literals;
using Then = ScriptedReply::Then;
using CurlTransportTest = CurlStage;

ScriptedHttpServer::Script always(ScriptedReply answer) {
  return [answer = std::move(answer)](const ReceivedRequest&) { return answer; };
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// One gzip member (RFC 1952) of one stored block: the layer's tests have no zlib.
std::string gzipped(std::string_view text) {
  const auto little_endian = [](std::uint32_t number, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i) & 0xffU);
    return out;
  };
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  const auto size = static_cast<std::uint32_t>(text.size());
  return std::string{"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01", 11} + little_endian(size, 2) +
         little_endian(~size, 2) + std::string{text} + little_endian(crc.checksum(), 4) +
         little_endian(size, 4);
}

TEST_F(CurlTransportTest, BringsStatusHeadersAndBody) {
  ScriptedHttpServer server{io_, always(reply(201, "made", "X-Request-Id: 7\r\n"))};

  const auto result = fetch({.url = server.url("/v2/orders?limit=1")});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 201);
  EXPECT_EQ(result->headers.find("x-request-id"), "7");
  EXPECT_EQ(result->body, "made");
  EXPECT_FALSE(result->is_reused);
  EXPECT_TRUE(server.requests().at(0).head.starts_with("GET /v2/orders?limit=1 HTTP/1.1\r\n"));
}

TEST_F(CurlTransportTest, SendsMethodHeadersAndBodyAsTheyAreGiven) {
  ScriptedHttpServer server{io_, always(reply(200, ""))};
  const std::string body(5000, 'x');

  for (const auto method : {HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch}) {
    ASSERT_TRUE(fetch({.method = method,
                       .url = server.url(),
                       .headers = {{"Content-Type", "application/json"}, {"Empty", ""}},
                       .body = body}));
  }
  ASSERT_TRUE(fetch({.method = HttpMethod::Delete, .url = server.url()}));
  ASSERT_TRUE(fetch({.method = HttpMethod::Post, .url = server.url()}));

  std::string methods;
  for (const auto& request : server.requests()) {
    methods += request.head.substr(0, request.head.find(' ') + 1);
    EXPECT_FALSE(has(request.head, "Expect:"));
  }
  EXPECT_EQ(methods, "POST PUT PATCH DELETE POST ");
  EXPECT_EQ(server.requests()[0].body, body);
  EXPECT_TRUE(has(server.requests()[0].head, "Content-Type: application/json\r\n"));
  EXPECT_TRUE(has(server.requests()[0].head, "Empty:\r\n"));
  EXPECT_TRUE(has(server.requests()[4].head, "Content-Length: 0\r\n"));
  EXPECT_FALSE(has(server.requests()[4].head, "Content-Type"));
}

TEST_F(CurlTransportTest, AnswersAHeadRequestWithoutWaitingForABody) {
  ScriptedHttpServer server{io_, always({"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"})};

  const auto result = fetch({.method = HttpMethod::Head, .url = server.url()});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->headers.find("content-length"), "900");
  EXPECT_EQ(result->body, "");
}

TEST_F(CurlTransportTest, UsesAConnectionAgain) {
  ScriptedHttpServer server{io_, always(reply(200, "a"))};

  const auto first = fetch({.url = server.url()});
  const auto second = fetch({.method = HttpMethod::Post, .url = server.url(), .body = "b"});

  ASSERT_TRUE(first && second);
  EXPECT_FALSE(first->is_reused);
  EXPECT_TRUE(second->is_reused);
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(transport_->connections_open(), 1U);
}

TEST_F(CurlTransportTest, ReadsGzipAndChunks) {
  const std::string packed = gzipped("the whole body");
  const auto chunked = [&](std::string_view bytes) {
    return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
  };
  ScriptedHttpServer server{
      io_,
      always({"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" +
              chunked(std::string_view{packed}.substr(0, 5)) +
              chunked(std::string_view{packed}.substr(5)) + "0\r\nTrailer: x\r\n\r\n"})};

  const auto result = fetch({.url = server.url()});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "the whole body");
  EXPECT_EQ(result->headers.find("Trailer"), std::nullopt);
  EXPECT_TRUE(has(server.requests().at(0).head, "Accept-Encoding: gzip\r\n"));
}

TEST_F(CurlTransportTest, TellsARedirectAndDoesNotFollowIt) {
  ScriptedHttpServer server{io_, always(reply(302, "", "Location: /elsewhere\r\n"))};

  const auto result = fetch({.url = server.url()});

  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 302);
  EXPECT_EQ(result->headers.find("location"), "/elsewhere");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(CurlTransportTest, DropsTheHeadersOfAnInterimAnswer) {
  ScriptedHttpServer server{
      io_, always({"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + reply(200, "b").bytes})};

  const auto result = fetch({.url = server.url()});

  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->headers.find("Link"), std::nullopt);
}

TEST_F(CurlTransportTest, RefusesALongBodyHoweverItIsToldOrPacked) {
  use({.response_size_max = 1000, .header_size_max = 300});
  const std::string packed = gzipped(std::string(1001, 'x'));
  const std::vector<std::pair<std::string, ScriptedReply>> cases{
      {"with a length", reply(200, std::string(1001, 'x'))},
      {"until the end", {"HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), Then::Close}},
      {"packed", reply(200, packed, "Content-Encoding: gzip\r\n")},
      {"in the header", reply(200, "", "A: " + std::string(300, 'x') + "\r\n")},
  };
  for (const auto& [name, answer] : cases) {
    SCOPED_TRACE(name);
    ScriptedHttpServer server{io_, always(answer)};

    const auto result = fetch({.url = server.url("/big?key=secret")});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, HttpFailureKind::TooLarge);
    EXPECT_TRUE(result.error().may_have_reached());
    EXPECT_EQ(result.error().message,
              "GET " + server.url("/big") +
                  ": the answer is longer than allowed: 300 bytes of header, 1000 of body");
  }
  ScriptedHttpServer server{io_, always(reply(200, std::string(1000, 'x')))};
  EXPECT_TRUE(fetch({.url = server.url()}));
}

TEST_F(CurlTransportTest, CallsARefusedConnectionNotSent) {
  std::string url;
  {
    const ScriptedHttpServer server{io_, {}};
    url = server.url();
  }

  const auto result = fetch({.method = HttpMethod::Post, .url = url, .body = "order"});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, HttpFailureKind::NotSent);
  EXPECT_TRUE(result.error().message.starts_with("POST " + url + ": not sent: Failed to connect"))
      << result.error().message;
  EXPECT_EQ(transport_->connections_open(), 0U);
}

TEST_F(CurlTransportTest, CallsANameThatDoesNotExistNotSent) {
  const auto result = fetch({.url = "http://no-such-host.invalid/"});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, HttpFailureKind::NotSent);
  EXPECT_TRUE(has(result.error().message, "no-such-host.invalid")) << result.error().message;
}

TEST_F(CurlTransportTest, CallsWhatEndsAfterSendingNoAnswer) {
  const std::string half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
  const std::vector<std::pair<std::string, ScriptedReply>> cases{
      {"a stall", {"", Then::KeepOpen}},
      {"a stall in the body", {half, Then::KeepOpen}},
      {"a close", {"", Then::Close}},
      {"a close in the body", {half, Then::Close}},
      {"a reset", {"", Then::Reset}},
      {"a reset in the body", {half, Then::Reset}},
      {"a broken chunk",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Then::Close}},
      {"broken gzip", reply(200, "not gzip at all", "Content-Encoding: gzip\r\n")},
      {"what is no HTTP", {"SSH-2.0-OpenSSH_9.2\r\n\r\n", Then::Close}},
  };
  for (const auto& [name, answer] : cases) {
    SCOPED_TRACE(name);
    ScriptedHttpServer server{io_, always(answer)};
    const bool is_stall = name.starts_with("a stall");

    const auto result = fetch({.method = HttpMethod::Post,
                               .url = server.url(),
                               .body = "order",
                               .timeout = is_stall ? 30ms : 10s});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, HttpFailureKind::NoAnswer) << result.error().message;
    EXPECT_EQ(result.error().is_timeout, is_stall);
    EXPECT_TRUE(result.error().message.ends_with("; it may have reached the server"));
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST_F(CurlTransportTest, SendsNothingTwiceWhenAUsedConnectionCloses) {
  for (const auto method : {HttpMethod::Post, HttpMethod::Get}) {
    for (const auto then : {Then::Close, Then::Reset}) {
      int answered = 0;
      ScriptedHttpServer server{io_, [&](const ReceivedRequest&) {
                                  return ++answered == 1 ? reply(200, "") : ScriptedReply{"", then};
                                }};
      ASSERT_TRUE(fetch({.url = server.url()}));

      const auto result = fetch({.method = method, .url = server.url()});

      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().kind, HttpFailureKind::NoAnswer) << result.error().message;
      EXPECT_EQ(server.requests().size(), 2U);
    }
  }
}

TEST_F(CurlTransportTest, OpensANewConnectionWhereTheServerHasClosedTheIdleOne) {
  ScriptedHttpServer server{io_, [](const ReceivedRequest&) {
                              ScriptedReply answer = reply(200, "");
                              answer.then = Then::Close;  // Without having said so.
                              return answer;
                            }};
  ASSERT_TRUE(fetch({.url = server.url()}));

  const auto second = fetch({.method = HttpMethod::Post, .url = server.url()});

  ASSERT_TRUE(second) << second.error().message;
  EXPECT_FALSE(second->is_reused);
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(CurlTransportTest, RefusesRequestsThatCannotBeSent) {
  const std::vector<HttpRequest> requests{
      {.url = "ftp://127.0.0.1/"},
      {.url = "127.0.0.1/"},
      {.url = "http://"},
      {.url = "http://127.0.0.1:99999/"},
      {.url = "http://127.0.0.1/a b"},
      {.url = "http://127.0.0.1/", .headers = {{"A", "b\r\nInjected: c"}}},
      {.url = "http://127.0.0.1/", .headers = {{"A: b", "c"}}},
      {.url = "http://127.0.0.1/", .headers = {{"", "c"}}},
  };
  for (const auto& request : requests) {
    const auto result = fetch(request);

    ASSERT_FALSE(result) << request.url;
    EXPECT_EQ(result.error().kind, HttpFailureKind::Invalid) << result.error().message;
    EXPECT_FALSE(result.error().may_have_reached());
  }
}

TEST_F(CurlTransportTest, TakesNoMoreCallsThanAllowed) {
  use({.calls_max = 1});
  ScriptedHttpServer server{io_, always(reply(200, ""))};
  std::string answered;
  transport_->send({.url = server.url()}, [&](const HttpResult& result) {
    answered += result ? "first sent," : "first not sent,";
  });
  transport_->send({.url = server.url()}, [&](const HttpResult& result) {
    answered += result ? "second sent," : "second not sent,";
  });
  EXPECT_EQ(answered, "");

  ASSERT_TRUE(run_until(io_, [&] { return answered.size() > 25; }));

  EXPECT_EQ(answered, "second not sent,first sent,");
}

TEST_F(CurlTransportTest, AnswersACancelledCallByHowFarItHadCome) {
  ScriptedHttpServer server{io_, always({})};
  std::vector<HttpFailureKind> kinds;
  const auto note = [&](const HttpResult& result) { kinds.push_back(result.error().kind); };

  const auto unsent = transport_->send({.url = server.url()}, note);
  transport_->cancel(unsent);
  EXPECT_TRUE(kinds.empty());
  ASSERT_TRUE(run_until(io_, [&] { return kinds.size() == 1; }));
  const auto sent = transport_->send({.url = server.url()}, note);
  ASSERT_TRUE(run_until(io_, [&] { return server.requests().size() == 1; }));
  transport_->cancel(sent);
  transport_->cancel(sent);
  ASSERT_TRUE(run_until(io_, [&] { return kinds.size() == 2; }));

  EXPECT_EQ(kinds, (std::vector{HttpFailureKind::NotSent, HttpFailureKind::NoAnswer}));
  EXPECT_EQ(transport_->connections_open(), 0U);
}

TEST_F(CurlTransportTest, MayBeDestroyedInAnAnswerAndAnswersNothingThen) {
  ScriptedHttpServer server{io_, always(reply(200, ""))};
  int answers = 0;
  for (int i = 0; i < 5; ++i) {
    transport_->send({.url = server.url()}, [&](const HttpResult&) {
      ++answers;
      transport_.reset();
    });
  }
  ASSERT_TRUE(run_until(io_, [&] { return answers > 0; }));

  bool is_later = false;
  AsioScheduler scheduler{io_};
  scheduler.call_after(20ms, [&] { is_later = true; });
  ASSERT_TRUE(run_until(io_, [&] { return is_later; }));

  EXPECT_EQ(answers, 1);
}

TEST_F(CurlTransportTest, SendsFromWithinAnAnswer) {
  ScriptedHttpServer server{io_, always(reply(200, ""))};
  int answers = 0;
  std::function<void(HttpResult)> again = [&](const HttpResult& result) {
    ASSERT_TRUE(result);
    if (++answers < 50) transport_->send({.url = server.url()}, again);
  };
  transport_->send({.url = server.url()}, again);

  ASSERT_TRUE(run_until(io_, [&] { return answers == 50; }));

  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(CurlTransportTest, CarriesAHundredRequestsOverThreeConnectionsOfAPool) {
  ScriptedHttpServer server{
      io_, [](const ReceivedRequest& request) { return reply(200, request.head.substr(5, 3)); }};
  AsioScheduler scheduler{io_};
  HttpPool pool{scheduler, *transport_, {.name = "data", .connections = 3}};
  std::set<std::string> bodies;
  for (int i = 100; i < 200; ++i) {
    pool.send({.url = server.url(fmt::format("/{}", i))}, HttpPriority::Data,
              [&](const HttpResult& result) {
                ASSERT_TRUE(result) << result.error().message;
                bodies.insert(result->body);
              });
  }
  EXPECT_EQ(pool.stats().in_use, 3U);
  EXPECT_EQ(pool.stats().waiting, 97U);

  ASSERT_TRUE(run_until(io_, [&] { return bodies.size() == 100; }));

  EXPECT_EQ(server.connections(), 3U);
  EXPECT_EQ(pool.stats().open, 3U);
  EXPECT_EQ(pool.stats().idle, 3U);
  EXPECT_EQ(pool.stats().reused, 97U);
  EXPECT_EQ(pool.stats().failures, 0U);
  EXPECT_TRUE(pool.stats().latency_p50 <= pool.stats().latency_p99);
}

}  // namespace
}  // namespace st0ck::net::test
