#include "app/exchange/exchange_fixture.hpp"

namespace st0ck::app::exchange {
namespace {

using Texts = std::vector<std::string>;

class OrderGroups : public ExchangeFixture {
 protected:
  Reply bracket(const Json& fields = {}) {
    Json body{{"symbol", "SPY"},
              {"qty", "10"},
              {"side", "buy"},
              {"type", "market"},
              {"time_in_force", "day"},
              {"order_class", "bracket"},
              {"take_profit", {{"limit_price", "105"}}},
              {"stop_loss", {{"stop_price", "95"}}}};
    for (const auto& [name, value] : fields.items()) body[name] = value;
    return call_only("POST", "/v2/orders", body.dump());
  }

  /// Bought, and guarded by both exits.
  Reply filled_bracket() {
    open();
    const Reply reply = bracket();
    settle();
    events();
    return reply;
  }

  static std::string leg(const Reply& reply, std::size_t place) {
    return reply.body["legs"][place]["id"];
  }
};

TEST_F(OrderGroups, HoldExitsUntilTheEntryHasFilled) {
  open();
  const Reply reply = bracket({{"type", "limit"}, {"limit_price", "99"}});
  settle();
  ASSERT_EQ(reply.body["legs"].size(), 2U);
  EXPECT_EQ(status_of(leg(reply, 0)), "held");
  EXPECT_EQ(events(), (Texts{"new new"}));

  print("SPY", "98.99");

  EXPECT_EQ(status_of(reply.text("id")), "filled");
  EXPECT_EQ(status_of(leg(reply, 0)), "new");
  EXPECT_EQ(status_of(leg(reply, 1)), "new");
  EXPECT_EQ(events(), (Texts{"fill filled", "new new", "new new"}));
}

TEST_F(OrderGroups, LeaveAPartlyFilledEntryWithoutExits) {
  open();
  quote("SPY", "99.90", "99.99", 1);
  quote("QQQ", "49.99", "50.01");

  const Reply reply = bracket({{"type", "limit"}, {"limit_price", "99.99"}, {"qty", "100"}});
  settle();

  EXPECT_EQ(status_of(reply.text("id")), "partially_filled");
  EXPECT_EQ(status_of(leg(reply, 1)), "held");
  call("DELETE", "/v2/orders/" + reply.text("id"));
  EXPECT_EQ(status_of(leg(reply, 1)), "canceled");
}

TEST_F(OrderGroups, CancelTheOtherExitWhenOneFills) {
  const Reply reply = filled_bracket();

  print("SPY", "105.01");

  EXPECT_EQ(status_of(leg(reply, 0)), "filled");
  EXPECT_EQ(status_of(leg(reply, 1)), "canceled");
  EXPECT_EQ(events(), (Texts{"fill filled", "canceled canceled"}));
  EXPECT_TRUE(account().holdings().position(id_of("SPY")).is_zero());
}

TEST_F(OrderGroups, StopOutByTheStop) {
  const Reply reply = filled_bracket();

  quote("SPY", "94.90", "94.92");
  print("SPY", "94.91");

  EXPECT_EQ(status_of(leg(reply, 1)), "filled");
  EXPECT_EQ(status_of(leg(reply, 0)), "canceled");
}

TEST_F(OrderGroups, ShrinkTheStopAsTheTargetFillsInPart) {
  const Reply reply = filled_bracket();

  print("SPY", "105.01", "", 4);

  EXPECT_EQ(status_of(leg(reply, 0)), "partially_filled");
  EXPECT_EQ(get("/v2/orders/" + leg(reply, 1)).text("qty"), "6");
  quote("SPY", "94.90", "94.92");
  print("SPY", "94.91");
  EXPECT_EQ(status_of(leg(reply, 1)), "filled");
  EXPECT_EQ(status_of(leg(reply, 0)), "canceled");
  EXPECT_TRUE(account().holdings().position(id_of("SPY")).is_zero());
}

TEST_F(OrderGroups, CancelTogether) {
  open();
  const Reply reply = bracket({{"type", "limit"}, {"limit_price", "99"}});
  settle();
  events();

  call("DELETE", "/v2/orders/" + leg(reply, 0));

  EXPECT_EQ(events(), (Texts{"canceled canceled", "canceled canceled", "canceled canceled"}));
  EXPECT_EQ(status_of(reply.text("id")), "canceled");
}

TEST_F(OrderGroups, CancelOnlyTheExitsOnceTheEntryHasFilled) {
  const Reply reply = filled_bracket();

  call("DELETE", "/v2/orders/" + leg(reply, 1));

  EXPECT_EQ(status_of(reply.text("id")), "filled");
  EXPECT_EQ(events(), (Texts{"canceled canceled", "canceled canceled"}));
}

TEST_F(OrderGroups, CountBothExitsOnceAgainstThePosition) {
  filled_bracket();

  EXPECT_EQ(account().desk().held_of(id_of("SPY")).quantity, core::Quantity::whole(10));
  EXPECT_EQ(get("/v2/positions/SPY").text("qty_available"), "0");
}

TEST_F(OrderGroups, AreToldNestedOrEachByItself) {
  const Reply reply = filled_bracket();

  const Reply nested = get("/v2/orders?status=all&nested=true");
  ASSERT_EQ(nested.body.size(), 1U);
  EXPECT_EQ(nested.body[0]["legs"].size(), 2U);
  const Reply open_ones = get("/v2/orders?status=open&nested=true");
  ASSERT_EQ(open_ones.body.size(), 1U);
  const Reply flat = get("/v2/orders?status=all");
  ASSERT_EQ(flat.body.size(), 3U);
  EXPECT_TRUE(flat.body[2]["legs"].is_null());
}

TEST_F(OrderGroups, LetAnExitBeReplaced) {
  const Reply reply = filled_bracket();

  const Reply replaced = call("PATCH", "/v2/orders/" + leg(reply, 1), R"({"stop_price":"97"})");

  ASSERT_EQ(replaced.status, 200) << replaced.body.dump();
  quote("SPY", "96.90", "96.92");
  print("SPY", "96.91");
  EXPECT_EQ(status_of(replaced.text("id")), "filled");
  EXPECT_EQ(status_of(leg(reply, 0)), "canceled");
}

TEST_F(OrderGroups, LetAWaitingExitBeReplaced) {
  open();
  const Reply reply = bracket({{"type", "limit"}, {"limit_price", "99"}});
  settle();

  const Reply replaced = call("PATCH", "/v2/orders/" + leg(reply, 1), R"({"stop_price":"97"})");

  EXPECT_EQ(replaced.text("status"), "held");
  print("SPY", "98.99");
  EXPECT_EQ(status_of(replaced.text("id")), "new");
}

TEST_F(OrderGroups, WorkAnOcoAsTargetAndHeldStop) {
  open();
  buy(10);
  events();
  const Reply reply = post({{"symbol", "SPY"},
                            {"qty", "10"},
                            {"side", "sell"},
                            {"type", "limit"},
                            {"time_in_force", "gtc"},
                            {"order_class", "oco"},
                            {"take_profit", {{"limit_price", "105"}}},
                            {"stop_loss", {{"stop_price", "95"}, {"limit_price", "94"}}}});
  ASSERT_EQ(reply.status, 200) << reply.body.dump();
  EXPECT_EQ(price_of(reply.text("limit_price")), core::Price::whole(105));
  EXPECT_EQ(status_of(reply.text("id")), "new");
  EXPECT_EQ(status_of(leg(reply, 0)), "held");
  EXPECT_EQ(events(), (Texts{"new new"}));

  quote("SPY", "94.90", "94.92");
  print("SPY", "94.91");

  EXPECT_EQ(status_of(leg(reply, 0)), "filled");
  EXPECT_EQ(status_of(reply.text("id")), "canceled");
}

TEST_F(OrderGroups, TriggerOneExitByAnOto) {
  open();
  const Reply reply = post({{"symbol", "SPY"},
                            {"qty", "10"},
                            {"side", "buy"},
                            {"type", "market"},
                            {"time_in_force", "gtc"},
                            {"order_class", "oto"},
                            {"stop_loss", {{"stop_price", "95"}}}});
  ASSERT_EQ(reply.body["legs"].size(), 1U);
  EXPECT_EQ(status_of(leg(reply, 0)), "new");
  EXPECT_EQ(get("/v2/orders/" + leg(reply, 0)).text("side"), "sell");
}

TEST_F(OrderGroups, ExpireTogetherWithTheirEntry) {
  open();
  const Reply reply = bracket({{"type", "limit"}, {"limit_price", "99"}});
  settle();

  close();

  EXPECT_EQ(status_of(reply.text("id")), "expired");
  EXPECT_EQ(status_of(leg(reply, 0)), "expired");
}

}  // namespace
}  // namespace st0ck::app::exchange
