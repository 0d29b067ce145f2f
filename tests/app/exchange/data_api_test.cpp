// The other paths of the data host, refusals and limits.

#include "app/exchange/exchange_stage.hpp"

#include <gtest/gtest.h>

namespace st0ck::app::exchange::test {
namespace {

class DataApiAtNoon : public testing::Test {
 protected:
  static Stage& stage() {
    static Stage made;
    return made;
  }
  static void SetUpTestSuite() { stage().play_until(at("2025-01-08T17:00:00.5Z")); }

  static Json get(const std::string& target) { return stage().get(target); }
};

TEST_F(DataApiAtNoon, LatestValuesAreTheLastOnesTold) {
  const auto quotes =
      ticks_of<market::Quote>(stage(), 1, at("2025-01-08"), at("2025-01-08T17:00:00.5Z"));
  const Json many = get("/v2/stocks/quotes/latest?symbols=AAA,BBB,ZZZ");
  EXPECT_EQ(many["quotes"].size(), 2u);
  EXPECT_EQ(many["quotes"]["BBB"]["ap"], quotes.back().ask.to_double());
  EXPECT_EQ(many["quotes"]["BBB"]["t"], core::format_utc(quotes.back().time));

  const Json one = get("/v2/stocks/BBB/quotes/latest?feed=iex");
  EXPECT_EQ(one["quote"], many["quotes"]["BBB"]);
  EXPECT_EQ(one["symbol"], "BBB");
  EXPECT_EQ(get("/v2/stocks/AAA/bars/latest")["bar"]["t"], "2025-01-08T16:59:00Z");
  EXPECT_EQ(get("/v2/stocks/trades/latest?symbols=AAA")["trades"]["AAA"]["z"], "A");
}

TEST_F(DataApiAtNoon, TheDelayedFeedIsAQuarterOfAnHourBehind) {
  const auto trades =
      ticks_of<market::Trade>(stage(), 0, at("2025-01-08"), at("2025-01-08T16:45:00.5Z"));
  const Json trade = get("/v2/stocks/AAA/trades/latest?feed=delayed_sip")["trade"];
  EXPECT_EQ(trade["t"], core::format_utc(trades.back().time));
  const Json snapshot = get("/v2/stocks/AAA/snapshot?feed=delayed_sip");
  EXPECT_EQ(snapshot["minuteBar"]["t"], "2025-01-08T16:44:00Z");
  EXPECT_EQ(snapshot["latestTrade"], trade);
}

TEST_F(DataApiAtNoon, SnapshotsAreAMapAtTheTopOrOneWithItsSymbol) {
  const Json many = get("/v2/stocks/snapshots?symbols=BBB,AAA");
  ASSERT_EQ(many.size(), 2u);
  Json one = get("/v2/stocks/AAA/snapshot");
  EXPECT_EQ(one["symbol"], "AAA");
  EXPECT_EQ(one["dailyBar"]["t"], "2025-01-08T05:00:00Z");
  EXPECT_EQ(one["prevDailyBar"]["t"], "2025-01-07T05:00:00Z");
  EXPECT_EQ(one["minuteBar"]["t"], "2025-01-08T16:59:00Z");
  const Json days = get("/v2/stocks/AAA/bars?timeframe=1Day&start=2025-01-07")["bars"];
  EXPECT_EQ(one["prevDailyBar"], days[0]);
  EXPECT_EQ(one["dailyBar"], days[1]);
  one.erase("symbol");
  EXPECT_EQ(one, many["AAA"]);
}

TEST_F(DataApiAtNoon, AuctionsHaveADayInEachRow) {
  const Json page = get("/v2/stocks/auctions?symbols=AAA,BBB&start=2025-01-02&limit=7");
  ASSERT_EQ(page["auctions"]["AAA"].size(), 5u);
  ASSERT_EQ(page["auctions"]["BBB"].size(), 2u);
  const Json rest = get("/v2/stocks/auctions?symbols=AAA,BBB&start=2025-01-02&limit=7&page_token=" +
                        page["next_page_token"].get<std::string>());
  EXPECT_EQ(rest["auctions"]["BBB"].size(), 3u);
  EXPECT_EQ(rest["auctions"]["BBB"][0]["d"], "2025-01-06");
  EXPECT_TRUE(rest["next_page_token"].is_null());

  const Json day = get("/v2/stocks/AAA/auctions?start=2025-01-02&end=2025-01-02");
  EXPECT_EQ(day["auctions"][0]["o"][0]["c"], "O");
  EXPECT_EQ(day["auctions"][0]["c"][0]["c"], "6");
  EXPECT_EQ(day["auctions"][0]["c"][0]["x"], "N");
  EXPECT_EQ(page["auctions"]["AAA"][4]["c"].size(), 0u) << "today's closing auction lies ahead";
}

TEST_F(DataApiAtNoon, ScreenersRankByTheRunningDay) {
  const Json by_volume = get("/v1beta1/screener/stocks/most-actives?by=volume&top=1");
  ASSERT_EQ(by_volume["most_actives"].size(), 1u);
  const Json snapshots = get("/v2/stocks/snapshots?symbols=AAA,BBB");
  const double most = std::max(snapshots["AAA"]["dailyBar"]["v"].get<double>(),
                               snapshots["BBB"]["dailyBar"]["v"].get<double>());
  EXPECT_EQ(by_volume["most_actives"][0]["volume"], most);

  const Json movers = get("/v1beta1/screener/stocks/movers?top=50");
  EXPECT_EQ(movers["gainers"].size() + movers["losers"].size(), 2u);
  EXPECT_EQ(movers["market_type"], "stocks");
  for (const auto* list : {"gainers", "losers"}) {
    for (const Json& mover : movers[list]) {
      const Json& snapshot = snapshots[mover["symbol"].get<std::string>()];
      const double before = snapshot["prevDailyBar"]["c"];
      EXPECT_EQ(mover["price"], snapshot["dailyBar"]["c"]);
      EXPECT_NEAR(mover["percent_change"], mover["change"].get<double>() / before * 100, 0.0051);
    }
  }
}

TEST_F(DataApiAtNoon, CorporateActionsAreThoseOfTheTape) {
  std::size_t expected = 0;
  for (const auto& event : stage().events)
    expected += std::holds_alternative<market::CorporateAction>(event.what) ? 1U : 0U;
  ASSERT_GT(expected, 2u);
  const std::string whole = "/v1/corporate-actions?start=2025-01-01&end=2025-01-31";
  std::size_t found = 0;
  std::size_t pages = 0;
  for (std::string token; pages < 100;) {
    const Json page = get(whole + "&limit=1" + (token.empty() ? "" : "&page_token=" + token));
    for (const auto& [type, list] : page["corporate_actions"].items()) found += list.size();
    ++pages;
    if (page["next_page_token"].is_null()) break;
    token = page["next_page_token"];
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(pages, expected);
  const Json dividends = get(whole + "&types=cash_dividend&symbols=AAA")["corporate_actions"];
  for (const Json& each : dividends["cash_dividends"]) EXPECT_EQ(each["symbol"], "AAA");
  EXPECT_FALSE(dividends.contains("forward_splits") && !dividends["forward_splits"].empty());
}

TEST_F(DataApiAtNoon, TellsTheCodesOfTheTapes) {
  EXPECT_EQ(get("/v2/stocks/meta/exchanges")["N"], "New York Stock Exchange");
  EXPECT_EQ(get("/v2/stocks/meta/conditions/trade?tape=C")["W"], "Average Price Trade");
  EXPECT_TRUE(get("/v2/stocks/meta/conditions/quote?tape=A").contains("R"));
  EXPECT_EQ(get("/v1beta1/news?symbols=AAA"), Json::parse(R"({"news":[],"next_page_token":null})"));
}

struct RefusedCase {
  std::string target;
  int status;
  std::string message;
};

TEST_F(DataApiAtNoon, SaysWhatIsWrongWithAQuestion) {
  const std::vector<RefusedCase> cases{
      {"/v2/stocks/bars?timeframe=1Min", 400, "symbols parameter is required"},
      {"/v2/stocks/bars?symbols=aapl&timeframe=1Min", 400, "invalid symbol: aapl"},
      {"/v2/stocks/bars?symbols=AAA,,BBB&timeframe=1Min", 400, "invalid symbol: "},
      {"/v2/stocks/bars?symbols=AAA", 400, "timeframe parameter is required"},
      {"/v2/stocks/bars?symbols=AAA&timeframe=60Min", 400, "invalid timeframe: 60Min"},
      {"/v2/stocks/bars?symbols=AAA&timeframe=5Month", 400, "invalid timeframe"},
      {"/v2/stocks/bars?symbols=AAA&timeframe=1Day&adjustment=some", 400, "invalid adjustment"},
      {"/v2/stocks/AAA/trades?limit=0", 400, "invalid limit: 0: it is from 1 to 10000"},
      {"/v2/stocks/AAA/trades?limit=10001", 400, "invalid limit"},
      {"/v2/stocks/AAA/trades?start=yesterday", 400, "invalid start: yesterday"},
      {"/v2/stocks/AAA/trades?start=2025-01-03&end=2025-01-02", 400, "before start"},
      {"/v2/stocks/AAA/trades?sort=up", 400, "invalid sort"},
      {"/v2/stocks/AAA/trades?page_token=junk", 400, "invalid page_token"},
      {"/v2/stocks/AAA/trades?page_token=BBB%7C0%7C0", 400, "invalid page_token"},
      {"/v2/stocks/AAA/trades?feed=nyse", 400, "invalid feed: nyse"},
      {"/v2/stocks/AAA/trades?feed=otc", 403, "does not permit querying otc"},
      {"/v2/stocks/AAA/trades?currency=EUR", 400, "invalid currency"},
      {"/v2/stocks/AAA/trades?asof=then", 400, "invalid asof"},
      {"/v2/stocks/ZZZ/trades/latest", 404, "no trade found for ZZZ"},
      {"/v2/stocks/ZZZ/snapshot", 404, "no snapshot found for ZZZ"},
      {"/v2/stocks/meta/conditions/trade?tape=D", 400, "invalid tape"},
      {"/v2/stocks/meta/conditions/bar?tape=A", 400, "invalid ticktype"},
      {"/v2/stocks/AAA/nothing", 404, "endpoint not found"},
      {"/v1beta1/screener/stocks/most-actives?by=name", 400, "invalid by"},
      {"/v1beta1/screener/stocks/movers?top=51", 400, "invalid top"},
      {"/v1/corporate-actions?start=2025-01-05&end=2025-01-04", 400, "before start"},
      {"/v1/corporate-actions?types=cash_dividend,foo", 400, "invalid types: foo"},
      {"/v1beta1/options/snapshots/AAPL", 404, "option data are not offered"},
      {"/v1beta1/options/bars?symbols=X", 404, "option data are not offered"},
      {"/v1beta3/crypto/us/latest/trades", 404, "crypto data are not offered"},
  };
  for (const auto& each : cases) {
    const auto response = stage().ask(each.target);
    EXPECT_EQ(response.status, each.status) << each.target;
    const Json body = Json::parse(response.body);
    EXPECT_NE(body["message"].get<std::string>().find(each.message), std::string::npos)
        << each.target << ' ' << response.body;
  }
}

TEST_F(DataApiAtNoon, AMessageQuotesAnyBytesAsValidJson) {
  const auto response = stage().ask("/v2/stocks/AAA/trades?start=%22%5C%0A%FF");
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(Json::parse(response.body)["message"].get<std::string>().find("\"\\\n?"),
            std::string::npos);
}

TEST_F(DataApiAtNoon, UnknownSymbolsHaveNoRows) {
  EXPECT_EQ(get("/v2/stocks/bars?symbols=ZZZ&timeframe=1Day"),
            Json::parse(R"({"bars":{},"next_page_token":null})"));
  EXPECT_EQ(get("/v2/stocks/ZZZ/bars?timeframe=1Day")["bars"].size(), 0u);
}

TEST_F(DataApiAtNoon, AsksForRightKeysAndForReading) {
  const auto none = stage().ask("/v2/stocks/snapshots?symbols=AAA", {});
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.body, R"({"message":"unauthorized."})");
  EXPECT_TRUE(net::find_header(none.headers, "X-RateLimit-Limit"));
  const auto wrong = stage().ask("/v2/stocks/snapshots?symbols=AAA",
                                 {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "no"}});
  EXPECT_EQ(wrong.status, 401);
  const auto post =
      stage().ask("/v2/stocks/snapshots?symbols=AAA",
                  {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}}, "POST");
  EXPECT_EQ(post.status, 405);
}

