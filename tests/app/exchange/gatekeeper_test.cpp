#include "app/exchange/exchange_fixture.hpp"

namespace st0ck::app::exchange {
namespace {

std::string header(const Reply& reply, std::string_view name) {
  return std::string{net::find_header(reply.headers, name).value_or("")};
}

class Gate : public ExchangeFixture {};

TEST_F(Gate, RefusesRequestsWithoutGoodKeys) {
  key_ = "stranger";
  const Reply reply = get("/v2/account");

  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.code(), 40110000U);
  EXPECT_EQ(header(reply, "X-RateLimit-Limit"), "200");
}

TEST_F(Gate, TakesKeysByBasicAuthorizationToo) {
  net::ServerRequest request;
  request.headers = {{"Authorization", "Basic dGVzdDp0ZXN0"}};
  EXPECT_EQ(gatekeeper_->account_of(request), &account());
  request.headers = {{"Authorization", "Basic dGVzdDpiYWQ="}};
  EXPECT_EQ(gatekeeper_->account_of(request), nullptr);
  request.headers = {{"Authorization", "Basic !"}};
  EXPECT_EQ(gatekeeper_->account_of(request), nullptr);
}

TEST_F(Gate, CountsRequestsInEveryAnswer) {
  const Reply first = call_only("GET", "/v2/account");
  const Reply second = call_only("GET", "/v2/nothing");

  EXPECT_EQ(header(first, "X-RateLimit-Remaining"), "199");
  EXPECT_EQ(header(second, "X-RateLimit-Remaining"), "198");
  EXPECT_EQ(header(second, "X-RateLimit-Reset"), "1060");
  EXPECT_FALSE(header(first, "X-Request-ID").empty());
  EXPECT_NE(header(first, "X-Request-ID"), header(second, "X-Request-ID"));
}

class NarrowGate : public ExchangeFixture {
 protected:
  NarrowGate() : ExchangeFixture{Scenario{.requests_per_minute = 3, .reject_one_in = 2}} {}
};

TEST_F(NarrowGate, RefusesMoreThanItsLimitInASlidingMinute) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(call_only("GET", "/v2/account").status, 200);
  const Reply refused = call_only("GET", "/v2/account");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.code(), 42910000U);
  EXPECT_EQ(header(refused, "X-RateLimit-Remaining"), "0");
  key_ = "other";
  EXPECT_EQ(call_only("GET", "/v2/account").status, 200);
  key_ = "test";

  scheduler_.run_for(std::chrono::minutes{1});

  EXPECT_EQ(call_only("GET", "/v2/account").status, 200);
}

TEST_F(NarrowGate, RejectsEverySecondNewOrder) {
  open();
  const std::string body =
      R"({"symbol":"SPY","qty":"1","side":"buy","type":"market","time_in_force":"day"})";
  EXPECT_EQ(call_only("POST", "/v2/orders", body).status, 200);
  EXPECT_EQ(call_only("POST", "/v2/orders", body).status, 503);
  settle();

  EXPECT_EQ(account().desk().orders().size(), 1U);
}

class SlowGate : public ExchangeFixture {
 protected:
  SlowGate() : ExchangeFixture{Scenario{.latency = std::chrono::seconds{2}}} {}

  void ask(int& answers) {
    net::ServerRequest request;
    request.headers = {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}};
    auto passed =
        gatekeeper_->admit(request, net::Responder{[&answers](net::ServerResponse) { ++answers; }});
    ASSERT_TRUE(passed);
    passed->respond({});
  }
};

TEST_F(SlowGate, AnswersAfterTheScenariosLatency) {
  int answers = 0;
  ask(answers);

  scheduler_.run_for(std::chrono::milliseconds{1999});
  EXPECT_EQ(answers, 0);
  scheduler_.run_for(std::chrono::milliseconds{1});
  EXPECT_EQ(answers, 1);
}

/// Market data, which have limits of their own, take as long.
TEST_F(SlowGate, DelaysWhatDoesNotPassIt) {
  int answers = 0;
  gatekeeper_->delayed(net::Responder{[&answers](net::ServerResponse) { ++answers; }})({});

  EXPECT_EQ(answers, 0);
  scheduler_.run_for(std::chrono::seconds{2});
  EXPECT_EQ(answers, 1);
}

TEST_F(SlowGate, LeavesNoAnswerBehindWhenItGoes) {
  int answers = 0;
  ask(answers);

  gatekeeper_.reset();
  scheduler_.run_for(std::chrono::minutes{1});

  EXPECT_FALSE(scheduler_.next_due());
}

TEST(Scenario, IsReadFromYaml) {
  const auto loaded = parse_scenario(
      "requests_per_minute: 10\nlatency: 50ms\njitter: 5ms\nreject_one_in: 7\nreject_status: 500\n",
      "drill.yaml");

  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.scenario.requests_per_minute, 10);
  EXPECT_EQ(loaded.scenario.latency, std::chrono::milliseconds{50});
  EXPECT_EQ(loaded.scenario.reject_one_in, 7);
}

TEST(Scenario, NamesFileLineAndKeyOfAProblem) {
  const auto loaded = parse_scenario("latency: 1s\nrejects: 3\n", "drill.yaml");

  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].place, "drill.yaml:2");
  EXPECT_EQ(loaded.problems[0].key, "rejects");
}

}  // namespace
}  // namespace st0ck::app::exchange
