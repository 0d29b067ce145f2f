#include "st0ck/net/memory_http_transport.hpp"

#include "st0ck/net/simulated_scheduler.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;
using Kind = HttpFault::Kind;

class MemoryHttpTransportTest : public ::testing::Test {
 protected:
  HttpCallId send(HttpRequest request = {.url = "http://memory/"}) {
    return transport_->send(std::move(request), [this](const HttpResult& result) {
      log_ += fmt::format("{}@{}ms ", result ? result->body : name_of(result.error().kind),
                          scheduler_.elapsed() / 1ms);
      result_ = result;
    });
  }

  SimulatedScheduler scheduler_;
  std::optional<MemoryHttpTransport> transport_{
      std::in_place, scheduler_, [](const HttpRequest& request) {
        return HttpResponse{.status = 200, .body = request.body + "ok"};
      }};
  std::string log_;
  std::optional<HttpResult> result_;
};

TEST_F(MemoryHttpTransportTest, AnswersByTheServerAfterBothLatencies) {
  send({.method = HttpMethod::Post, .url = "http://memory/", .body = "it is "});
  EXPECT_EQ(log_, "");

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "it is ok@20ms ");
}

TEST_F(MemoryHttpTransportTest, DoesWhatEachFaultSays) {
  struct Case {
    HttpFault fault;
    std::string log;
    std::uint64_t seen = 0;
    bool is_timeout = false;
  };
  const std::vector<Case> cases{
      {{}, "ok@20ms ", 1},
      {{.kind = Kind::Refused}, "NotSent@20ms ", 0},
      {{.kind = Kind::BadCertificate}, "Tls@20ms ", 0},
      {{.kind = Kind::LostRequest}, "NoAnswer@10000ms ", 0, true},
      {{.kind = Kind::LostAnswer}, "NoAnswer@10000ms ", 1, true},
      {{.kind = Kind::LateAnswer, .delay = 3s}, "ok@3020ms ", 1},
      {{.kind = Kind::LateAnswer, .delay = 30s}, "NoAnswer@10000ms ", 1, true},
      {{.kind = Kind::Answer, .answer = {.status = 503, .body = "busy"}}, "busy@20ms ", 0},
      {{.kind = Kind::FalseAnswer, .answer = {.status = 504, .body = "late"}}, "late@20ms ", 1},
      {{.kind = Kind::TruncatedBody}, "NoAnswer@20ms ", 1},
  };
  for (const auto& expected : cases) {
    SimulatedScheduler scheduler;
    MemoryHttpTransport transport{
        scheduler, [](const HttpRequest&) { return HttpResponse{.status = 200, .body = "ok"}; }};
    transport.add_fault(expected.fault);
    std::string log;
    bool is_timeout = false;

    transport.send({.url = "http://memory/"}, [&](const HttpResult& result) {
      log += fmt::format("{}@{}ms ", result ? result->body : name_of(result.error().kind),
                         scheduler.elapsed() / 1ms);
      is_timeout = !result && result.error().is_timeout;
    });
    scheduler.run_for(60s);

    EXPECT_EQ(log, expected.log);
    EXPECT_EQ(transport.requests_seen(), expected.seen) << expected.log;
    EXPECT_EQ(is_timeout, expected.is_timeout) << expected.log;
  }
}

TEST_F(MemoryHttpTransportTest, AsksThePlanWhereNoFaultWasAdded) {
  transport_->set_fault_plan([](const HttpRequest& request) {
    return HttpFault{.kind = request.method == HttpMethod::Post ? Kind::Refused : Kind::None};
  });
  transport_->add_fault({.kind = Kind::TruncatedBody});

  send();
  send({.method = HttpMethod::Post, .url = "http://memory/"});
  send();
  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "NoAnswer@20ms NotSent@20ms ok@20ms ");
}

TEST_F(MemoryHttpTransportTest, KeepsConnectionsThatWorkedOpen) {
  send();
  send();
  EXPECT_EQ(transport_->connections_open(), 2U);
  scheduler_.run_for(1s);
  EXPECT_FALSE(result_->value().is_reused);

  send();
  scheduler_.run_for(1s);

  EXPECT_TRUE(result_->value().is_reused);
  EXPECT_EQ(transport_->connections_open(), 2U);
}

TEST_F(MemoryHttpTransportTest, RefusesAnAnswerThatIsTooLong) {
  transport_.emplace(
      scheduler_,
      [](const HttpRequest&) { return HttpResponse{.status = 200, .body = "too long"}; },
      MemoryHttpSettings{.response_size_max = 7});

  send();
  scheduler_.run_for(1s);

  EXPECT_EQ(result_->error().kind, HttpFailureKind::TooLarge);
}

TEST_F(MemoryHttpTransportTest, AnswersACancelledCallOnceAndNotInsideTheCall) {
  const auto call = send();
  transport_->cancel(call);
  transport_->cancel(call);
  EXPECT_EQ(log_, "");

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "NoAnswer@0ms ");
}

TEST_F(MemoryHttpTransportTest, MayBeDestroyedInAnAnswer) {
  int answers = 0;
  for (int i = 0; i < 3; ++i) {
    transport_->send({.url = "http://memory/"}, [&](const HttpResult&) {
      ++answers;
      transport_.reset();
    });
  }

  scheduler_.run_for(60s);

  EXPECT_EQ(answers, 1);
}

}  // namespace
}  // namespace st0ck::net
