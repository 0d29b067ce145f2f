#include "st0ck/net/http_client.hpp"

#include "st0ck/net/memory_http_transport.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "wall_clock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;
using Kind = HttpFault::Kind;

class HttpClientTest : public ::testing::Test {
 protected:
  HttpCallId call(HttpCall call) {
    return client_->call(std::move(call), [this](const HttpResult& result) {
      ++answers_;
      result_ = result;
    });
  }

  static HttpCall a_call(HttpMethod method = HttpMethod::Get) {
    return {.request = {.method = method, .url = "http://memory/orders"},
            .is_idempotent = method != HttpMethod::Post};
  }

  SimulatedScheduler scheduler_;
  test::WallClock clock_{scheduler_};
  MemoryHttpTransport transport_{
      scheduler_, [](const HttpRequest&) { return HttpResponse{.status = 200, .body = "ok"}; }};
  RateLimiter limiter_{scheduler_, clock_, {}};
  HttpPool pool_{scheduler_, transport_, {.name = "trading", .connections = 2}};
  std::optional<HttpClient> client_{std::in_place, scheduler_,      clock_,          limiter_,
                                    pool_,         RetrySettings{}, std::uint64_t{1}};
  int answers_ = 0;
  std::optional<HttpResult> result_;
};

TEST_F(HttpClientTest, BringsAnAnswer) {
  call(a_call());
  EXPECT_EQ(answers_, 0);

  scheduler_.run_for(1s);

  ASSERT_EQ(answers_, 1);
  EXPECT_EQ(result_->value().body, "ok");
  EXPECT_EQ(limiter_.stats().used, 1U);
  EXPECT_EQ(client_->calls_open(), 0U);
}

TEST_F(HttpClientTest, TriesAnIdempotentCallAgainThroughTheLimiter) {
  transport_.add_fault({.kind = Kind::Refused});
  transport_.add_fault({.kind = Kind::Answer, .answer = {.status = 503}});

  call(a_call(HttpMethod::Delete));
  scheduler_.run_for(5s);

  ASSERT_EQ(answers_, 1);
  EXPECT_EQ(result_->value().body, "ok");
  EXPECT_EQ(client_->stats().attempts, 3U);
  EXPECT_EQ(client_->stats().retries, 2U);
  EXPECT_EQ(limiter_.stats().permitted, 3U);
  EXPECT_EQ(limiter_.stats().used, 2U);  // The refused one did not count.
}

TEST_F(HttpClientTest, SendsAPostOnceWhateverTheCallerSays) {
  for (const auto kind : {Kind::Refused, Kind::LostAnswer, Kind::TruncatedBody}) {
    transport_.add_fault({.kind = kind});
    auto post = a_call(HttpMethod::Post);
    post.is_idempotent = true;
    call(post);
    scheduler_.run_for(60s);
  }

  EXPECT_EQ(answers_, 3);
  EXPECT_EQ(client_->stats().attempts, 3U);
  EXPECT_EQ(transport_.requests_seen(), 2U);
}

TEST_F(HttpClientTest, DoesNotCallNotSentWhatAnEarlierAttemptMayHaveSent) {
  transport_.add_fault({.kind = Kind::TruncatedBody});
  transport_.add_fault({.kind = Kind::Refused});
  transport_.add_fault({.kind = Kind::Refused});

  call(a_call(HttpMethod::Delete));
  scheduler_.run_for(60s);

  ASSERT_EQ(answers_, 1);
  EXPECT_EQ(result_->error().kind, HttpFailureKind::NoAnswer);
  EXPECT_EQ(result_->error().message,
            "DELETE http://memory/orders: not sent: refused; an earlier attempt may have reached "
            "the server");
}

TEST_F(HttpClientTest, WaitsAfterA429AsLongAsTheServerSays) {
  transport_.add_fault(
      {.kind = Kind::Answer, .answer = {.status = 429, .headers = {{"Retry-After", "12"}}}});

  call(a_call());
  scheduler_.run_until(12s);
  EXPECT_EQ(answers_, 0);
  scheduler_.run_until(13s);

  ASSERT_EQ(answers_, 1);
  EXPECT_EQ(result_->value().body, "ok");
}

