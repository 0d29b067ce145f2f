#include "app/exchange/exchange_fixture.hpp"

namespace st0ck::app::exchange {
namespace {

core::Money money(const Reply& reply, const char* name) { return money_of(reply.text(name)); }

class AccountApi : public ExchangeFixture {};

TEST_F(AccountApi, TellsTheAccountWithOldAndNewFields) {
  open();
  const Reply fresh = get("/v2/account");
  EXPECT_EQ(fresh.text("status"), "ACTIVE");
  EXPECT_EQ(fresh.text("multiplier"), "2");
  EXPECT_EQ(money(fresh, "cash"), core::Money::whole(100'000));
  for (const char* name : {"pattern_day_trader", "daytrade_count", "daytrading_buying_power",
                           "options_trading_level", "trading_blocked"})
    EXPECT_TRUE(fresh.body.contains(name)) << name;

  buy(100);
  print("SPY", "101");

  const Reply after = get("/v2/account");
  EXPECT_EQ(money(after, "cash"), core::Money::whole(89'999));
  EXPECT_EQ(money(after, "long_market_value"), core::Money::whole(10'100));
  EXPECT_EQ(money(after, "equity"), core::Money::whole(100'099));
  EXPECT_EQ(money(after, "buying_power"), core::Money::whole(190'098));
  EXPECT_EQ(money(after, "last_equity"), core::Money::whole(100'000));
  EXPECT_EQ(money(after, "initial_margin"), core::Money::whole(5'050));
  EXPECT_EQ(money(after, "maintenance_margin"), core::Money::whole(3'030));
}

TEST_F(AccountApi, KeepsAccountsApart) {
  open();
  buy(100);
  key_ = "other";

  EXPECT_EQ(money(get("/v2/account"), "cash"), core::Money::whole(100'000));
  EXPECT_EQ(get("/v2/positions").body, Json::array());
  EXPECT_EQ(get("/v2/orders?status=all").body, Json::array());
}

TEST_F(AccountApi, TellsAndClosesPositions) {
  open();
  buy(100);
  print("SPY", "102");
  const Reply position = get("/v2/positions/SPY");
  EXPECT_EQ(position.text("qty"), "100");
  EXPECT_EQ(position.text("side"), "long");
  EXPECT_EQ(money(position, "avg_entry_price"), money_of("100.01"));
  EXPECT_EQ(money(position, "market_value"), core::Money::whole(10'200));
  EXPECT_EQ(money(position, "unrealized_pl"), core::Money::whole(199));
  EXPECT_EQ(get("/v2/positions/" + position.text("asset_id")).text("symbol"), "SPY");
  EXPECT_EQ(get("/v2/positions/QQQ").code(), 40410000U);

  EXPECT_EQ(call("DELETE", "/v2/positions/SPY?percentage=25").text("qty"), "25");
  EXPECT_EQ(call("DELETE", "/v2/positions/SPY?qty=5").text("side"), "sell");
  EXPECT_EQ(get("/v2/positions/SPY").text("qty"), "70");
  EXPECT_EQ(call("DELETE", "/v2/positions/SPY?qty=71").status, 403);
  EXPECT_EQ(call("DELETE", "/v2/positions/SPY?qty=1&percentage=1").status, 422);
  EXPECT_EQ(call("DELETE", "/v2/positions/SPY?qty=1e0").text("message"),
            "qty is not a decimal number (like 12.34)");
  EXPECT_EQ(call("DELETE", "/v2/positions/SPY?qty=0.1234567891").text("message"),
            "qty is limited to 9 decimal places");
  EXPECT_EQ(call("DELETE", "/v2/positions/SPY").status, 200);
  EXPECT_EQ(call("DELETE", "/v2/positions/SPY").code(), 40410000U);
}

TEST_F(AccountApi, ClosesAllPositionsAndSaysSoOfEach) {
  open();
  buy(10);
  buy(20, "QQQ");
  order({{"symbol", "SPY"},
         {"qty", "10"},
         {"side", "sell"},
         {"type", "limit"},
         {"time_in_force", "gtc"},
         {"limit_price", "110"}});

  const Reply held = call("DELETE", "/v2/positions");
  EXPECT_EQ(held.status, 207);
  ASSERT_EQ(held.body.size(), 2U);
  EXPECT_EQ(held.body[0]["symbol"], "SPY");
  EXPECT_EQ(held.body[0]["status"], 403);
  EXPECT_EQ(held.body[0]["body"]["code"], 40310000);
  EXPECT_EQ(held.body[0]["body"]["available"], "0");
  EXPECT_EQ(held.body[0]["body"]["held_for_orders"], "10");
  EXPECT_EQ(held.body[0]["body"]["related_orders"].size(), 1U);
  EXPECT_EQ(held.body[1]["status"], 200);
  EXPECT_EQ(held.body[1]["body"]["side"], "sell");

  const Reply freed = call("DELETE", "/v2/positions?cancel_orders=true");
  ASSERT_EQ(freed.body.size(), 1U);
  EXPECT_EQ(freed.body[0]["status"], 200);
  EXPECT_EQ(get("/v2/positions").body, Json::array());
  EXPECT_EQ(call("DELETE", "/v2/positions").body, Json::array());
}

TEST_F(AccountApi, ShowsAShortWithNegativeQuantity) {
  open();
  order({{"symbol", "SPY"},
         {"qty", "10"},
         {"side", "sell"},
         {"type", "market"},
         {"time_in_force", "day"}});

  const Reply position = get("/v2/positions/SPY");
  EXPECT_EQ(position.text("qty"), "-10");
  EXPECT_EQ(position.text("side"), "short");
  EXPECT_EQ(money(position, "market_value"), core::Money::whole(-1'000));
  EXPECT_EQ(get("/v2/account/activities/FILL").body[0]["side"], "sell_short");
}

TEST_F(AccountApi, PagesActivitiesByTheLastId) {
  open();
  for (int i = 1; i <= 3; ++i) {
    buy(i);
    pass(std::chrono::seconds{1});
  }
  const Reply first = get("/v2/account/activities?page_size=2");
  ASSERT_EQ(first.body.size(), 2U);
  EXPECT_EQ(first.body[0]["qty"], "3");
  EXPECT_EQ(first.body[0]["activity_type"], "FILL");
  EXPECT_FALSE(first.body[0]["account_id"].is_null());

  const std::string token = first.body[1]["id"];
  const Reply second = get("/v2/account/activities?page_size=2&page_token=" + token);

  ASSERT_EQ(second.body.size(), 1U);
  EXPECT_EQ(second.body[0]["qty"], "1");
  EXPECT_EQ(get("/v2/account/activities/FILL?direction=asc").body[0]["qty"], "1");
  EXPECT_EQ(get("/v2/account/activities?activity_types=DIV").body, Json::array());
  EXPECT_EQ(get("/v2/account/activities?category=trade_activity").body.size(), 3U);
  EXPECT_EQ(get("/v2/account/activities?category=trade_activity&activity_types=DIV").status, 422);
  EXPECT_EQ(get("/v2/account/activities?page_token=odd").code(), 42210000U);
  EXPECT_EQ(get("/v2/account/activities/ODD").code(), 42210000U);
  EXPECT_EQ(get("/v2/account/activities?activity_types=FILL,ODD").code(), 42210000U);
  EXPECT_EQ(get("/v2/account/activities/DIVCGL").body, Json::array());
}

TEST_F(AccountApi, BooksDividendsAndSplits) {
  open();
  buy(10);
  close();
  const core::Date next{std::chrono::year{2025} / 6 / 3};
  market::CorporateAction dividend;
  dividend.instrument = id_of("SPY");
  dividend.ex_date = next;
  dividend.amount = core::Price::whole(1);
  market::CorporateAction split = dividend;
  split.kind = market::CorporateActionKind::Split;
  split.numerator = 2;
  venue_->on_corporate_action(dividend);
  venue_->on_corporate_action(split);

  prepare(next);

  const Reply rows = get("/v2/account/activities?category=non_trade_activity&direction=asc");
  ASSERT_EQ(rows.body.size(), 2U);
  EXPECT_EQ(rows.body[0]["activity_type"], "DIV");
  EXPECT_EQ(money_of(rows.body[0]["net_amount"].get<std::string>()), core::Money::whole(10));
  EXPECT_EQ(rows.body[1]["activity_type"], "SPLIT");
  EXPECT_EQ(get("/v2/positions/SPY").text("qty"), "20");
  EXPECT_EQ(money(get("/v2/account"), "equity"), money_of("100009.9"));
  const Reply told =
      get("/v2/corporate_actions/"
          "announcements?ca_types=split,dividend&since=2025-06-01&until=2025-06-30");
  ASSERT_EQ(told.body.size(), 2U);
  EXPECT_EQ(get("/v2/corporate_actions/announcements/" + told.body[0]["id"].get<std::string>())
                .text("initiating_symbol"),
            "SPY");
}

TEST_F(AccountApi, ChangesConfigurations) {
  const Reply changed = call("PATCH", "/v2/account/configurations",
                             R"({"no_shorting":true,"trade_confirm_email":"none"})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(get("/v2/account/configurations").body["no_shorting"], true);
  EXPECT_EQ(get("/v2/account/configurations").text("trade_confirm_email"), "none");
  EXPECT_EQ(call("PATCH", "/v2/account/configurations", R"({"max_margin_multiplier":"3"})").status,
            422);
  EXPECT_EQ(call("PATCH", "/v2/account/configurations", "[]").status, 400);
}

TEST_F(AccountApi, TellsThePortfoliosHistory) {
  open();
  buy(100);
  for (int minute = 1; minute <= 10; ++minute) {
    print("SPY", "101");
    market::Bar bar;
    bar.instrument = id_of("SPY");
    bar.end = session_.open + std::chrono::minutes{minute};
    clock_.advance_to(bar.end);
    venue_->on_bar(bar);
  }

  const Reply minutes = get("/v2/account/portfolio/history?period=1D&timeframe=1Min");
  ASSERT_EQ(minutes.body["timestamp"].size(), 10U);
  EXPECT_EQ(minutes.body["equity"][0], 100'099.0);
  EXPECT_EQ(minutes.body["profit_loss"][0], 99.0);
  EXPECT_EQ(minutes.text("base_value_asof"), "2025-06-02");
  EXPECT_EQ(minutes.body["cashflow"], Json::object());
  EXPECT_EQ(get("/v2/account/portfolio/history?period=1D&timeframe=5Min").body["timestamp"].size(),
            2U);
  close();
  const Reply days = get("/v2/account/portfolio/history");
  EXPECT_EQ(days.text("timeframe"), "1D");
  EXPECT_EQ(days.body["timestamp"].size(), 2U);
  EXPECT_EQ(get("/v2/account/portfolio/history?period=1A&timeframe=1Min").status, 422);
  EXPECT_EQ(get("/v2/account/portfolio/history?period=odd").status, 422);
}

TEST_F(AccountApi, KeepsWatchlists) {
  const Reply made = call("POST", "/v2/watchlists", R"({"name":"mine","symbols":["SPY","QQQ"]})");
  ASSERT_EQ(made.status, 200) << made.body.dump();
  const std::string path = "/v2/watchlists/" + made.text("id");
  EXPECT_EQ(made.body["assets"].size(), 2U);
  EXPECT_EQ(get("/v2/watchlists").body.size(), 1U);
  EXPECT_EQ(call("DELETE", path + "/SPY").body["assets"].size(), 1U);
  EXPECT_EQ(call("POST", path, R"({"symbol":"SPY"})").body["assets"].size(), 2U);
  EXPECT_EQ(call("PUT", path, R"({"name":"ours","symbols":["QQQ"]})").text("name"), "ours");
  EXPECT_EQ(get("/v2/watchlists:by_name?name=ours").text("id"), made.text("id"));
  EXPECT_EQ(call("POST", "/v2/watchlists", R"({"name":"ours"})").status, 422);
  EXPECT_EQ(call("POST", path, R"({"symbol":"NONE"})").status, 422);
  EXPECT_EQ(call("DELETE", path).status, 204);
  EXPECT_EQ(get(path).code(), 40410000U);
}

TEST_F(AccountApi, TellsAssets) {
  const Reply all = get("/v2/assets?status=active&asset_class=us_equity");
  ASSERT_EQ(all.body.size(), 2U);
  EXPECT_EQ(all.body[0]["class"], "us_equity");
  EXPECT_EQ(all.body[0]["exchange"], "ARCA");
  const std::string id = all.body[1]["id"];
  EXPECT_EQ(get("/v2/assets/" + id).text("symbol"), "QQQ");
  EXPECT_EQ(get("/v2/assets/SPY").body["tradable"], true);
  EXPECT_EQ(get("/v2/assets/NONE").code(), 40410000U);
  EXPECT_EQ(get("/v2/assets?asset_class=crypto").body, Json::array());
}

TEST_F(AccountApi, TellsClockAndCalendarOfSimulatedTime) {
  const Reply before = get("/v2/clock");
  EXPECT_EQ(before.body["is_open"], false);
  EXPECT_EQ(before.text("next_open"), "2025-06-02T09:30:00-04:00");
  open();
  const Reply clock = get("/v2/clock");
  EXPECT_EQ(clock.body["is_open"], true);
  EXPECT_EQ(clock.text("next_open"), "2025-06-03T09:30:00-04:00");
  EXPECT_EQ(clock.text("next_close"), "2025-06-02T16:00:00-04:00");
  EXPECT_EQ(get("/v3/clock?markets=NYSE").body["clocks"][0]["phase"], "core");

  const Reply days = get("/v2/calendar?start=2025-07-03T00:00:00.000Z&end=2025-07-07");
  ASSERT_EQ(days.body.size(), 2U);
  EXPECT_EQ(days.body[0]["close"], "13:00");
  EXPECT_EQ(days.body[0]["session_open"], "0400");
  EXPECT_EQ(days.body[1]["settlement_date"], "2025-07-08");
  EXPECT_EQ(get("/v2/calendar?start=odd").status, 422);
}

TEST_F(AccountApi, SaysThatThereAreNoOptions) {
  EXPECT_EQ(get("/v2/options/contracts?underlying_symbols=SPY").code(), 42210000U);
  EXPECT_EQ(get("/v2/options/contracts/SPY250620C00600000").code(), 42210000U);
  EXPECT_EQ(call("POST", "/v2/positions/SPY250620C00600000/exercise").code(), 42210000U);
}

}  // namespace
}  // namespace st0ck::app::exchange
