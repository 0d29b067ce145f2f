#include "st0ck/adapters/alpaca/wire/trading/order.hpp"

#include "adapters/alpaca/amounts.hpp"
#include "adapters/alpaca/golden.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::alpaca::test {
namespace {

TEST(WireOrder, ReadsEveryFieldOfAnOrder) {
  const auto order = read_order(golden("order"));

  ASSERT_TRUE(order) << order.error().message;
  EXPECT_EQ(order->id, "61e69015-8549-4bfd-b9c3-01e75843f47d");
  EXPECT_EQ(core::to_ns(order->created_at), 1'709'303'400'123'456'789);
  EXPECT_EQ(order->filled_at, core::timestamp_from_ns(1'709'303'401'500'000'000));
  EXPECT_FALSE(order->expired_at);
  EXPECT_TRUE(order->expires_at);
  EXPECT_EQ(order->replaces, "aaaa9015-8549-4bfd-b9c3-01e75843f47d");
  EXPECT_EQ(order->asset_class, AssetClass::UsEquity);
  EXPECT_FALSE(order->notional);
  EXPECT_EQ(order->quantity, quantity("15"));
  EXPECT_EQ(order->filled_average_price, price("183.706363636"));
  EXPECT_EQ(order->order_class, OrderClass::Simple);
  EXPECT_EQ(order->type, trading::OrderType::Limit);
  EXPECT_EQ(order->side, trading::Side::Buy);
  EXPECT_EQ(order->position_intent, PositionIntent::BuyToOpen);
  EXPECT_EQ(order->time_in_force, trading::TimeInForce::Gtc);
  EXPECT_EQ(order->limit_price, price("183.71"));
  EXPECT_EQ(order->status, OrderStatus::Filled);
  EXPECT_TRUE(order->legs.empty());
}

TEST(WireOrder, ReadsTheLegsOfACombinationAndTakesUnknownStatusesAsOpen) {
  const auto order = read_order(golden("mleg_order"));

  ASSERT_TRUE(order) << order.error().message;
  EXPECT_EQ(order->order_class, OrderClass::MultiLeg);
  EXPECT_FALSE(order->side);
  EXPECT_FALSE(order->asset_class);
  EXPECT_EQ(order->limit_price, price("-0.45"));
  ASSERT_EQ(order->legs.size(), 2U);
  EXPECT_EQ(order->legs[1].symbol, "AAPL240621C00195000");
  EXPECT_EQ(order->legs[1].ratio_quantity, quantity("2"));
  EXPECT_EQ(order->legs[1].status, OrderStatus::Unknown);
  EXPECT_FALSE(is_final(order->legs[1].status));
}

TEST(WireOrder, ReadsWhatItWrites) {
  for (const auto* name : {"order", "mleg_order"}) {
    auto order = read_order(golden(name)).value();
    for (auto& leg : order.legs) leg.status = OrderStatus::New;

    const auto again = read_orders(to_json(std::vector<Order>{order, order}));

    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, (std::vector<Order>{order, order}));
  }
}

TEST(WireOrder, WritesEveryStatusAndReadsItBack) {
  Order order = read_order(golden("order")).value();
  for (int i = 0; i <= static_cast<int>(OrderStatus::Rejected); ++i) {
    order.status = static_cast<OrderStatus>(i);
    if (order.status == OrderStatus::Unknown) continue;

    EXPECT_EQ(read_order(to_json(order)).value().status, order.status) << i;
  }
}

TEST(WireOrder, WritesTheFieldsThatTypedClientsInsistOn) {
  const std::string json = to_json(Order{});
  for (const auto* key :
       {"id", "client_order_id", "created_at", "updated_at", "submitted_at", "order_class",
        "time_in_force", "status", "extended_hours", "type", "order_type", "legs", "hwm"})
    EXPECT_NE(json.find("\"" + std::string{key} + "\":"), std::string::npos) << key;
}

struct BrokenOrder {
  std::string key;
  std::string value;
  std::string_view finding;
};

TEST(WireOrder, RefusesAnOrderWithABrokenFieldAndNamesIt) {
  const BrokenOrder cases[] = {
      {"id", "", "order.id is missing"},
      {"client_order_id", "7", "order.client_order_id has the wrong type"},
      {"created_at", "", "order.created_at is missing"},
      {"updated_at", "\"soon\"", "order.updated_at is not a time"},
      {"submitted_at", "null", "order.submitted_at is missing"},
      {"filled_qty", "", "order.filled_qty is missing"},
      {"qty", "\"1.0000000001\"", "order.qty has too many decimals"},
      {"limit_price", "\"99999999999\"", "order.limit_price is too large"},
      {"limit_price", "\"abc\"", "order.limit_price is not a decimal number"},
      {"side", "\"sideways\"", "order.side is a word that is not known"},
      {"time_in_force", "", "order.time_in_force is missing"},
      {"status", "", "order.status is missing"},
      {"extended_hours", "\"no\"", "order.extended_hours has the wrong type"},
      {"legs", "5", "order.legs has the wrong type"},
  };
  for (const auto& it : cases) {
    const auto order = read_order(with(golden("order"), it.key, it.value));

    ASSERT_FALSE(order) << it.finding;
    EXPECT_EQ(order.error().message.substr(0, it.finding.size()), it.finding);
  }
}

TEST(WireOrder, RefusesABodyThatIsCutOffAnywhere) {
  const auto body = golden("mleg_order");
  for (std::size_t size = 0; size < body.find_last_not_of("\n") + 1; ++size)
    EXPECT_FALSE(read_order(std::string_view{body}.substr(0, size))) << size;
}

TEST(WireOrder, ReadsAndWritesWhatBecameOfEach) {
  const Order order = read_order(golden("order")).value();
  const std::vector<BulkResult> results{
      {.id = "AAPL", .status = 200, .order = order},
      {.id = "MSFT", .status = 500, .error = "held", .error_code = 40310000},
      {.id = "SPY", .status = 200}};
  for (const auto* key : {"id", "symbol"}) {
    const auto read = read_bulk_results(to_json(results, key));

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, results);
  }
  EXPECT_EQ(read_bulk_results("[]").value().size(), 0U);
  EXPECT_FALSE(read_bulk_results("{}"));
  EXPECT_FALSE(read_bulk_results(R"([{"status":200}])"));
}

}  // namespace
}  // namespace st0ck::alpaca::test
