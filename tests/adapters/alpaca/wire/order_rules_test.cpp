#include "adapters/alpaca/amounts.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace st0ck::alpaca::test {
namespace {

struct RuleCase {
  std::string_view change;  ///< Put over a good market order for ten shares.
  std::uint32_t status;     ///< 0: nothing is wrong.
  std::string_view message = "";
};

/// The fields of `change` come last, and a key said twice counts as said last by nobody: so they
/// are put first.
std::optional<ApiError> verdict(std::string_view change) {
  std::string body = "{" + std::string{change};
  const auto add = [&](std::string_view key, std::string_view value) {
    if (change.find("\"" + std::string{key} + "\"") != std::string_view::npos) return;
    if (body.size() > 1) body += ',';
    body += "\"" + std::string{key} + "\":" + std::string{value};
  };
  add("symbol", "\"AAPL\"");
  if (change.find("notional") == std::string_view::npos) add("qty", "10");
  add("side", "\"buy\"");
  add("type", "\"market\"");
  add("time_in_force", "\"day\"");
  const auto order = read_new_order(body + "}");
  EXPECT_TRUE(order) << body << ": " << order.error().message;
  return refusal_of(*order);
}

TEST(OrderRules, AcceptAndRefuseAsTheReferenceSays) {
  const RuleCase cases[] = {
      {"", 0},
      {R"("symbol":"")", 400, "symbol is required"},
      {R"("side":null)", 400, "side is required"},
      {R"("qty":null)", 400, "qty or notional is required"},
      {R"("qty":1,"notional":5)", 400, "only one of qty or notional is accepted"},
      {R"("qty":0)", 400, "qty must be > 0"},
      {R"("notional":1)", 0},
      {R"("notional":0.99)", 400, "notional must be at least 1"},
      {R"("notional":1.001)", 422, "notional is limited to 2 decimal places"},
      {R"("qty":0.5)", 0},
      {R"("qty":0.5,"time_in_force":"gtc")", 422, "fractional orders must be DAY orders"},
      {R"("notional":5,"time_in_force":"ioc")", 422, "fractional orders must be DAY orders"},
      {R"("type":"limit")", 400, "limit orders require limit_price"},
      {R"("type":"stop")", 400, "stop orders require stop_price"},
      {R"("type":"stop_limit","stop_price":1)", 400, "limit orders require limit_price"},
      {R"("limit_price":1)", 400, "market orders require no limit_price or stop_price"},
      {R"("trail_price":1)", 400, "trail_price and trail_percent are for trailing_stop only"},
      {R"("type":"limit","limit_price":1.01)", 0},
      {R"("type":"limit","limit_price":1.001)", 422,
       "invalid limit_price 1.001. sub-penny increment does not fulfill minimum pricing criteria"},
      {R"("type":"limit","limit_price":0.9999)", 0},
      {R"("type":"limit","limit_price":0.99999)", 422,
       "invalid limit_price 0.99999. sub-penny increment does not fulfill minimum pricing "
       "criteria"},
      {R"("type":"limit","limit_price":0)", 400, "limit_price must be > 0"},
      {R"("type":"trailing_stop","trail_price":1)", 0},
      {R"("type":"trailing_stop")", 400,
       "exactly one of trail_price and trail_percent is required"},
      {R"("type":"trailing_stop","trail_price":1,"trail_percent":1)", 400,
       "exactly one of trail_price and trail_percent is required"},
      {R"("type":"trailing_stop","trail_percent":0)", 400, "trail_percent must be > 0"},
      {R"("type":"trailing_stop","trail_percent":1,"time_in_force":"ioc")", 422,
       "trailing_stop orders must be simple with time_in_force day or gtc"},
      {R"("type":"limit","limit_price":1,"extended_hours":true)", 0},
      {R"("extended_hours":true)", 422, "extended hours order must be DAY limit orders"},
      {R"("time_in_force":"opg")", 0},
      {R"("time_in_force":"fok","type":"stop","stop_price":1)", 422,
       "opg, cls, ioc and fok orders must be simple market or limit orders"},
      {R"("order_class":"huge")", 400, "invalid order_class"},
      {R"("order_class":"bracket","take_profit":{"limit_price":12},"stop_loss":{"stop_price":9})",
       0},
      {R"("order_class":"bracket","stop_loss":{"stop_price":9})", 422,
       "take_profit.limit_price is required"},
      {R"("order_class":"bracket","take_profit":{"limit_price":12})", 422,
       "stop_loss.stop_price is required"},
      {R"("order_class":"bracket","take_profit":{"limit_price":9},"stop_loss":{"stop_price":9})",
       422, "take_profit.limit_price must be > stop_loss.stop_price"},
      {R"("side":"sell","order_class":"bracket","take_profit":{"limit_price":9},)"
       R"("stop_loss":{"stop_price":9})",
       422, "take_profit.limit_price must be < stop_loss.stop_price"},
      {R"("type":"limit","limit_price":10,"order_class":"bracket",)"
       R"("take_profit":{"limit_price":12},"stop_loss":{"stop_price":10})",
       422, "stop_loss.stop_price must be <= base_price - 0.01"},
      {R"("type":"limit","limit_price":10,"order_class":"bracket",)"
       R"("take_profit":{"limit_price":10},"stop_loss":{"stop_price":9.99})",
       422, "take_profit.limit_price must be >= base_price + 0.01"},
      {R"("type":"limit","limit_price":10,"order_class":"bracket",)"
       R"("take_profit":{"limit_price":10.01},"stop_loss":{"stop_price":9.99})",
       0},
      {R"("type":"stop","stop_price":10,"order_class":"bracket",)"
       R"("take_profit":{"limit_price":12},"stop_loss":{"stop_price":9})",
       422, "complex orders require type market or limit"},
      {R"("order_class":"bracket","time_in_force":"cls","take_profit":{"limit_price":12},)"
       R"("stop_loss":{"stop_price":9})",
       422, "opg, cls, ioc and fok orders must be simple market or limit orders"},
      {R"("type":"limit","limit_price":10,"extended_hours":true,"order_class":"bracket",)"
       R"("take_profit":{"limit_price":12},"stop_loss":{"stop_price":9})",
       422, "complex orders do not support extended hours"},
      {R"("order_class":"oto","stop_loss":{"stop_price":9})", 0},
      {R"("order_class":"oto","take_profit":{"limit_price":12},"stop_loss":{"stop_price":9})", 422,
       "oto orders require exactly one of take_profit and stop_loss"},
      {R"("side":"sell","type":"limit","order_class":"oco","take_profit":{"limit_price":12},)"
       R"("stop_loss":{"stop_price":9})",
       0},
      {R"("side":"sell","order_class":"oco","take_profit":{"limit_price":12},)"
       R"("stop_loss":{"stop_price":9})",
       422, "oco orders must be limit orders"},
      {R"("take_profit":{"limit_price":12})", 422,
       "take_profit and stop_loss require order_class bracket, oco or oto"},
      {R"("symbol":"AAPL240621C00190000")", 0},
      {R"("symbol":"AAPL240621C00190000","time_in_force":"gtc")", 422,
       "order_time_in_force provided not supported for options trading"},
      {R"("symbol":"AAPL240621C00190000","type":"limit","limit_price":0.05)", 0},
      {R"("symbol":"AAPL240621C00190000","type":"limit","limit_price":0.055)", 422,
       "invalid limit_price 0.055. sub-penny increment does not fulfill minimum pricing criteria"},
      {R"("symbol":"AAPL240621C00190000","qty":1.5)", 422,
       "notional and fractional qty not supported for options trading"},
      {R"("symbol":"AAPL240621C00190000","type":"stop","stop_price":1)", 422,
       "invalid order type for options trading"},
      {R"("symbol":"AAPL240621C00190000","order_class":"oto","stop_loss":{"stop_price":9})", 422,
       "complex orders not supported for options trading"},
      {R"("symbol":"AAPL240621C00190000","type":"limit","limit_price":1,"extended_hours":true)",
       422, "extended hours not supported for options trading"},
      {R"("order_class":"mleg","type":"limit","limit_price":-0.45,"legs":[)"
       R"({"symbol":"A","ratio_qty":"1","side":"buy","position_intent":"buy_to_open"},)"
       R"({"symbol":"B","ratio_qty":"2","side":"sell","position_intent":"sell_to_open"}])",
       0},
      {R"("order_class":"mleg","legs":[)"
       R"({"symbol":"A","ratio_qty":"2","position_intent":"buy_to_open"},)"
       R"({"symbol":"B","ratio_qty":"2","position_intent":"sell_to_open"}])",
       422, "legs.ratio_qty must be in lowest terms"},
      {R"("order_class":"mleg","legs":[)"
       R"({"symbol":"A","ratio_qty":"1","position_intent":"buy_to_open"}])",
       422, "mleg orders require 2 to 4 legs"},
      {R"("order_class":"mleg","legs":[{"symbol":"A","ratio_qty":"1"},)"
       R"({"symbol":"B","ratio_qty":"1","position_intent":"sell_to_open"}])",
       422, "legs.position_intent is required"},
      {R"("order_class":"mleg","legs":[{"symbol":"A","ratio_qty":"0.5"},)"
       R"({"symbol":"B","ratio_qty":"1","position_intent":"sell_to_open"}])",
       422, "legs.ratio_qty must be a whole number > 0"},
  };
  for (const auto& it : cases) {
    const auto refusal = verdict(it.change);

    EXPECT_EQ(refusal ? refusal->http_status : 0, it.status)
        << it.change << " " << (refusal ? refusal->message : "");
    EXPECT_EQ(refusal ? refusal->message : "", it.message) << it.change;
  }
}

TEST(OrderRules, LetOptionsDoMoreWhereTheyAreToldTo) {
  NewOrder order;
  order.symbol = "AAPL240621C00190000";
  order.quantity = quantity("1");
  order.side = trading::Side::Sell;
  order.type = trading::OrderType::Stop;
  order.stop_price = price("1");
  order.time_in_force = trading::TimeInForce::Gtc;

  EXPECT_TRUE(refusal_of(order));
  EXPECT_TRUE(refusal_of(order, {.option_stop_types = true}));
  EXPECT_FALSE(refusal_of(order, {.option_stop_types = true, .option_gtc = true}));
}

}  // namespace
}  // namespace st0ck::alpaca::test
