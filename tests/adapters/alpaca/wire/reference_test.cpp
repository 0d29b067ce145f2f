#include "adapters/alpaca/golden.hpp"
#include "st0ck/adapters/alpaca/wire/query.hpp"
#include "st0ck/adapters/alpaca/wire/reference/activity.hpp"
#include "st0ck/adapters/alpaca/wire/reference/asset.hpp"
#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/adapters/alpaca/wire/reference/corporate_action.hpp"
#include "st0ck/adapters/alpaca/wire/reference/portfolio_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace st0ck::alpaca::test {
namespace {

using namespace std::chrono_literals;

core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
core::Quantity quantity(std::string_view text) { return core::Quantity::parse(text).value(); }

/// Cut off anywhere, a body is refused whole.
template <typename Read>
void expect_refused_when_cut(std::string body, Read read) {
  body.resize(body.find_last_not_of("\n") + 1);
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(read(std::string_view{body}.substr(0, size))) << size;
}

TEST(WireAsset, IsReadAndWritten) {
  const auto assets = read_assets(golden("assets"));

  ASSERT_TRUE(assets) << assets.error().message;
  ASSERT_EQ(assets->size(), 2U);
  EXPECT_EQ((*assets)[0].symbol, "AAPL");
  EXPECT_EQ((*assets)[0].maintenance_margin_requirement, Percent::parse("30").value());
  EXPECT_EQ((*assets)[0].margin_requirement_long, Percent::parse("30.5").value());
  EXPECT_EQ((*assets)[0].attributes,
            (std::vector<std::string>{"has_options", "fractional_eh_enabled"}));
  EXPECT_TRUE((*assets)[0].shortable);
  EXPECT_EQ((*assets)[1].status, ListingStatus::Inactive);
  EXPECT_EQ(read_assets(to_json(*assets)).value(), *assets);
  EXPECT_EQ(read_asset(to_json((*assets)[0])).value(), (*assets)[0]);
  expect_refused_when_cut(golden("assets"), read_assets);
}

TEST(WireOptionContract, IsReadWithItsOpenInterest) {
  const auto page = read_option_contracts(golden("option_contracts"));

  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->contracts.size(), 2U);
  EXPECT_EQ(page->contracts[0].strike_price, price("190"));
  EXPECT_EQ(page->contracts[0].open_interest, core::Volume::whole(4321));
  EXPECT_EQ(page->contracts[0].expiration_date, core::Date{2024y / 6 / 21});
  EXPECT_EQ(page->contracts[0].type, ContractType::Call);
  EXPECT_FALSE(page->contracts[1].open_interest);
  EXPECT_FALSE(page->contracts[1].close_price);
  EXPECT_EQ(page->contracts[1].is_penny_program, true);
  EXPECT_EQ(page->next_page_token, "MTAw");
  EXPECT_EQ(read_option_contracts(to_json(*page)).value(), *page);
  EXPECT_EQ(read_option_contract(to_json(page->contracts[0])).value(), page->contracts[0]);
  EXPECT_TRUE(read_option_contracts(R"({"option_contracts":null,"next_page_token":null})")
                  .value()
                  .contracts.empty());
  expect_refused_when_cut(golden("option_contracts"), read_option_contracts);
}

TEST(WireClock, KeepsItsMomentsWithNewYorksOffset) {
  const auto clock = read_clock(
      R"({"timestamp":"2024-03-01T09:30:00.123456789-05:00","is_open":true,)"
      R"("next_open":"2024-03-04T09:30:00-05:00","next_close":"2024-03-01T16:00:00-05:00"})");

  ASSERT_TRUE(clock) << clock.error().message;
  EXPECT_EQ(core::to_ns(clock->time), 1'709'303'400'123'456'789);
  EXPECT_TRUE(clock->is_open);
  EXPECT_EQ(clock->next_close - clock->next_open, -(2 * 24h + 17h + 30min));
  EXPECT_NE(to_json(*clock).find("2024-03-01T16:00:00-05:00"), std::string::npos);
  EXPECT_EQ(read_clock(to_json(*clock)).value(), *clock);
  expect_refused_when_cut(to_json(*clock), read_clock);
}

