#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"

#include "adapters/alpaca/amounts.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace st0ck::alpaca::test {
namespace {

NewOrder bracket() {
  NewOrder order;
  order.symbol = "AAPL";
  order.quantity = quantity("10");
  order.side = trading::Side::Buy;
  order.type = trading::OrderType::Limit;
  order.time_in_force = trading::TimeInForce::Gtc;
  order.limit_price = price("189.12");
  order.client_order_id = "bot-engine-20240301-1";
  order.order_class = OrderClass::Bracket;
  order.take_profit = TakeProfit{price("195")};
  order.stop_loss = StopLoss{price("185"), price("184.5")};
  return order;
}

TEST(OrderBody, IsWrittenWithPricesAsStrings) {
  EXPECT_EQ(to_json(bracket()),
            R"({"symbol":"AAPL","qty":"10","side":"buy","type":"limit","time_in_force":"gtc",)"
            R"("limit_price":"189.12","extended_hours":false,)"
            R"("client_order_id":"bot-engine-20240301-1","order_class":"bracket",)"
            R"("take_profit":{"limit_price":"195"},)"
            R"("stop_loss":{"stop_price":"185","limit_price":"184.5"}})");
}

TEST(OrderBody, IsReadAsItWasWrittenInEveryTypeClassAndTime) {
  for (const auto type :
       {trading::OrderType::Market, trading::OrderType::Limit, trading::OrderType::Stop,
        trading::OrderType::StopLimit, trading::OrderType::TrailingStop})
    for (const auto time :
         {trading::TimeInForce::Day, trading::TimeInForce::Gtc, trading::TimeInForce::Opg,
          trading::TimeInForce::Cls, trading::TimeInForce::Ioc, trading::TimeInForce::Fok})
      for (const auto order_class : {OrderClass::Simple, OrderClass::Bracket, OrderClass::Oco,
                                     OrderClass::Oto, OrderClass::MultiLeg}) {
        NewOrder order = bracket();
        order.type = type;
        order.time_in_force = time;
        order.order_class = order_class;
        order.stop_price = price("1");
        order.trail_price = price("0.5");
        order.trail_percent = Percent::parse("1.5").value();
        order.notional = core::Money::parse("100.5").value();
        order.position_intent = PositionIntent::SellToClose;
        order.legs = {
            {"AAPL240621C00190000", quantity("1"), trading::Side::Buy, PositionIntent::BuyToOpen}};

        const auto read = read_new_order(to_json(order));

        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(*read, order);
      }
}

TEST(OrderBody, MayHaveNumbersNullsAndUnknownFields) {
  const auto order = read_new_order(
      R"({"symbol":"AAPL","qty":1.5,"side":"sell","type":"stop_limit","time_in_force":"day",)"
      R"("limit_price":189.12,"stop_price":1.9e2,"notional":null,"take_profit":null,)"
      R"("order_class":"","extended_hours":null,"advanced_instructions":{"algorithm":"DMA"}})");

  ASSERT_TRUE(order) << order.error().message;
  EXPECT_EQ(order->quantity, quantity("1.5"));
  EXPECT_EQ(order->stop_price, price("190"));
  EXPECT_EQ(order->order_class, OrderClass::Simple);
  EXPECT_FALSE(order->extended_hours);
}

struct BadBody {
  std::string_view body;
  std::uint32_t status;
  std::uint64_t code;
  std::string_view message;
};

TEST(OrderBody, IsRefusedWithTheCodeOfTheReference) {
  const BadBody cases[] = {
      {"", 400, 40010000, "request body format is invalid"},
      {"[]", 400, 40010000, "request body format is invalid"},
      {R"({"symbol":"AAPL")", 400, 40010000, "request body format is invalid"},
      {R"({"time_in_force":"day"})", 400, 40010001, "type is required"},
      {R"({"type":"market"})", 400, 40010001, "time_in_force is required"},
      {R"({"type":"magic","time_in_force":"day"})", 400, 40010001, "invalid type"},
      {R"({"type":"market","time_in_force":"soon"})", 400, 40010001, "invalid time_in_force"},
      {R"({"type":"market","time_in_force":"day","side":"x"})", 400, 40010001, "invalid side"},
      {R"({"type":"market","time_in_force":"day","qty":"ten"})", 400, 40010001,
       "qty is not a decimal number (like 12.34)"},
      {R"({"type":"market","time_in_force":"day","qty":"1e2"})", 400, 40010001,
       "qty is not a decimal number (like 12.34)"},
      {R"({"type":"limit","time_in_force":"day","limit_price":"1E2"})", 400, 40010001,
       "limit_price is not a decimal number (like 12.34)"},
      {R"({"type":"limit","time_in_force":"day","take_profit":{"limit_price":"1e2"}})", 400,
       40010001, "take_profit.limit_price is not a decimal number (like 12.34)"},
      {R"({"type":"market","time_in_force":"day","qty":"0.1234567891"})", 422, 42210000,
       "qty is limited to 9 decimal places"},
      {R"({"type":"market","time_in_force":"day","notional":"10.1234567891"})", 422, 42210000,
       "notional is limited to 2 decimal places"},
      {R"({"type":"market","time_in_force":"day","qty":1e30})", 400, 40010001, "qty is too large"},
      {R"({"type":"limit","time_in_force":"day","limit_price":0.30000000000000004})", 422, 42210000,
       "invalid limit_price. sub-penny increment does not fulfill minimum pricing criteria"},
      {R"({"type":"limit","time_in_force":"day","take_profit":{}})", 400, 40010001,
       "take_profit.limit_price is required"},
      {R"({"type":"limit","time_in_force":"day","legs":[{"symbol":"X"}]})", 400, 40010001,
       "legs.ratio_qty is required"},
  };
  for (const auto& it : cases) {
    const auto order = read_new_order(it.body);

    ASSERT_FALSE(order) << it.body;
    EXPECT_EQ(order.error().http_status, it.status) << it.body;
    EXPECT_EQ(order.error().code, it.code) << it.body;
    EXPECT_EQ(order.error().message, it.message) << it.body;
  }
}

TEST(OrderRules, BoundTheClientOrderId) {
  NewOrder order = bracket();
  order.client_order_id = std::string(128, 'x');
  EXPECT_FALSE(refusal_of(order));
  order.client_order_id = std::string(129, 'x');
  EXPECT_TRUE(refusal_of(order));
}

TEST(ReplaceBody, IsReadAsItWasWritten) {
  ReplaceOrder order;
  order.quantity = quantity("5");
  order.time_in_force = trading::TimeInForce::Gtc;
  order.limit_price = price("12.34");
  order.stop_price = price("11.5");
  order.trail = Trail::parse("1.25").value();
  order.client_order_id = "id";

  EXPECT_EQ(read_replace_order(to_json(order)).value(), order);
  EXPECT_EQ(read_replace_order("{}").value(), ReplaceOrder{});
  EXPECT_EQ(to_json(ReplaceOrder{}), "{}");
  EXPECT_FALSE(read_replace_order(R"({"qty":"x"})"));
  EXPECT_FALSE(read_replace_order(R"({"qty":"1e2"})"));
  EXPECT_FALSE(read_replace_order(std::string(100'000, ' ') + "{}"));
}

TEST(ReplaceBody, IsRefusedForItsPrices) {
  const auto refusal = [](std::string_view body) {
    return refusal_of(read_replace_order(body).value());
  };
  EXPECT_FALSE(refusal(R"({"limit_price":"1.01"})"));
  EXPECT_EQ(refusal(R"({"limit_price":"1.011"})")->http_status, 422U);
  EXPECT_EQ(refusal(R"({"qty":0})")->http_status, 400U);
  EXPECT_EQ(refusal(R"({"trail":-1})")->http_status, 400U);
  EXPECT_EQ(refusal(R"({"stop_price":0})")->http_status, 400U);
}

}  // namespace
}  // namespace st0ck::alpaca::test
