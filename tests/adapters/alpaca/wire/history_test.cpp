#include "st0ck/adapters/alpaca/wire/data/history.hpp"

#include "st0ck/adapters/alpaca/wire/data/snapshot.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::alpaca::test {
namespace {

core::Price price(std::string_view text) { return core::Price::parse(text).value(); }

const std::string kBar =
    R"({"t":"2024-03-01T05:00:00Z","o":1,"h":2.5,"l":0.5,"c":2,"v":1000,"n":12,"vw":1.75})";
const std::string kTrade =
    R"({"t":"2024-03-01T14:30:00.123456789Z","x":"D","p":189.12,"s":5,"c":["@"],"i":7,"z":"C",)"
    R"("u":"corrected"})";
const std::string kQuote =
    R"({"t":"2024-03-01T14:30:00Z","ax":"Q","ap":189.13,"as":200,"bx":"V","bp":0,"bs":0,)"
    R"("c":["R"],"z":"C"})";
const std::string kOptionQuote =
    R"({"t":"2024-03-01T14:30:00Z","ax":"X","ap":5.1,"as":7,"bx":"C","bp":5,"bs":12,"c":"A"})";

TEST(History, ReadsPagesOfManySymbolsAndOfOne) {
  const auto many = read_bars_page(R"({"bars":{"AAPL":[)" + kBar + "," + kBar + R"(],"MSFT":[)" +
                                   kBar + R"(],"SPY":null},"next_page_token":"abc"})");
  ASSERT_TRUE(many) << many.error().message;
  EXPECT_EQ(many->rows.at("AAPL").size(), 2U);
  EXPECT_EQ(many->rows.at("MSFT").at(0).vwap, price("1.75"));
  EXPECT_EQ(many->rows.at("MSFT").at(0).trade_count, 12U);
  EXPECT_TRUE(many->rows.at("SPY").empty());
  EXPECT_EQ(many->next_page_token, "abc");
  EXPECT_EQ(read_bars_page(to_json(*many)).value(), *many);

  const auto one =
      read_bars_page(R"({"bars":[)" + kBar + R"(],"symbol":"AAPL","next_page_token":null})");
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->rows.at("AAPL").size(), 1U);
  EXPECT_FALSE(one->next_page_token);
  EXPECT_EQ(read_bars_page(to_json_of_one(*one, "AAPL")).value(), *one);
}

TEST(History, ReadsTradesAndQuotes) {
  const auto trades = read_trades_page(R"({"trades":{"AAPL":[)" + kTrade + "]}}");
  ASSERT_TRUE(trades) << trades.error().message;
  EXPECT_EQ(trades->rows.at("AAPL").at(0).id, 7U);
  EXPECT_EQ(read_trades_page(to_json(*trades)).value(), *trades);
  EXPECT_EQ(read_trades_page(to_json_of_one(*trades, "AAPL")).value(), *trades);

  const auto quotes = read_quotes_page(R"({"quotes":{"AAPL":[)" + kQuote + "]}}");
  ASSERT_TRUE(quotes) << quotes.error().message;
  EXPECT_TRUE(quotes->rows.at("AAPL").at(0).bid.is_zero());
  EXPECT_EQ(read_quotes_page(to_json(*quotes)).value(), *quotes);
  EXPECT_EQ(read_quotes_page(to_json_of_one(*quotes, "AAPL")).value(), *quotes);
}

TEST(History, TakesEmptyAnswersForEmptyPages) {
  for (const std::string_view body :
       {"{}", R"({"bars":null})", R"({"bars":{},"next_page_token":null})",
        R"({"bars":null,"symbol":"AAPL"})"}) {
    const auto page = read_bars_page(body);
    ASSERT_TRUE(page) << body;
    EXPECT_TRUE(page->rows.empty()) << body;
  }
  EXPECT_TRUE(read_latest_trades("{}").value().empty());
  EXPECT_TRUE(read_latest_trades(R"({"trades":{}})").value().empty());
}

TEST(History, RefusesAPageWithABrokenRowAndSaysWhere) {
  const auto page =
      read_bars_page(R"({"bars":{"AAPL":[{"t":"2024-03-01T05:00:00Z","o":1,"h":1,"l":1,"c":1}]}})");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().message, "AAPL: bar.v is missing");
  for (const std::string_view body : {"", "[]", "5", R"({"bars":7})", R"({"bars":[]})",
                                      R"({"bars":{"A":7}})", R"({"bars":{"A":[7]}})"})
    EXPECT_FALSE(read_bars_page(body)) << body;
  const std::string whole = R"({"bars":{"AAPL":[)" + kBar + "]}}";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(read_bars_page(std::string_view{whole}.substr(0, size))) << size;
}