TEST_F(HttpClientTest, GivesUpWaitingForTheLimitWithoutSending) {
  RateLimiter narrow{scheduler_, clock_, {.account = {.requests = 1}}};
  client_.emplace(scheduler_, clock_, narrow, pool_, RetrySettings{}, 1U);
  auto entry = a_call(HttpMethod::Post);
  entry.wait_max = 2s;
  call(entry);
  call(entry);

  scheduler_.run_until(3s);

  ASSERT_EQ(answers_, 2);
  EXPECT_EQ(result_->error().kind, HttpFailureKind::NotSent);
  EXPECT_EQ(result_->error().message,
            "POST http://memory/orders: not sent: rate limit: no room within the time that the "
            "request may wait");
  EXPECT_EQ(transport_.requests_seen(), 1U);
}

TEST_F(HttpClientTest, CancelsACallInEachOfItsStates) {
  struct Case {
    std::string name;
    HttpFault fault;
    core::Duration cancelled_after;
    HttpFailureKind kind;
  };
  const std::vector<Case> cases{
      {"on its way", {}, 5ms, HttpFailureKind::NoAnswer},
      {"before a new attempt, refused", {.kind = Kind::Refused}, 50ms, HttpFailureKind::NotSent},
      {"before a new attempt, lost",
       {.kind = Kind::TruncatedBody},
       50ms,
       HttpFailureKind::NoAnswer},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.name);
    transport_.add_fault(expected.fault);
    const int answers_before = answers_;
    const auto id = call(a_call(HttpMethod::Delete));
    scheduler_.run_for(expected.cancelled_after);

    client_->cancel(id);
    client_->cancel(id);
    EXPECT_EQ(answers_, answers_before);
    scheduler_.run_for(60s);

    EXPECT_EQ(answers_, answers_before + 1);
    ASSERT_FALSE(*result_);
    EXPECT_EQ(result_->error().kind, expected.kind) << result_->error().message;
  }
}

TEST_F(HttpClientTest, CancelsACallThatWaitsForTheLimit) {
  RateLimiter narrow{scheduler_, clock_, {.account = {.requests = 1}}};
  client_.emplace(scheduler_, clock_, narrow, pool_, RetrySettings{}, 1U);
  call(a_call());
  const auto waiting = call(a_call(HttpMethod::Delete));

  client_->cancel(waiting);
  client_->cancel(waiting);
  EXPECT_EQ(answers_, 0);
  scheduler_.run_for(0s);

  ASSERT_EQ(answers_, 1);
  EXPECT_EQ(result_->error().kind, HttpFailureKind::NotSent);
  scheduler_.run_for(60s);
  EXPECT_EQ(answers_, 2);
  EXPECT_EQ(transport_.requests_seen(), 1U);
}

TEST_F(HttpClientTest, MayBeDestroyedInAnAnswerAndGivesItsPermitsBack) {
  for (int i = 0; i < 5; ++i) {
    client_->call(a_call(), [this](const HttpResult&) {
      ++answers_;
      client_.reset();
    });
  }

  scheduler_.run_for(100s);

  EXPECT_EQ(answers_, 1);
  EXPECT_EQ(limiter_.stats().in_flight, 0U);
  EXPECT_EQ(limiter_.stats().waiting, 0U);
  EXPECT_EQ(pool_.stats().in_use, 0U);
}

/// A server that keeps orders, behind a network of faults.
class OrderServer {
 public:
  void run() {
    transport_.set_fault_plan([](const HttpRequest&) { return some_fault(); });
    const int count = *rc::gen::inRange(1, 60);
    for (int i = 0; i < count; ++i) {
      scheduler_.run_for(std::chrono::milliseconds{*rc::gen::inRange(0, 3000)});
      if (!ids_.empty() && *rc::gen::inRange(0, 8) == 0) {
        client_.cancel(*rc::gen::elementOf(ids_));
      } else {
        call();
      }
    }
    scheduler_.run_for(1h);
    check();
  }