TEST(DataApi, CountsRequestsByKeyAndMinute) {
  Stage stage{{.requests_per_minute = 2}};
  stage.wall.advance_to(at("2030-01-01T00:00:00.2Z"));
  const std::string target = "/v2/stocks/meta/exchanges";
  const auto header = [](const net::ServerResponse& response, std::string_view name) {
    return std::string{net::find_header(response.headers, name).value_or("")};
  };

  const auto first = stage.ask(target);
  EXPECT_EQ(header(first, "X-RateLimit-Limit"), "2");
  EXPECT_EQ(header(first, "X-RateLimit-Remaining"), "1");
  EXPECT_EQ(header(first, "X-RateLimit-Reset"), "1893456061") << "rounded up";
  EXPECT_NE(header(first, "X-Request-ID"), header(stage.ask(target), "X-Request-ID"));
  const auto third = stage.ask(target);
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(Json::parse(third.body)["code"], 42910000);
  EXPECT_EQ(header(third, "X-RateLimit-Remaining"), "0");
  EXPECT_EQ(
      stage.ask(target, {{"APCA-API-KEY-ID", "other"}, {"APCA-API-SECRET-KEY", "secret"}}).status,
      200);

  stage.scheduler.run_for(std::chrono::minutes{1});
  EXPECT_EQ(stage.ask(target).status, 200);
}

