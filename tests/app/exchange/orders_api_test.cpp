#include "app/exchange/exchange_fixture.hpp"

namespace st0ck::app::exchange {
namespace {

using Texts = std::vector<std::string>;

Json limit(std::string_view side, int quantity, std::string_view price) {
  return {{"symbol", "SPY"}, {"qty", std::to_string(quantity)}, {"side", side},
          {"type", "limit"}, {"time_in_force", "day"},          {"limit_price", price}};
}

class OrdersApi : public ExchangeFixture {};

TEST_F(OrdersApi, TakesAMarketOrderAsPendingAndFillsItAMomentLater) {
  open();

  const Reply reply =
      call_only("POST", "/v2/orders",
                R"({"symbol":"SPY","qty":10,"side":"buy","type":"market","time_in_force":"day"})");
  EXPECT_EQ(reply.text("status"), "pending_new");
  EXPECT_EQ(reply.text("filled_qty"), "0");
  settle();

  EXPECT_EQ(events(), (Texts{"new new", "fill filled"}));
  const Reply after = get("/v2/orders/" + reply.text("id"));
  EXPECT_EQ(after.text("status"), "filled");
  EXPECT_EQ(after.text("filled_qty"), "10");
  EXPECT_EQ(price_of(after.text("filled_avg_price")), price_of("100.01"));
}

TEST_F(OrdersApi, RestsALimitAndCancelsIt) {
  open();
  const std::string id = order(limit("buy", 10, "99.50"));
  EXPECT_EQ(status_of(id), "new");

  EXPECT_EQ(call("DELETE", "/v2/orders/" + id).status, 204);

  EXPECT_EQ(status_of(id), "canceled");
  EXPECT_EQ(events(), (Texts{"new new", "canceled canceled"}));
  const Reply again = call("DELETE", "/v2/orders/" + id);
  EXPECT_EQ(again.status, 422);
  EXPECT_EQ(again.code(), 42210000U);
}

TEST_F(OrdersApi, FillsARestingLimitWhenTheMarketComesThrough) {
  open();
  const std::string id = order(limit("buy", 10, "99.50"));

  print("SPY", "99.49");

  EXPECT_EQ(status_of(id), "filled");
}

TEST_F(OrdersApi, KeepsAnOrderOutsideTheHoursForTheOpen) {
  const std::string id = order(limit("buy", 10, "99.50"));
  EXPECT_EQ(status_of(id), "accepted");
  EXPECT_EQ(call("PATCH", "/v2/orders/" + id, R"({"qty":"11"})").status, 422);

  open();

  EXPECT_EQ(status_of(id), "new");
}

TEST_F(OrdersApi, FillsAMarketOrderOfTheNightAtTheOpening) {
  const std::string id = buy(10);

  open();

  EXPECT_EQ(status_of(id), "filled");
  EXPECT_EQ(price_of(get("/v2/orders/" + id).text("filled_avg_price")), price_of("100"));
}

TEST_F(OrdersApi, ExpiresADayOrderAtTheCloseAndKeepsOneUntilCancelled) {
  open();
  const std::string day = order(limit("buy", 10, "99.50"));
  Json body = limit("buy", 10, "99.40");
  body["time_in_force"] = "gtc";
  const std::string gtc = order(body);

  close();

  EXPECT_EQ(status_of(day), "expired");
  EXPECT_EQ(status_of(gtc), "new");
  EXPECT_FALSE(get("/v2/orders/" + gtc).text("expires_at").empty());
}

TEST_F(OrdersApi, CancelsAnImmediateOrderThatFoundNothing) {
  open();
  Json body = limit("buy", 10, "99.50");
  body["time_in_force"] = "ioc";

  const std::string id = order(body);

  EXPECT_EQ(status_of(id), "canceled");
  EXPECT_EQ(events(), (Texts{"new new", "canceled canceled"}));
}

TEST_F(OrdersApi, ReplacesAnOrderByOneWithANewId) {
  open();
  const std::string old = order(limit("buy", 10, "99.50"));
  events();

  const Reply reply = call("PATCH", "/v2/orders/" + old, R"({"limit_price":"99.60","qty":12})");

  ASSERT_EQ(reply.status, 200) << reply.body.dump();
  const std::string id = reply.text("id");
  EXPECT_NE(id, old);
  EXPECT_EQ(reply.text("replaces"), old);
  EXPECT_EQ(reply.text("qty"), "12");
  EXPECT_EQ(status_of(old), "replaced");
  EXPECT_EQ(get("/v2/orders/" + old).text("replaced_by"), id);
  EXPECT_EQ(events(), (Texts{"replaced replaced", "new new"}));
  print("SPY", "99.59");
  EXPECT_EQ(status_of(id), "filled");
}

TEST_F(OrdersApi, ReplacesOnlyTheRestOfAPartlyFilledOrder) {
  open();
  quote("SPY", "99.90", "99.99", 5);
  const std::string old = order(limit("buy", 30, "99.99"));
  EXPECT_EQ(status_of(old), "partially_filled");

  const Reply reply = call("PATCH", "/v2/orders/" + old, R"({"qty":"20"})");

  EXPECT_EQ(reply.text("qty"), "15");
  print("SPY", "99.98");
  EXPECT_EQ(status_of(reply.text("id")), "filled");
  EXPECT_EQ(account().holdings().position(id_of("SPY")), core::Quantity::whole(20));
}

TEST_F(OrdersApi, RefusesAReplaceThatChangesNothingOrComesTooLate) {
  open();
  const std::string id = order(limit("buy", 10, "99.50"));

  EXPECT_EQ(call("PATCH", "/v2/orders/" + id, R"({"limit_price":"99.50"})").code(), 42210000U);
  EXPECT_EQ(call("PATCH", "/v2/orders/" + id, R"({"stop_price":"99.50"})").code(), 42210000U);
  EXPECT_EQ(call("PATCH", "/v2/orders/" + id, R"({"limit_price":"99.501"})").code(), 42210000U);
  call("DELETE", "/v2/orders/" + id);
  EXPECT_EQ(call("PATCH", "/v2/orders/" + id, R"({"qty":"11"})").code(), 42210000U);
  EXPECT_EQ(call("PATCH", "/v2/orders/" + Identifiers::of_name("x"), R"({"qty":"11"})").code(),
            40410000U);
}

TEST_F(OrdersApi, FindsAnOrderByItsClientIdWithEitherColon) {
  open();
  Json body = limit("buy", 10, "99.50");
  body["client_order_id"] = "my order";
  const std::string id = order(body);

  EXPECT_EQ(get("/v2/orders:by_client_order_id?client_order_id=my+order").text("id"), id);
  EXPECT_EQ(get("/v2/orders%3Aby_client_order_id?client_order_id=my%20order").text("id"), id);
  EXPECT_EQ(get("/v2/orders:by_client_order_id?client_order_id=none").code(), 40410000U);
}

TEST_F(OrdersApi, ListsByStatusSymbolSideTimeAndLimit) {
  open();
  const std::string first = order(limit("buy", 1, "99.10"));
  pass(std::chrono::seconds{1});
  const std::string second = order(limit("buy", 2, "99.20"));
  pass(std::chrono::seconds{1});
  const std::string filled = buy(3, "QQQ");
  const auto ids = [&](const std::string& query) {
    Texts list;
    for (const Json& row : get("/v2/orders?" + query).body) list.push_back(row["id"]);
    return list;
  };

  EXPECT_EQ(ids(""), (Texts{second, first}));
  EXPECT_EQ(ids("status=all&direction=asc"), (Texts{first, second, filled}));
  EXPECT_EQ(ids("status=closed"), (Texts{filled}));
  EXPECT_EQ(ids("status=all&symbols=QQQ,AAPL"), (Texts{filled}));
  EXPECT_EQ(ids("status=all&side=sell"), Texts{});
  EXPECT_EQ(ids("status=all&limit=1"), (Texts{filled}));
  EXPECT_EQ(ids("status=all&after_order_id=" + first), (Texts{filled, second}));
  EXPECT_EQ(ids("status=all&before_order_id=" + second), (Texts{first}));
  const std::string time = get("/v2/orders/" + second).text("submitted_at");
  EXPECT_EQ(ids("status=all&until=" + time), (Texts{first}));
  EXPECT_EQ(ids("status=all&after=" + time), (Texts{filled}));
  EXPECT_EQ(get("/v2/orders?limit=501").status, 422);
  EXPECT_EQ(get("/v2/orders?status=odd").status, 422);
  EXPECT_EQ(ids("status=all&limit=1&asset_class=us_equity,crypto"), (Texts{filled}));
  EXPECT_EQ(ids("status=all&asset_class=us_option"), Texts{});
  const Reply odd_class = get("/v2/orders?asset_class=us_equity,foo");
  EXPECT_EQ(odd_class.status, 422);
  EXPECT_EQ(odd_class.text("message"), "invalid query parameter asset_class");
  for (const std::string name : {"before_order_id", "after_order_id"}) {
    EXPECT_EQ(get("/v2/orders?" + name + "=x").status, 422) << name;
    EXPECT_EQ(get("/v2/orders?" + name + "=00000000-0000-0000-0000-000000000000").status, 404)
        << name;
  }
}

TEST_F(OrdersApi, CancelsAllAndSaysSoOfEach) {
  open();
  const std::string first = order(limit("buy", 1, "99.10"));
  const std::string second = order(limit("buy", 2, "99.20"));

  const Reply reply = call("DELETE", "/v2/orders");

  EXPECT_EQ(reply.status, 207);
  ASSERT_EQ(reply.body.size(), 2U);
  EXPECT_EQ(reply.body[0]["id"], first);
  EXPECT_EQ(reply.body[1]["status"], 200);
  EXPECT_EQ(status_of(second), "canceled");
  EXPECT_EQ(call("DELETE", "/v2/orders").body, Json::array());
}

TEST_F(OrdersApi, KnowsItsPathsAndMethods) {
  EXPECT_EQ(get("/v2/orders/no-uuid").status, 422);
  EXPECT_EQ(get("/v2/orders/" + Identifiers::of_name("x")).code(), 40410000U);
  EXPECT_EQ(call("PUT", "/v2/orders").status, 405);
  EXPECT_EQ(get("/v2/nothing").status, 404);
  EXPECT_EQ(call("POST", "/v2/orders", "no json").code(), 40010000U);
}

TEST_F(OrdersApi, TrailsAStopAndShowsWhereItStands) {
  open();
  buy(10);
  const std::string id = order({{"symbol", "SPY"},
                                {"qty", "10"},
                                {"side", "sell"},
                                {"type", "trailing_stop"},
                                {"time_in_force", "gtc"},
                                {"trail_price", "1"}});
  print("SPY", "103");
  EXPECT_EQ(price_of(get("/v2/orders/" + id).text("hwm")), core::Price::whole(103));
  EXPECT_EQ(price_of(get("/v2/orders/" + id).text("stop_price")), core::Price::whole(102));

  quote("SPY", "101.98", "102.00");
  print("SPY", "102");

  EXPECT_EQ(status_of(id), "filled");
}

TEST_F(OrdersApi, AnswersAReplacedTrailWithTheStopThatItMakes) {
  open();
  buy(10);
  std::string id = order({{"symbol", "SPY"},
                          {"qty", "10"},
                          {"side", "sell"},
                          {"type", "trailing_stop"},
                          {"time_in_force", "gtc"},
                          {"trail_price", "5"}});
  print("SPY", "105");
  print("SPY", "104");
  const auto replace = [&](const std::string& trail) {
    const Reply reply = call("PATCH", "/v2/orders/" + id, R"({"trail":")" + trail + R"("})");
    EXPECT_EQ(reply.status, 200) << reply.body.dump();
    id = reply.text("id");
    return price_of(reply.text("stop_price"));
  };
  const auto stop = [&] { return price_of(get("/v2/orders/" + id).text("stop_price")); };

  EXPECT_EQ(replace("2"), core::Price::whole(103));
  print("SPY", "103.50");
  EXPECT_EQ(stop(), core::Price::whole(103));
  // A greater distance does not loosen it, then and later.
  EXPECT_EQ(replace("8"), core::Price::whole(103));
  print("SPY", "106");
  EXPECT_EQ(stop(), core::Price::whole(103));
  EXPECT_EQ(replace("1.5"), price_of("104.50"));

  quote("SPY", "104.46", "104.48");
  print("SPY", "104.47");

  EXPECT_EQ(status_of(id), "filled") << "by the stop that was told";
}

TEST_F(OrdersApi, BoundsAStopToBuyByALimit) {
  open();
  const std::string id = order({{"symbol", "SPY"},
                                {"qty", "10"},
                                {"side", "buy"},
                                {"type", "stop"},
                                {"time_in_force", "day"},
                                {"stop_price", "101"}});

  quote("SPY", "103.98", "104.00");
  print("SPY", "104");
  EXPECT_EQ(status_of(id), "new");  // Beyond 101 x 1.025.
  quote("SPY", "102.98", "103.00");

  EXPECT_EQ(status_of(id), "filled");
}

TEST_F(OrdersApi, FillsFractionsAndNotionals) {
  open();
  const std::string part = order({{"symbol", "SPY"},
                                  {"qty", "0.5"},
                                  {"side", "buy"},
                                  {"type", "market"},
                                  {"time_in_force", "day"}});
  const std::string money = order({{"symbol", "QQQ"},
                                   {"notional", "100"},
                                   {"side", "buy"},
                                   {"type", "market"},
                                   {"time_in_force", "day"}});

  EXPECT_EQ(get("/v2/orders/" + part).text("filled_qty"), "0.5");
  const Reply reply = get("/v2/orders/" + money);
  EXPECT_EQ(reply.text("status"), "filled");
  EXPECT_TRUE(reply.body["qty"].is_null());
  EXPECT_EQ(quantity_of(reply.text("filled_qty")), quantity_of("1.999600079"));
  EXPECT_EQ(price_of(reply.text("filled_avg_price")), price_of("50.01"));
  const std::string little = order({{"symbol", "QQQ"},
                                    {"notional", "1.01"},
                                    {"side", "buy"},
                                    {"type", "market"},
                                    {"time_in_force", "day"}});
  EXPECT_EQ(price_of(get("/v2/orders/" + little).text("filled_avg_price")), price_of("50.01"));
  EXPECT_EQ(call("PATCH", "/v2/orders/" + money, R"({"qty":"3"})").status, 422);
}

TEST_F(OrdersApi, FillsAnExtendedOrderBeforeTheOpen) {
  Json body = limit("buy", 10, "100.01");
  body["extended_hours"] = true;
  const std::string id = order(body);

  quote("SPY", "99.99", "100.01");

  EXPECT_EQ(status_of(id), "filled");
  EXPECT_EQ(events(), (Texts{"new new", "fill filled"}));
}

}  // namespace
}  // namespace st0ck::app::exchange
