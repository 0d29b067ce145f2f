#include "app/exchange/exchange_fixture.hpp"

namespace st0ck::app::exchange {
namespace {

/// A market order to buy ten SPY, with fields changed.
Json with(const Json& fields) {
  Json body{{"symbol", "SPY"},
            {"qty", "10"},
            {"side", "buy"},
            {"type", "market"},
            {"time_in_force", "day"}};
  for (const auto& [name, value] : fields.items()) body[name] = value;
  return body;
}

Json limit(std::string_view side, std::string_view price, int quantity = 10) {
  return with({{"side", side},
               {"type", "limit"},
               {"limit_price", price},
               {"qty", std::to_string(quantity)}});
}

class OrderRules : public ExchangeFixture {};

TEST_F(OrderRules, RefuseWhatTheReferenceRefuses) {
  open();
  struct Case {
    const char* name;
    Json body;
    int status;
    std::uint64_t code;
  };
  const Json bracket{{"order_class", "bracket"},
                     {"take_profit", {{"limit_price", "110"}}},
                     {"stop_loss", {{"stop_price", "90"}}}};
  const auto bracket_with = [&](const Json& fields) {
    Json body = with(bracket);
    for (const auto& [name, value] : fields.items()) body[name] = value;
    return body;
  };
  const std::vector<Case> cases{
      {"sub-penny", limit("buy", "99.501"), 422, 42210000},
      {"no such asset", with({{"symbol", "NONE"}}), 422, 42210000},
      {"option", with({{"symbol", "SPY250620C00600000"}}), 422, 42210000},
      {"fraction gtc", with({{"qty", "0.5"}, {"time_in_force", "gtc"}}), 422, 42210000},
      {"fraction short", with({{"qty", "0.5"}, {"side", "sell"}}), 422, 42210000},
      {"extended market", with({{"extended_hours", true}}), 422, 42210000},
      {"opg in the day", with({{"time_in_force", "opg"}}), 422, 42210000},
      {"ioc stop", with({{"type", "stop"}, {"stop_price", "101"}, {"time_in_force", "ioc"}}), 422,
       42210000},
      {"bracket stop above the market", bracket_with({{"stop_loss", {{"stop_price", "100"}}}}), 422,
       40010001},
      {"bracket sides", bracket_with({{"take_profit", {{"limit_price", "80"}}}}), 422, 40010001},
      {"bracket without a stop", bracket_with({{"stop_loss", nullptr}}), 422, 40010001},
      {"bracket ioc", bracket_with({{"time_in_force", "ioc"}}), 422, 0},
      {"bracket sub-penny", bracket_with({{"stop_loss", {{"stop_price", "90.001"}}}}), 422,
       42210000},
      {"oco without a position",
       with({{"side", "sell"},
             {"type", "limit"},
             {"order_class", "oco"},
             {"take_profit", {{"limit_price", "110"}}},
             {"stop_loss", {{"stop_price", "90"}}}}),
       422, 40010001},
      {"limit with a stop", with({{"type", "limit"}, {"limit_price", "99"}, {"stop_price", "98"}}),
       422, 40010001},
      {"stop with a limit", with({{"type", "stop"}, {"limit_price", "103"}, {"stop_price", "102"}}),
       422, 40010001},
      {"both amounts", with({{"notional", "100"}}), 400, 40010001},
      {"bad word", with({{"side", "hold"}}), 400, 40010001},
      {"ten decimals", with({{"qty", "0.1234567891"}}), 422, 42210000},
      {"exponent", with({{"qty", "1e2"}}), 400, 40010001},
      {"too much", with({{"qty", "2001"}}), 403, 40310000},
      {"too much to short", limit("sell", "100.50", 1990), 403, 40310000},
      {"beyond all amounts", with({{"qty", "999999999"}}), 403, 40310000},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Reply reply = post(c.body);
    EXPECT_EQ(reply.status, c.status) << reply.body.dump();
    if (c.code != 0) {
      EXPECT_EQ(reply.code(), c.code) << reply.body.dump();
    }
  }
  EXPECT_EQ(get("/v2/orders?status=all").body, Json::array());
}

TEST_F(OrderRules, RefuseAClientIdThatWasUsedBefore) {
  open();
  order(with({{"client_order_id", "one"}}));

  const Reply reply = post(with({{"client_order_id", "one"}}));

  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.text("message"), "client_order_id must be unique");
  EXPECT_EQ(post(with({{"client_order_id", std::string(129, 'x')}})).status, 400);
  EXPECT_EQ(post(with({{"client_order_id", std::string(128, 'x')}})).status, 200);
}

TEST_F(OrderRules, SayWhatBuyingPowerThereIs) {
  open();

  const Reply reply = post(with({{"qty", "2001"}}));

  EXPECT_EQ(money_of(reply.text("buying_power")), core::Money::whole(200'000));
  EXPECT_EQ(money_of(reply.text("cost_basis")), money_of("200120.01"));
}

/// Money counts up to 9.22 billion dollars.
TEST_F(OrderRules, TellNoCostThatIsMoreThanMoneyCanCount) {
  open();

  const Reply counted = post(with({{"qty", "92000000"}}));
  const Reply beyond = post(with({{"qty", "5000000000"}}));

  EXPECT_EQ(money_of(counted.text("cost_basis")), money_of("9200920000"));
  EXPECT_EQ(beyond.status, 403);
  EXPECT_EQ(beyond.text("message"), "insufficient buying power");
  EXPECT_EQ(money_of(beyond.text("buying_power")), core::Money::whole(200'000));
  EXPECT_FALSE(beyond.body.contains("cost_basis")) << beyond.body.dump();
}

TEST_F(OrderRules, ReduceBuyingPowerAtOnceByARestingEntry) {
  open();
  const std::string id = order(limit("buy", "99", 1000));

  EXPECT_EQ(money_of(get("/v2/account").text("buying_power")), core::Money::whole(101'000));
  EXPECT_EQ(post(limit("buy", "99", 1100)).status, 403);
  call("DELETE", "/v2/orders/" + id);
  EXPECT_EQ(money_of(get("/v2/account").text("buying_power")), core::Money::whole(200'000));
}

TEST_F(OrderRules, ValueAShortSaleAtThreePerCentAboveTheAsk) {
  open();
  order(limit("sell", "100.50", 100));

  EXPECT_EQ(money_of(get("/v2/account").text("buying_power")),
            money_of("189698.97"));  // 200000 - 100.01 x 1.03 x 100
}

TEST_F(OrderRules, HoldSharesForClosingOrders) {
  open();
  buy(100);
  const std::string held = order(limit("sell", "105", 60));

  const Reply reply = post(limit("sell", "106", 41));

  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.code(), 40310000U);
  EXPECT_EQ(reply.text("available"), "40");
  EXPECT_EQ(reply.text("existing_qty"), "100");
  EXPECT_EQ(reply.text("held_for_orders"), "60");
  EXPECT_EQ(reply.body["related_orders"], Json::array({held}));
  EXPECT_EQ(post(limit("sell", "106", 40)).status, 200);
}

TEST_F(OrderRules, LetNoOrderCrossFromLongToShort) {
  open();
  buy(10);

  EXPECT_EQ(post(with({{"side", "sell"}, {"qty", "11"}})).status, 403);
  order(with({{"side", "sell"}}));
  order(with({{"side", "sell"}}));
  EXPECT_EQ(account().holdings().position(id_of("SPY")), core::Quantity::whole(-10));
  EXPECT_EQ(post(with({{"qty", "11"}})).status, 403);
}

TEST_F(OrderRules, HoldReplacementsOfAClosingOrderToThePosition) {
  open();
  buy(10);
  const std::string id = order(limit("sell", "105", 4));
  order(limit("sell", "106", 3));

  const Reply reply = call("PATCH", "/v2/orders/" + id, R"({"qty":"8"})");

  EXPECT_EQ(reply.status, 403) << reply.body.dump();
  EXPECT_EQ(reply.text("available"), "7");
  EXPECT_EQ(call("PATCH", "/v2/orders/" + id, R"({"qty":"7"})").status, 200);
}

class OrderIntents : public ExchangeFixture {
 protected:
  static Json asked(std::string_view side, std::string_view intent, int quantity = 10) {
    return with({{"side", side}, {"position_intent", intent}, {"qty", std::to_string(quantity)}});
  }

  static Json oco(std::string_view side, std::string_view intent, int quantity = 10) {
    Json body = asked(side, intent, quantity);
    const bool sells = side == "sell";
    body["type"] = "limit";
    body["order_class"] = "oco";
    body["take_profit"] = {{"limit_price", sells ? "110" : "90"}};
    body["stop_loss"] = {{"stop_price", sells ? "90" : "110"}};
    return body;
  }

  core::Quantity position() { return account().holdings().position(id_of("SPY")); }

  void expect_refused(const Json& body, int status = 422, std::uint64_t code = 42210000) {
    const Reply reply = post(body);
    EXPECT_EQ(reply.status, status) << body.dump() << reply.body.dump();
    EXPECT_EQ(reply.code(), code) << body.dump() << reply.body.dump();
    EXPECT_FALSE(reply.text("message").empty());
  }
};

TEST_F(OrderIntents, AreInferredFromSideAndPosition) {
  open();
  const auto intent_of = [&](const std::string& id) {
    return get("/v2/orders/" + id).text("position_intent");
  };

  EXPECT_EQ(intent_of(buy(10)), "buy_to_open");
  EXPECT_EQ(intent_of(buy(10)), "buy_to_open");
  EXPECT_EQ(intent_of(order(with({{"side", "sell"}, {"qty", "20"}}))), "sell_to_close");
  EXPECT_EQ(intent_of(order(with({{"side", "sell"}}))), "sell_to_open");
  EXPECT_EQ(intent_of(buy(10)), "buy_to_close");
}

TEST_F(OrderIntents, AreToldOfGroupsAndTheirLegs) {
  open();
  const Reply bracket = post(with({{"order_class", "bracket"},
                                   {"position_intent", "buy_to_open"},
                                   {"take_profit", {{"limit_price", "110"}}},
                                   {"stop_loss", {{"stop_price", "90"}}}}));
  ASSERT_EQ(bracket.status, 200) << bracket.body.dump();
  EXPECT_EQ(bracket.text("position_intent"), "buy_to_open");
  EXPECT_EQ(bracket.body["legs"][0]["position_intent"], "sell_to_close");
  EXPECT_EQ(bracket.body["legs"][1]["position_intent"], "sell_to_close");
  const std::string target = bracket.body["legs"][0]["id"];
  EXPECT_EQ(status_of(target), "new");
  call("DELETE", "/v2/orders/" + target);

  const Reply group = post(oco("sell", "sell_to_close"));

  ASSERT_EQ(group.status, 200) << group.body.dump();
  EXPECT_EQ(group.text("position_intent"), "sell_to_close");
  EXPECT_EQ(group.body["legs"][0]["position_intent"], "sell_to_close");
}

TEST_F(OrderIntents, LetTheExitsOfAnEntryThatRestsWait) {
  open();
  const Reply reply = post(with({{"type", "limit"},
                                 {"limit_price", "99"},
                                 {"order_class", "bracket"},
                                 {"position_intent", "buy_to_open"},
                                 {"take_profit", {{"limit_price", "110"}}},
                                 {"stop_loss", {{"stop_price", "90"}}}}));
  ASSERT_EQ(reply.status, 200) << reply.body.dump();
  EXPECT_EQ(reply.body["legs"][1]["position_intent"], "sell_to_close");

  print("SPY", "98.99");
  quote("SPY", "89.90", "89.92");
  print("SPY", "89.91");

  EXPECT_EQ(status_of(reply.body["legs"][1]["id"]), "filled");
  EXPECT_TRUE(position().is_zero());
}

TEST_F(OrderIntents, MustAgreeWithSideAndPosition) {
  open();
  for (const auto& [side, intent] :
       std::vector<std::pair<const char*, const char*>>{{"buy", "sell_to_open"},
                                                        {"buy", "sell_to_close"},
                                                        {"sell", "buy_to_open"},
                                                        {"sell", "buy_to_close"},
                                                        {"buy", "buy_to_close"},
                                                        {"sell", "sell_to_close"}})
    expect_refused(asked(side, intent));
  expect_refused(oco("sell", "sell_to_close"), 422, 40010001);

  order(asked("buy", "buy_to_open"));
  expect_refused(asked("sell", "sell_to_open"));
  expect_refused(asked("buy", "buy_to_close"));
  expect_refused(oco("sell", "sell_to_open"));
  order(asked("sell", "sell_to_close"));

  order(asked("sell", "sell_to_open"));
  expect_refused(asked("buy", "buy_to_open"));
  expect_refused(asked("sell", "sell_to_close"));
  EXPECT_EQ(post(oco("buy", "buy_to_close")).status, 200);
  call("DELETE", "/v2/orders");
  order(asked("buy", "buy_to_close"));
  EXPECT_TRUE(position().is_zero());
}

TEST_F(OrderIntents, MustNotCloseMoreThanThereIs) {
  open();
  buy(10);
  const Reply more = post(asked("sell", "sell_to_close", 11));
  EXPECT_EQ(more.status, 422);
  EXPECT_EQ(more.code(), 42210000U);
  EXPECT_EQ(more.text("existing_qty"), "10");
  EXPECT_EQ(more.text("available"), "10");
  EXPECT_EQ(more.text("symbol"), "SPY");
  expect_refused(oco("sell", "sell_to_close", 11));

  Json resting = asked("sell", "sell_to_close", 6);
  resting["type"] = "limit";
  resting["limit_price"] = "105";
  const std::string held = order(resting);

  // What another order holds is there, but not free.
  const Reply reply = post(asked("sell", "sell_to_close", 5));
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.text("available"), "4");
  EXPECT_EQ(reply.body["related_orders"], Json::array({held}));
  EXPECT_EQ(post(asked("sell", "sell_to_close", 4)).status, 200);
}

TEST_F(OrderIntents, NeverTurnAPositionRound) {
  open();
  // A sale that opened when it came, and goes first.
  order(limit("sell", "104", 10));
  const Reply bracket = post(with({{"type", "limit"},
                                   {"limit_price", "99"},
                                   {"order_class", "bracket"},
                                   {"position_intent", "buy_to_open"},
                                   {"take_profit", {{"limit_price", "105"}}},
                                   {"stop_loss", {{"stop_price", "95"}}}}));
  ASSERT_EQ(bracket.status, 200) << bracket.body.dump();
  print("SPY", "98.99");
  EXPECT_EQ(position(), core::Quantity::whole(10));
  print("SPY", "104.01");
  EXPECT_TRUE(position().is_zero());

  print("SPY", "105.01");

  EXPECT_TRUE(position().is_zero());
  EXPECT_EQ(status_of(bracket.body["legs"][0]["id"]), "canceled");
  EXPECT_EQ(status_of(bracket.body["legs"][1]["id"]), "canceled");
}

TEST_F(OrderIntents, CloseWhatIsLeftOfThePosition) {
  open();
  order(limit("sell", "104", 6));
  const Reply bracket = post(with({{"type", "limit"},
                                   {"limit_price", "99"},
                                   {"order_class", "bracket"},
                                   {"position_intent", "buy_to_open"},
                                   {"take_profit", {{"limit_price", "105"}}},
                                   {"stop_loss", {{"stop_price", "95"}}}}));
  print("SPY", "98.99");
  print("SPY", "104.01");
  EXPECT_EQ(position(), core::Quantity::whole(4));

  print("SPY", "105.01");

  EXPECT_TRUE(position().is_zero());
  const Reply target = get("/v2/orders/" + bracket.body["legs"][0]["id"].get<std::string>());
  EXPECT_EQ(target.text("status"), "canceled");
  EXPECT_EQ(target.text("filled_qty"), "4");
}

TEST_F(OrderRules, GuardAgainstWashTrades) {
  open();
  buy(10);
  const std::string stop = order(with({{"side", "sell"}, {"type", "stop"}, {"stop_price", "95"}}));

  const Reply reply = post(limit("buy", "94"));

  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.text("existing_order_id"), stop);
  EXPECT_FALSE(reply.text("reject_reason").empty());
  call("DELETE", "/v2/orders/" + stop);
  order(limit("sell", "105"));
  EXPECT_EQ(post(limit("buy", "105")).status, 403);
  EXPECT_EQ(post(limit("buy", "104.99", 1)).status, 200);
}

TEST_F(OrderRules, RefuseOrdersInAHaltedSymbol) {
  open();
  market::TradingStatus halt;
  halt.instrument = id_of("SPY");
  halt.time = clock_.now();
  halt.state = market::TradingState::Halted;
  venue_->on_trading_status(halt);

  EXPECT_EQ(post(with({})).code(), 42210000U);
}

TEST_F(OrderRules, RefuseWhatTheConfigurationForbids) {
  open();
  call("PATCH", "/v2/account/configurations", R"({"no_shorting":true})");
  EXPECT_EQ(post(with({{"side", "sell"}})).status, 403);
  call("PATCH", "/v2/account/configurations", R"({"fractional_trading":false})");
  EXPECT_EQ(post(with({{"qty", "0.5"}})).status, 403);
  call("PATCH", "/v2/account/configurations", R"({"suspend_trade":true})");
  EXPECT_EQ(post(with({})).status, 403);
}

TEST_F(OrderRules, TakeAuctionOrdersInTheirHoursOnly) {
  // 09:20: opg is still taken.
  const std::string opening = order(with({{"time_in_force", "opg"}}));
  open();
  EXPECT_EQ(status_of(opening), "filled");

  const std::string closing = order(with({{"time_in_force", "cls"}}));
  EXPECT_EQ(status_of(closing), "new");
  pass(session_.close - std::chrono::minutes{10} - clock_.now());
  EXPECT_EQ(post(with({{"time_in_force", "cls"}})).code(), 42210000U);
  print("SPY", "101", "6");
  EXPECT_EQ(status_of(closing), "filled");
}

}  // namespace
}  // namespace st0ck::app::exchange