TEST(DataApi, ABasicPlanSeesConsolidatedDataLate) {
  Stage stage{{.plan = DataPlan::Basic}};
  stage.play_until(at("2025-01-03T17:00:00Z"));
  const std::string target = "/v2/stocks/AAA/trades?sort=desc&limit=1";

  const auto recent = stage.ask(target + "&end=2025-01-03T16:50:00Z");
  EXPECT_EQ(recent.status, 403);
  EXPECT_NE(recent.body.find("subscription does not permit querying recent SIP data"),
            std::string::npos);
  EXPECT_EQ(stage.ask("/v2/stocks/AAA/trades/latest?feed=sip").status, 403);
  EXPECT_LE(stage.get(target)["trades"][0]["t"].get<std::string>(), "2025-01-03T16:45:00Z");
  EXPECT_EQ(stage.ask(target + "&end=2025-01-03T16:45:00Z").status, 200);
  EXPECT_GT(stage.get(target + "&feed=iex")["trades"][0]["t"].get<std::string>(),
            "2025-01-03T16:58:00Z");
  EXPECT_EQ(stage.ask("/v2/stocks/AAA/trades/latest").status, 200) << "of iex";
}

TEST(DataApi, BeforeTheFirstEventThereIsNothing) {
  Stage stage;
  stage.clock.advance_to(at("2025-01-02T14:00:00Z"));
  EXPECT_EQ(stage.get("/v2/stocks/snapshots?symbols=AAA")["AAA"]["latestTrade"], Json{});
  EXPECT_EQ(stage.get("/v2/stocks/AAA/bars?timeframe=1Day")["bars"].size(), 0u);
  EXPECT_EQ(stage.get("/v1beta1/screener/stocks/movers")["gainers"].size(), 0u);
}