 private:
  struct Call {
    HttpMethod method{};
    int answers = 0;
    bool not_sent = false;
    bool is_ok = false;
  };

  static HttpFault some_fault() {
    HttpFault fault;
    fault.kind = *rc::gen::weightedElement<Kind>({{6, Kind::None},
                                                  {1, Kind::Refused},
                                                  {1, Kind::BadCertificate},
                                                  {1, Kind::LostRequest},
                                                  {1, Kind::LostAnswer},
                                                  {1, Kind::LateAnswer},
                                                  {1, Kind::Answer},
                                                  {1, Kind::FalseAnswer},
                                                  {1, Kind::TruncatedBody}});
    fault.delay = std::chrono::milliseconds{*rc::gen::inRange(0, 20'000)};
    fault.answer.status = *rc::gen::element(429, 500, 502, 503, 504, 401);
    if (fault.answer.status == 429) fault.answer.headers.add("Retry-After", "3");
    return fault;
  }

  HttpResponse serve(const HttpRequest& request) {
    ++seen_[request.body];
    arrivals_.push_back(scheduler_.elapsed());
    return {.status = 200, .body = request.body};
  }

  void call() {
    const std::string name = fmt::format("{}", calls_.size());
    Call& call = calls_[name];
    call.method = *rc::gen::element(HttpMethod::Get, HttpMethod::Delete, HttpMethod::Post);
    ids_.push_back(
        client_.call({.request = {.method = call.method, .url = "http://memory/", .body = name},
                      .priority = *rc::gen::element(HttpPriority::Cancel, HttpPriority::Exit,
                                                    HttpPriority::Entry, HttpPriority::Data),
                      .is_idempotent = *rc::gen::arbitrary<bool>()},
                     [this, name](const HttpResult& result) {
                       Call& answered = calls_[name];
                       ++answered.answers;
                       answered.not_sent = !result && !result.error().may_have_reached();
                       answered.is_ok = result && result->status == 200;
                       if (answered.is_ok) RC_ASSERT(result->body == name);
                     }));
  }

  void check() {
    for (const auto& [name, call] : calls_) {
      RC_ASSERT(call.answers == 1);
      const int seen = seen_.contains(name) ? seen_[name] : 0;
      if (call.not_sent) RC_ASSERT(seen == 0);
      if (call.is_ok) RC_ASSERT(seen > 0);
      RC_ASSERT(seen <= (call.method == HttpMethod::Post ? 1 : 3));
    }
    // By the server's own clock, however long requests waited and travelled.
    for (std::size_t i = kLimit; i < arrivals_.size(); ++i) {
      RC_ASSERT(arrivals_[i] - arrivals_[i - kLimit] > 60s);
    }
    RC_ASSERT(client_.calls_open() == 0U);
    RC_ASSERT(limiter_.stats().in_flight == 0U);
    RC_ASSERT(pool_.stats().in_use + pool_.stats().waiting == 0U);
  }

  static constexpr std::size_t kLimit = 20;

  SimulatedScheduler scheduler_;
  test::WallClock clock_{scheduler_};
  MemoryHttpTransport transport_{scheduler_,
                                 [this](const HttpRequest& request) { return serve(request); }};
  RateLimiter limiter_{scheduler_, clock_, {.account = {.requests = kLimit}}};
  HttpPool pool_{scheduler_, transport_, {.name = "trading", .connections = 2}};
  HttpClient client_{scheduler_, clock_, limiter_, pool_, {}, 1};
  std::vector<HttpCallId> ids_;
  std::map<std::string, Call> calls_;
  std::map<std::string, int> seen_;
  std::vector<core::Duration> arrivals_;
};

RC_GTEST_PROP(HttpClientProperty, AnswersOnceTellsTheTruthAndKeepsTheLimitUnderAnyFaults, ()) {
  OrderServer{}.run();
}

}  // namespace
}  // namespace st0ck::net