TEST(Latest, ReadsManySymbolsAndOne) {
  const auto quotes = read_latest_quotes(R"({"quotes":{"AAPL":)" + kQuote + "}}");
  ASSERT_TRUE(quotes) << quotes.error().message;
  EXPECT_EQ(quotes->at("AAPL").ask, price("189.13"));
  EXPECT_EQ(read_latest_quotes(to_json(*quotes)).value(), *quotes);
  EXPECT_EQ(read_latest_quotes(to_json_of_one("AAPL", quotes->at("AAPL"))).value(), *quotes);

  const auto trades = read_latest_trades(R"({"trade":)" + kTrade + R"(,"symbol":"AAPL"})");
  ASSERT_TRUE(trades) << trades.error().message;
  EXPECT_EQ(read_latest_trades(to_json(*trades)).value(), *trades);
  EXPECT_EQ(read_latest_trades(to_json_of_one("AAPL", trades->at("AAPL"))).value(), *trades);

  const auto bars = read_latest_bars(R"({"bars":{"AAPL":)" + kBar + "}}");
  ASSERT_TRUE(bars) << bars.error().message;
  EXPECT_EQ(read_latest_bars(to_json(*bars)).value(), *bars);
  EXPECT_EQ(read_latest_bars(to_json_of_one("AAPL", bars->at("AAPL"))).value(), *bars);

  EXPECT_FALSE(read_latest_bars(R"({"bars":{"AAPL":{}}})"));
  EXPECT_FALSE(read_latest_bars("[]"));
}

TEST(Latest, WritesOptionQuotesWithTheirOneCondition) {
  const auto quotes = read_latest_quotes(R"({"quotes":{"O":)" + kOptionQuote + "}}").value();

  const auto json = to_json(quotes, TapeProduct::Option);

  EXPECT_NE(json.find(R"("c":"A")"), std::string::npos);
  EXPECT_EQ(json.find(R"("z")"), std::string::npos);
  EXPECT_EQ(read_latest_quotes(json).value(), quotes);
}

TEST(Snapshots, OfStocksAreAMapAtTheTopOrOne) {
  const std::string snapshot = R"({"latestTrade":)" + kTrade + R"(,"latestQuote":)" + kQuote +
                               R"(,"minuteBar":)" + kBar + R"(,"dailyBar":null})";
  const auto many = read_stock_snapshots(R"({"AAPL":)" + snapshot + R"(,"GONE":null})");

  ASSERT_TRUE(many) << many.error().message;
  ASSERT_EQ(many->size(), 1U);
  EXPECT_EQ(many->at("AAPL").latest_trade->price, price("189.12"));
  EXPECT_FALSE(many->at("AAPL").daily_bar);
  EXPECT_FALSE(many->at("AAPL").greeks);
  EXPECT_EQ(read_stock_snapshots(stock_snapshots_json(*many)).value(), *many);
  EXPECT_EQ(read_stock_snapshots(stock_snapshot_json("AAPL", many->at("AAPL"))).value(), *many);
  EXPECT_FALSE(read_stock_snapshots(R"({"AAPL":7})"));
  EXPECT_FALSE(read_stock_snapshots(R"({"AAPL":{"minuteBar":{}}})"));
}

TEST(Snapshots, OfOptionsLeaveGreeksAbsentThatAreAbsent) {
  const auto page = read_option_snapshots(
      R"({"snapshots":{"A":{"latestQuote":)" + kOptionQuote +
      R"(,"greeks":{"delta":0.55,"gamma":1e-3,"theta":-0.02},"impliedVolatility":0.25},)"
      R"("B":{"latestQuote":)" +
      kOptionQuote + R"(}},"next_page_token":"x"})");

  ASSERT_TRUE(page) << page.error().message;
  EXPECT_DOUBLE_EQ(page->snapshots.at("A").greeks->gamma.value(), 0.001);
  EXPECT_FALSE(page->snapshots.at("A").greeks->rho);
  EXPECT_DOUBLE_EQ(page->snapshots.at("A").implied_volatility.value(), 0.25);
  EXPECT_FALSE(page->snapshots.at("B").greeks);
  EXPECT_FALSE(page->snapshots.at("B").implied_volatility);
  EXPECT_EQ(read_option_snapshots(option_snapshots_json(*page)).value(), *page);
  EXPECT_FALSE(read_option_snapshots(R"({"snapshots":{"A":{"impliedVolatility":"x"}}})"));
}

TEST(MostActives, AreReadAndWritten) {
  const auto actives =
      read_most_actives(R"({"most_actives":[{"symbol":"TSLA","volume":12345678,"trade_count":99}],)"
                        R"("last_updated":"2024-03-01T14:30:00Z"})");

  ASSERT_TRUE(actives) << actives.error().message;
  EXPECT_EQ(actives->most_actives.at(0).volume, core::Volume::whole(12'345'678));
  EXPECT_EQ(read_most_actives(to_json(*actives)).value(), *actives);
}

}  // namespace
}  // namespace st0ck::alpaca::test