TEST(MarketRecord, GivesAnUpdatedBarAndTheDayWithIt) {
  Stage stage;
  stage.play_until(at("2025-01-02T15:00:00Z"));
  struct Listener : MarketListener {
    void on_bar(const market::Bar&) override { ++bars; }
    void on_updated_bar(const market::Bar& bar) override { updated.push_back(bar); }
    void on_daily_bar(const market::Bar& bar) override { day = bar; }
    int bars = 0;
    std::vector<market::Bar> updated;
    market::Bar day{};
  } listener;
  stage.record.add_listener(listener);
  const core::InstrumentId id{0};
  market::Bar late = stage.record.day()->instruments[0].minutes[5];
  const auto before = stage.record.daily_bar(id);
  late.high = late.high + core::Price::whole(50);

  stage.record.on_bar(late);

  EXPECT_EQ(listener.bars, 0);
  ASSERT_EQ(listener.updated.size(), 1u);
  EXPECT_EQ(listener.day.high, late.high);
  EXPECT_EQ(listener.day.volume, before->volume);
  stage.record.remove_listener(listener);
}

TEST(MarketRecord, DropsTheOldestTicksOfADayAtItsBound) {
  Stage stage;
  MarketRecord record{stage.calendar, stage.instruments, stage.history, {.ticks_max = 8}};
  market::Quote quote;
  quote.bid = core::Price::whole(1);
  quote.ask = core::Price::whole(2);
  for (int i = 0; i < 100; ++i) {
    quote.time = at("2025-01-02T15:00:00Z") + std::chrono::seconds{i};
    record.on_quote(quote);
  }
  const auto& kept = record.ticks()[0].quotes;
  EXPECT_LE(kept.size(), 8u);
  EXPECT_GE(kept.size(), 5u);
  EXPECT_EQ(kept.back().time, quote.time);

  quote.time = at("2025-01-04T15:00:00Z");
  record.on_quote(quote);
  quote.instrument = core::InstrumentId{9};
  record.on_quote(quote);
  EXPECT_EQ(record.refused(), 2u) << "a Saturday, and an instrument that is not there";
}

}  // namespace
}  // namespace st0ck::app::exchange::test