TEST(WireCalendar, ReadsWallTimesOfBothForms) {
  const auto days =
      read_calendar(R"([{"date":"2024-07-03","open":"09:30","close":"13:00","session_open":"0400",)"
                    R"("session_close":"2000","settlement_date":"2024-07-05"},)"
                    R"({"date":"2024-07-05","open":"09:30","close":"16:00"}])");

  ASSERT_TRUE(days) << days.error().message;
  EXPECT_EQ((*days)[0].date, core::Date{2024y / 7 / 3});
  EXPECT_EQ((*days)[0].open, 9h + 30min);
  EXPECT_EQ((*days)[0].close, 13h);
  EXPECT_EQ((*days)[0].session_open, 4h);
  EXPECT_EQ((*days)[0].settlement_date, core::Date{2024y / 7 / 5});
  EXPECT_FALSE((*days)[1].session_close);
  EXPECT_EQ(read_calendar(to_json(*days)).value(), *days);
  for (const std::string_view body :
       {"{}", R"([{"open":"09:30","close":"16:00"}])", R"([{"date":"2024-07-03"}])",
        R"([{"date":"2024-07-03","open":"9:30","close":"16:00"}])",
        R"([{"date":"2024-07-03","open":"09:60","close":"16:00"}])"})
    EXPECT_FALSE(read_calendar(body)) << body;
}

TEST(WireActivity, ReadsFillsAndOthers) {
  const auto rows = read_activities(golden("activities"));

  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_TRUE((*rows)[0].is_fill());
  EXPECT_EQ((*rows)[0].side, ActivitySide::SellShort);
  EXPECT_EQ((*rows)[0].price, price("3.1415"));
  EXPECT_EQ((*rows)[0].cumulative_quantity, quantity("5"));
  EXPECT_EQ((*rows)[1].net_amount, core::Money::parse("1.02").value());
  EXPECT_EQ((*rows)[1].date, core::Date{2024y / 3 / 1});
  EXPECT_EQ(read_activities(to_json(*rows)).value(), *rows);
  EXPECT_FALSE(read_activities(R"([{"id":"x","activity_type":"FILL","qty":"1"}])"));
  expect_refused_when_cut(golden("activities"), read_activities);
}

TEST(WireCorporateActions, ReadsEachTypeUnderItsName) {
  const auto page = read_corporate_actions(
      R"({"corporate_actions":{"cash_dividends":[{"id":"1","symbol":"AAPL","rate":0.24,)"
      R"("special":false,"ex_date":"2024-02-09","payable_date":"2024-02-15"}],)"
      R"("forward_splits":[{"symbol":"NVDA","new_rate":10,"old_rate":1,"ex_date":"2024-06-10"}],)"
      R"("wonders":[{}]},"next_page_token":null})");

  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->actions.size(), 2U);
  EXPECT_EQ(page->actions[0].rate, price("0.24"));
  EXPECT_EQ(page->actions[0].ex_date, core::Date{2024y / 2 / 9});
  EXPECT_EQ(page->actions[1].type, CorporateActionType::ForwardSplit);
  EXPECT_EQ(page->actions[1].new_rate, quantity("10"));
  const auto again = read_corporate_actions(to_json(*page)).value();
  EXPECT_EQ(again.actions.size(), 2U);
  EXPECT_EQ(again.actions[0], page->actions[1]);
  EXPECT_TRUE(read_corporate_actions(R"({})").value().actions.empty());
  EXPECT_FALSE(read_corporate_actions(R"({"corporate_actions":{"cash_dividends":[7]}})"));
}

TEST(WireCorporateActions, KeepsTheDatesOfWhatHasNoExDate) {
  const auto page = read_corporate_actions(golden("corporate_actions"));

  ASSERT_TRUE(page) << page.error().message;
  const auto merger = std::ranges::find(page->actions, CorporateActionType::CashMerger,
                                        &CorporateActionNotice::type);
  ASSERT_NE(merger, page->actions.end());
  EXPECT_FALSE(merger->ex_date);
  EXPECT_EQ(merger->effective_date, core::Date{2026y / 3 / 23});
  EXPECT_EQ(merger->process_date, core::Date{2026y / 3 / 23});
  EXPECT_EQ(name_of(merger->type), "cash_mergers");
  EXPECT_EQ(read_corporate_actions(to_json(*page)).value().actions.size(), page->actions.size());
  expect_refused_when_cut(golden("corporate_actions"), read_corporate_actions);
}

