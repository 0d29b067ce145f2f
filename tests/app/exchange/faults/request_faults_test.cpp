#include "src/app/exchange/faults/request_faults.hpp"

#include "app/exchange/faults/faulty_exchange.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// What befalls requests, seen from a client's socket.
namespace st0ck::app::exchange {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RequestFaultsTest : public FaultyExchange {};

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

TEST_F(RequestFaultsTest, LetThroughWhatNoRuleNames) {
  open("faults: {a: {kind: lose, where: [cancel]}}");

  EXPECT_THAT(ask("POST", "/v2/orders", order()), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(orders(), 1U);
}

TEST_F(RequestFaultsTest, LoseARequestBeforeTheExchangeActs) {
  open("faults: {a: {kind: lose, where: [submit]}}");
  const auto client = connect();

  EXPECT_EQ(client->ask("POST", "/v2/orders", order()), "");
  EXPECT_TRUE(client->is_ended());
  EXPECT_EQ(orders(), 0U);
  ASSERT_EQ(exchange_->faults().size(), 1U);
  EXPECT_THAT(exchange_->faults()[0],
              testing::MatchesRegex("fault 2025-06-02 09:30:0.* -04:00 a lose submit #1 "
                                    "POST /v2/orders"));
}

TEST_F(RequestFaultsTest, LoseTheAcknowledgementOfWhatWasDone) {
  open("faults: {a: {kind: lose_reply, where: [submit, replace, cancel]}}");
  auto client = connect();

  EXPECT_EQ(client->ask("POST", "/v2/orders", order()), "");
  EXPECT_TRUE(client->is_ended());
  ASSERT_EQ(orders(), 1U);
  pass(1s);

  client = connect();
  EXPECT_EQ(client->ask("PATCH", "/v2/orders/" + id_of("a"),
                        R"({"limit_price":"2","client_order_id":"b"})"),
            "");
  EXPECT_TRUE(client->is_ended());
  ASSERT_NE(id_of("b"), "");
  EXPECT_EQ(desk().find_by_client_id("a")->told.status, alpaca::OrderStatus::Replaced);

  client = connect();
  EXPECT_EQ(client->ask("DELETE", "/v2/orders/" + id_of("b")), "");
  EXPECT_TRUE(client->is_ended());
  EXPECT_EQ(desk().find_by_client_id("b")->told.status, alpaca::OrderStatus::Canceled);
}

TEST_F(RequestFaultsTest, DelayAnAnswerAfterTheExchangeHasActed) {
  open("faults: {a: {kind: delay, where: [submit], delay: 3s}}");
  const auto client = connect();

  EXPECT_EQ(client->ask("POST", "/v2/orders", order()), "");
  EXPECT_EQ(orders(), 1U);
  pass(2900ms);
  EXPECT_EQ(client->take(), "");
  pass(200ms);
  EXPECT_THAT(client->take(), StartsWith("HTTP/1.1 200"));
}

TEST_F(RequestFaultsTest, DelayARequestBeforeTheExchangeActs) {
  open("faults: {a: {kind: delay_request, where: [submit], delay: 3s}}");
  const auto client = connect();

  EXPECT_EQ(client->ask("POST", "/v2/orders", order()), "");
  pass(2900ms);
  EXPECT_EQ(orders(), 0U);
  pass(200ms);
  EXPECT_EQ(orders(), 1U);
  EXPECT_THAT(client->take(), StartsWith("HTTP/1.1 200"));
}

TEST_F(RequestFaultsTest, DoARequestTwiceAndAnswerTheSecond) {
  open("faults: {a: {kind: duplicate, where: [submit]}}");

  const std::string answer = ask("POST", "/v2/orders", order());

  EXPECT_THAT(answer, StartsWith("HTTP/1.1 422"));
  EXPECT_THAT(answer, HasSubstr("client_order_id must be unique"));
  EXPECT_EQ(orders(), 1U);
}

TEST_F(RequestFaultsTest, CutABodyShort) {
  open("faults: {a: {kind: truncate, where: [account], bytes: 7}}");

  const std::string answer = ask("GET", "/v2/account");

  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(body_of(answer).size(), 7U);
}

TEST_F(RequestFaultsTest, HangWithTheSocketOpen) {
  open("faults: {a: {kind: hang, where: [submit]}}");
  const auto client = connect();

  EXPECT_EQ(client->ask("POST", "/v2/orders", order()), "");
  pass(1min);

  EXPECT_FALSE(client->is_ended());
  EXPECT_EQ(client->ask("GET", "/v2/account"), "") << "nothing is answered on that socket";
  EXPECT_FALSE(client->is_ended());
  EXPECT_EQ(orders(), 0U);
  EXPECT_THAT(ask("GET", "/v2/account"), StartsWith("HTTP/1.1 200")) << "another one works";
}

TEST_F(RequestFaultsTest, AnswerWithAStatusInstead) {
  open(
      "faults:\n"
      "  limited: {kind: status, where: [account], status: 429, retry_after: 3s, count: 1}\n"
      "  overloaded: {kind: status, where: [submit], status: 503, count: 1}\n");

  const std::string limited = ask("GET", "/v2/account");
  EXPECT_THAT(limited, StartsWith("HTTP/1.1 429"));
  EXPECT_THAT(limited, HasSubstr("Retry-After: 3\r\n"));
  EXPECT_THAT(ask("GET", "/v2/account"), StartsWith("HTTP/1.1 200"));

  const std::string overloaded = ask("POST", "/v2/orders", order());
  EXPECT_THAT(overloaded, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(overloaded, Not(HasSubstr("Retry-After")));
  EXPECT_EQ(orders(), 0U);
}

TEST_F(RequestFaultsTest, AnswerWithAStatusThoughTheExchangeHasActed) {
  open("faults: {a: {kind: status, where: [submit], status: 504, acts: true}}");

  EXPECT_THAT(ask("POST", "/v2/orders", order()), StartsWith("HTTP/1.1 504"));
  EXPECT_EQ(orders(), 1U);
}

TEST_F(RequestFaultsTest, KeepToTheirTime) {
  open("faults: {a: {kind: status, where: [rest], from: \"09:30:10\", for: 10s}}");

  EXPECT_THAT(ask("GET", "/v2/clock"), StartsWith("HTTP/1.1 200"));
  pass(10s);
  EXPECT_THAT(ask("GET", "/v2/clock"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(ask("GET", "/v2/stocks/quotes/latest?symbols=SPY"), StartsWith("HTTP/1.1 503"));
  pass(10s);
  EXPECT_THAT(ask("GET", "/v2/clock"), StartsWith("HTTP/1.1 200"));
}

TEST_F(RequestFaultsTest, RejectForEachReasonInTheProvidersForm) {
  struct Case {
    const char* reason;
    const char* status;
    const char* text;
  };
  for (const Case& each : std::vector<Case>{
           {"buying_power", "403", R"("buying_power":"0")"},
           {"quantity_held", "403", R"("held_for_orders":"1")"},
           {"wash_trade", "403", "existing_order_id"},
           {"not_allowed_to_short", "403", "not allowed to short"},
           {"not_shortable", "422", R"(asset \"SPY\" cannot be sold short)"},
           {"day_trade", "403", "40310100"},
           {"restricted", "403", "restricted"},
           {"suspended", "403", "rejected by user request"},
           {"fractional", "403", "fractional trading is disabled"},
           {"duplicate_id", "422", "client_order_id must be unique"},
           {"market_closed", "422", "market is closed"},
           {"halted", "422", "asset SPY is halted"},
           {"bad_increment", "422", "sub-penny"},
           {"not_tradable", "422", "not tradable"},
           {"position_intent", "422", "position intent mismatch"},
           {"not_cancelable", "422", "not cancelable"},
           {"not_replaceable", "422", "cannot replace"},
           {"unchanged", "422", "not changed"},
           {"not_found", "404", "40410000"},
           {"malformed", "400", "40010000"},
           {"unauthorized", "401", "40110000"},
           {"forbidden", "403", R"("message":"forbidden.")"},
       }) {
    SCOPED_TRACE(each.reason);
    open(std::string{"faults: {a: {kind: reject, where: [submit], reason: "} + each.reason + "}}");

    const std::string answer = ask("POST", "/v2/orders", order());

    EXPECT_THAT(answer, StartsWith(std::string{"HTTP/1.1 "} + each.status));
    EXPECT_THAT(answer, HasSubstr(each.text));
    EXPECT_FALSE(nlohmann::json::parse(body_of(answer), nullptr, false).is_discarded());
    EXPECT_EQ(orders(), 0U);
    exchange_.reset();
  }
}

TEST_F(RequestFaultsTest, ShowTheClockWrongByTheirOffset) {
  open("faults: {a: {kind: clock, offset: 5s}, b: {kind: clock, offset: -1s, from: \"09:30:10\"}}");

  EXPECT_THAT(ask("GET", "/v2/clock"), HasSubstr(R"("timestamp":"2025-06-02T09:30:07)"));
  ask("POST", "/v2/orders", order());
  EXPECT_EQ(desk().find_by_client_id("a")->told.created_at, exchange_->clock().now() + 5s);

  pass(10s);
  EXPECT_THAT(ask("GET", "/v2/clock"), HasSubstr(R"("timestamp":"2025-06-02T09:30:16)"));
}

TEST_F(RequestFaultsTest, AreTheSameForTheSameSeed) {
  const auto play = [this](int seed) {
    open("seed: " + std::to_string(seed) +
         "\nfaults: {a: {kind: status, where: [account], share: 50%}}\n");
    for (int i = 0; i < 40; ++i) ask("GET", "/v2/account");
    std::vector<std::string> lines = exchange_->faults();
    exchange_.reset();
    return lines;
  };

  const auto first = play(1);
  EXPECT_GT(first.size(), 8U);
  EXPECT_LT(first.size(), 32U);
  EXPECT_EQ(play(1), first);
  EXPECT_NE(play(2), first);
}

TEST(FaultPointOf, FollowsMethodAndPath) {
  const auto point = [](const char* method, const char* target) {
    net::ServerRequest request;
    request.method = method;
    request.target = net::parse_request_target(target).value();
    return fault_point_of(request, false);
  };

  EXPECT_EQ(point("POST", "/v2/orders"), FaultPoint::Submit);
  EXPECT_EQ(point("PATCH", "/v2/orders/x"), FaultPoint::Replace);
  EXPECT_EQ(point("DELETE", "/v2/orders/x"), FaultPoint::Cancel);
  EXPECT_EQ(point("GET", "/v2/orders:by_client_order_id?client_order_id=a"), FaultPoint::Orders);
  EXPECT_EQ(point("GET", "/v2/orders"), FaultPoint::Orders);
  EXPECT_EQ(point("DELETE", "/v2/positions/SPY"), FaultPoint::Submit);
  EXPECT_EQ(point("GET", "/v2/positions"), FaultPoint::Account);
  EXPECT_EQ(point("GET", "/v2/account/activities"), FaultPoint::Account);
  EXPECT_EQ(point("GET", "/v3/clock"), FaultPoint::Clock);
  EXPECT_EQ(point("GET", "/v2/assets/SPY"), FaultPoint::Assets);
  EXPECT_EQ(point("GET", "/v2/watchlists"), FaultPoint::Trading);
  EXPECT_EQ(fault_point_of({}, true), FaultPoint::Data);
}

}  // namespace
}  // namespace st0ck::app::exchange
