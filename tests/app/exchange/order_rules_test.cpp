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
      {"both amounts", with({{"notional", "100"}}), 400, 40010001},
      {"bad word", with({{"side", "hold"}}), 400, 40010001},
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
