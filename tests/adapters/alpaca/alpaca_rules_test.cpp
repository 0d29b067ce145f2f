#include "st0ck/adapters/alpaca/alpaca_rules.hpp"

#include "adapters/alpaca/amounts.hpp"
#include "st0ck/adapters/alpaca/refusal_code.hpp"
#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>

namespace st0ck::alpaca::test {
namespace {

using trading::OrderType;
using trading::Side;
using trading::TimeInForce;

constexpr std::string_view kMorning = "2026-03-02T15:00:00Z";  // 10:00 New York.

NewOrder a_limit() {
  NewOrder order;
  order.symbol = "SPY";
  order.quantity = quantity("10");
  order.side = Side::Buy;
  order.type = OrderType::Limit;
  order.limit_price = price("99.00");
  return order;
}

std::string code_of(const NewOrder& order, std::string_view time = kMorning,
                    const OrderRules& rules = {}) {
  const auto refusal = local_refusal(order, core::parse_timestamp(time).value(), rules);
  return refusal ? refusal->code.str() : "";
}

struct RuleCase {
  std::string_view name;
  std::function<void(NewOrder&)> change;
  std::string_view code;
  std::string_view time = kMorning;
};

TEST(AlpacaRules, RefuseWhatTheVenueWouldRefuse) {
  const auto option = [](NewOrder& order) { order.symbol = "SPY260320C00500000"; };
  const RuleCase cases[] = {
      {"a plain limit", [](NewOrder&) {}, ""},
      {"a tenth of a cent", [](NewOrder& o) { o.limit_price = price("99.001"); }, "SUB_PENNY"},
      {"a hundredth of a cent below a dollar", [](NewOrder& o) { o.limit_price = price("0.9901"); },
       ""},
      {"a fraction for the day", [](NewOrder& o) { o.quantity = quantity("0.5"); }, ""},
      {"a fraction until cancelled",
       [](NewOrder& o) {
         o.quantity = quantity("0.5");
         o.time_in_force = TimeInForce::Gtc;
       },
       "FRACTIONAL_RULE"},
      {"a market order until cancelled",
       [](NewOrder& o) {
         o.type = OrderType::Market;
         o.limit_price.reset();
         o.time_in_force = TimeInForce::Gtc;
       },
       ""},
      {"a stop, immediate or cancel",
       [](NewOrder& o) {
         o.type = OrderType::Stop;
         o.limit_price.reset();
         o.stop_price = price("98.00");
         o.time_in_force = TimeInForce::Ioc;
       },
       "TIME_IN_FORCE"},
      {"a trailing stop for the auction",
       [](NewOrder& o) {
         o.type = OrderType::TrailingStop;
         o.limit_price.reset();
         o.trail_price = price("1.00");
         o.time_in_force = TimeInForce::Opg;
       },
       "TRAILING_RULE"},
      {"an extended market order",
       [](NewOrder& o) {
         o.type = OrderType::Market;
         o.limit_price.reset();
         o.extended_hours = true;
       },
       "EXTENDED_HOURS"},
      {"a bracket without its stop",
       [](NewOrder& o) {
         o.order_class = OrderClass::Bracket;
         o.take_profit = TakeProfit{price("101.00")};
       },
       "GROUP_RULE"},
      {"a bracket, immediate or cancel",
       [](NewOrder& o) {
         o.order_class = OrderClass::Bracket;
         o.take_profit = TakeProfit{price("101.00")};
         o.stop_loss = StopLoss{price("98.00")};
         o.time_in_force = TimeInForce::Ioc;
       },
       "TIME_IN_FORCE"},
      {"an option for the day", option, ""},
      {"an option until cancelled",
       [&](NewOrder& o) {
         option(o);
         o.time_in_force = TimeInForce::Gtc;
       },
       "OPTION_RULE"},
      {"half an option",
       [&](NewOrder& o) {
         option(o);
         o.quantity = quantity("0.5");
       },
       "OPTION_RULE"},
      {"a bracket of options",
       [&](NewOrder& o) {
         option(o);
         o.order_class = OrderClass::Bracket;
         o.take_profit = TakeProfit{price("101.00")};
         o.stop_loss = StopLoss{price("98.00")};
       },
       "OPTION_RULE"},
      {"an option at the market before the open",
       [&](NewOrder& o) {
         option(o);
         o.type = OrderType::Market;
         o.limit_price.reset();
       },
       "OPTION_RULE", "2026-03-02T14:29:00Z"},
      {"the opening auction at 09:27", [](NewOrder& o) { o.time_in_force = TimeInForce::Opg; }, "",
       "2026-03-02T14:27:59Z"},
      {"the opening auction at 09:28", [](NewOrder& o) { o.time_in_force = TimeInForce::Opg; },
       "TOO_LATE", "2026-03-02T14:28:00Z"},
      {"the next opening auction", [](NewOrder& o) { o.time_in_force = TimeInForce::Opg; }, "",
       "2026-03-03T00:00:00Z"},
      {"the closing auction at 15:49", [](NewOrder& o) { o.time_in_force = TimeInForce::Cls; }, "",
       "2026-03-02T20:49:59Z"},
      {"the closing auction at 15:50", [](NewOrder& o) { o.time_in_force = TimeInForce::Cls; },
       "TOO_LATE", "2026-03-02T20:50:00Z"},
      {"the closing auction of a half day", [](NewOrder& o) { o.time_in_force = TimeInForce::Cls; },
       "TOO_LATE", "2026-11-27T17:50:00Z"},
      {"an auction on a Sunday", [](NewOrder& o) { o.time_in_force = TimeInForce::Cls; }, "",
       "2026-03-01T20:55:00Z"},
  };
  for (const RuleCase& it : cases) {
    NewOrder order = a_limit();
    it.change(order);
    EXPECT_EQ(code_of(order, it.time), it.code) << it.name;
  }
}

/// The table of the reference, 3.3: for whole shares all, for the rest the day or until cancelled.
TEST(AlpacaRules, FollowTheTableOfTimesInForceAndProducts) {
  struct Product {
    std::string_view name;
    std::function<void(NewOrder&)> make;
    std::string_view taken;  ///< y or n for day, gtc, opg, cls, ioc, fok.
  };
  const Product products[] = {
      {"whole shares", [](NewOrder&) {}, "yyyyyy"},
      {"fractions", [](NewOrder& o) { o.quantity = quantity("1.5"); }, "ynnnnn"},
      {"one option", [](NewOrder& o) { o.symbol = "SPY260320C00500000"; }, "ynnnnn"},
      {"a bracket",
       [](NewOrder& o) {
         o.order_class = OrderClass::Bracket;
         o.take_profit = TakeProfit{price("101.00")};
         o.stop_loss = StopLoss{price("98.00")};
       },
       "yynnnn"},
      {"a trailing stop",
       [](NewOrder& o) {
         o.type = OrderType::TrailingStop;
         o.limit_price.reset();
         o.trail_price = price("1.00");
       },
       "yynnnn"},
  };
  const TimeInForce times[] = {TimeInForce::Day, TimeInForce::Gtc, TimeInForce::Opg,
                               TimeInForce::Cls, TimeInForce::Ioc, TimeInForce::Fok};
  for (const Product& product : products) {
    std::string taken;
    for (const TimeInForce time : times) {
      NewOrder order = a_limit();
      product.make(order);
      order.time_in_force = time;
      taken += code_of(order, "2026-03-02T13:00:00Z").empty() ? 'y' : 'n';
    }
    EXPECT_EQ(taken, product.taken) << product.name;
  }
}

TEST(AlpacaRules, LetAnAccountDoMoreWithOptions) {
  NewOrder order = a_limit();
  order.symbol = "SPY260320C00500000";
  order.time_in_force = TimeInForce::Gtc;

  EXPECT_EQ(code_of(order, kMorning, {.option_gtc = true}), "");
}

TEST(RefusalCode, TellsTheReasonsOfOneCodeApart) {
  ApiError error{.http_status = 403, .code = api_code::kForbidden};
  EXPECT_EQ(refusal_code(error).view(), "ALPACA_40310000");
  error.message = "insufficient buying power";
  EXPECT_EQ(refusal_code(error).view(), "INSUFFICIENT_FUNDS");
  error.message = "potential wash trade detected. use complex orders";
  EXPECT_EQ(refusal_code(error).view(), "WASH_TRADE");
  error.message = "";
  error.available = quantity("0");
  EXPECT_EQ(refusal_code(error).view(), "INSUFFICIENT_QTY");
  error.existing_order_id = "other";
  EXPECT_EQ(refusal_code(error).view(), "WASH_TRADE");
}

TEST(RefusalCode, FallsBackToTheNumbers) {
  EXPECT_EQ(refusal_code({.http_status = 422, .code = 42219999}).view(), "ALPACA_42219999");
  EXPECT_EQ(refusal_code({.http_status = 418}).view(), "HTTP_418");
  EXPECT_EQ(refusal_code({.http_status = 404}).view(), "NOT_FOUND");
  EXPECT_EQ(refusal_code({.http_status = 429}).view(), "RATE_LIMIT");
}

TEST(RefusalCode, KnowsAUsedClientOrderId) {
  for (const std::uint32_t status : {400U, 422U})
    EXPECT_TRUE(
        is_duplicate_id({.http_status = status, .message = "client_order_id must be unique"}));
  EXPECT_FALSE(is_duplicate_id({.http_status = 422, .message = "invalid limit_price"}));
  EXPECT_FALSE(is_duplicate_id({.http_status = 403, .message = "client_order_id"}));
}

}  // namespace
}  // namespace st0ck::alpaca::test