TEST(WirePortfolioHistory, ReadsColumnsAsPoints) {
  const auto history = read_portfolio_history(
      R"({"timestamp":[1709303400,1709303460],"equity":[100000.5,null],"profit_loss":[1.25,null],)"
      R"("profit_loss_pct":[0.0000125,null],"base_value":99999.25,"timeframe":"1Min",)"
      R"("cashflow":{}})");

  ASSERT_TRUE(history) << history.error().message;
  ASSERT_EQ(history->points.size(), 2U);
  EXPECT_EQ(core::to_ns(history->points[0].time), 1'709'303'400'000'000'000);
  EXPECT_EQ(history->points[0].equity, core::Money::parse("100000.5").value());
  EXPECT_FALSE(history->points[1].equity);
  EXPECT_EQ(read_portfolio_history(to_json(*history)).value(), *history);
  EXPECT_FALSE(read_portfolio_history(
      R"({"timestamp":[1],"equity":[],"profit_loss":[1],"profit_loss_pct":[1],"timeframe":"1D"})"));
  EXPECT_FALSE(read_portfolio_history(
      R"({"timestamp":[9999999999],"equity":[1],"profit_loss":[1],"profit_loss_pct":[1],)"
      R"("timeframe":"1D"})"));
}

TEST(Query, EncodesEachParameter) {
  const auto noon = core::timestamp_from_ns(1'709'294'400'000'000'000);
  const core::Date day{2024y / 3 / 1};

  EXPECT_EQ(percent_encoded("AAPL,BRK.B a:b%/é"), "AAPL%2CBRK.B%20a%3Ab%25%2F%C3%A9");
  EXPECT_EQ(to_query(OrdersQuery{}), "");
  EXPECT_EQ(to_query(OrdersQuery{.status = OrderFilter::All,
                                 .limit = 500,
                                 .after = noon,
                                 .direction = Direction::Ascending,
                                 .nested = true,
                                 .symbols = {"AAPL", "MSFT"},
                                 .side = trading::Side::Sell}),
            "status=all&limit=500&after=2024-03-01T12%3A00%3A00Z&direction=asc&nested=true&"
            "symbols=AAPL%2CMSFT&side=sell");
  EXPECT_EQ(to_query(ActivitiesQuery{.activity_types = {"FILL"},
                                     .until = noon,
                                     .direction = Direction::Descending,
                                     .page_size = 100,
                                     .page_token = "20240301::a"}),
            "activity_types=FILL&until=2024-03-01T12%3A00%3A00Z&direction=desc&page_size=100&"
            "page_token=20240301%3A%3Aa");
  EXPECT_EQ(to_query(AssetsQuery{ListingStatus::Active, AssetClass::UsOption}),
            "status=active&asset_class=us_option");
  EXPECT_EQ(to_query(ContractsQuery{.underlying_symbols = {"SPY"},
                                    .expiration_date_min = day,
                                    .type = ContractType::Put,
                                    .strike_price_max = price("500.5")}),
            "underlying_symbols=SPY&expiration_date_gte=2024-03-01&type=put&"
            "strike_price_lte=500.5");
  EXPECT_EQ(to_query(CalendarQuery{day, day}), "start=2024-03-01&end=2024-03-01");
  EXPECT_EQ(to_query(CorporateActionsQuery{{"SPY", "BRK.B"}, day, day, 10, "x"}),
            "symbols=SPY%2CBRK.B&start=2024-03-01&end=2024-03-01&limit=10&page_token=x");
  EXPECT_EQ(to_query(HistoryQuery{.symbols = {"AAPL"},
                                  .timeframe = "1Min",
                                  .start = noon,
                                  .feed = "iex",
                                  .sort = Direction::Ascending,
                                  .limit = 10'000,
                                  .page_token = "a=="}),
            "symbols=AAPL&timeframe=1Min&start=2024-03-01T12%3A00%3A00Z&feed=iex&sort=asc&"
            "limit=10000&page_token=a%3D%3D");
  EXPECT_EQ(to_query(ChainQuery{.feed = "indicative", .type = ContractType::Call, .limit = 1'000}),
            "feed=indicative&type=call&limit=1000");
}

}  // namespace
}  // namespace st0ck::alpaca::test
