// The data set sma-anchor through the whole daemon with the engine sma_cross: its result is the one
// of expected.json to the last digit.

#include "integration/run_content.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/orders.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace st0ck::test {
namespace {

using nlohmann::json;

/// `config/sma-anchor.yaml` on the data set's bars under the name that its instrument has.
RunInFolder anchor_run(const TemporaryFolder& folder) {
  std::filesystem::create_directory(folder / "bars");
  std::filesystem::create_symlink(std::filesystem::absolute(shared_data("sma-anchor/bars.csv.gz")),
                                  folder / "bars" / "ANCHOR.csv.gz");
  return RunInFolder{
      DaemonCommand{"config/sma-anchor.yaml"}.with("market.path", (folder / "bars").string()),
      folder / "state"};
}

std::vector<kernel::RoundTripRow> trades_of(storage::TradeLogReader& reader) {
  const auto logged = reader.trades();
  if (!logged) throw std::runtime_error(logged.error().message);
  std::vector<kernel::RoundTripRow> trades;
  for (const auto& [sequence, trade] : *logged) trades.push_back(trade);
  return trades;
}

json json_of(const kernel::RoundTripRow& trade) {
  return {{"entry_time", core::format_utc(trade.entry_time)},
          {"entry_price", trade.entry_price.to_string(4)},
          {"exit_time", core::format_utc(trade.exit_time)},
          {"exit_price", trade.exit_price.to_string(4)},
          {"exit_reason", trade.exit_reason.str()}};
}

std::size_t count(const std::vector<kernel::RoundTripRow>& trades, std::string_view reason) {
  return static_cast<std::size_t>(std::count_if(
      trades.begin(), trades.end(),
      [&](const kernel::RoundTripRow& trade) { return trade.exit_reason.view() == reason; }));
}

TEST(SmaAnchor, ComesOutOfTheDaemonToTheLastDigit) {
  ST0CK_NEED_SHARED_DATA("sma-anchor/expected.json");
  const json expected = json::parse(bytes_of_file(shared_data("sma-anchor/expected.json")));
  const TemporaryFolder folder;
  const RunInFolder run = anchor_run(folder);

  const auto outcome = run.command().run();

  ASSERT_EQ(outcome.exit_code, 0) << outcome.text();
  auto reader = storage::TradeLogReader::open(run.database());
  ASSERT_TRUE(reader) << reader.error().message;
  const auto trades = trades_of(*reader);
  EXPECT_EQ(trades.size(), expected.at("closed_trades"));
  EXPECT_EQ(count(trades, "TARGET"), expected.at("targets"));
  EXPECT_EQ(count(trades, "STOP"), expected.at("stops"));
  const json summary = json::parse(bytes_of_file(run.summary()));
  EXPECT_EQ(summary.at("fees"), expected.at("fees"));

  const auto& first = expected.at("first_trades");
  ASSERT_GE(trades.size(), first.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(json_of(trades[i]), first[i]) << i;
  EXPECT_EQ(json_of(trades.back()), expected.at("last_trade"));
}

core::Price last_close() {
  auto reader =
      market::CsvBarReader::open(shared_data("sma-anchor/bars.csv.gz"), market::kBarCsv, {});
  if (!reader) throw std::runtime_error(reader.error().message);
  core::Price close;
  for (;;) {
    const auto bar = (*reader)->next();
    if (!bar) throw std::runtime_error(bar.error().message);
    if (!*bar) return close;
    close = (*bar)->close;
  }
}

/// Cash after all fills and what is open at the last close, from the rows of the trade log.
TEST(SmaAnchor, EndsWithTheEquityOfTheDataSet) {
  ST0CK_NEED_SHARED_DATA("sma-anchor/expected.json");
  const json expected = json::parse(bytes_of_file(shared_data("sma-anchor/expected.json")));
  const TemporaryFolder folder;
  const RunInFolder run = anchor_run(folder);

  const auto outcome = run.command().run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.text();

  auto reader = storage::TradeLogReader::open(run.database());
  ASSERT_TRUE(reader) << reader.error().message;
  const auto positions = reader->positions();
  ASSERT_TRUE(positions) << positions.error().message;
  ASSERT_EQ(positions->size(), 1U);
  const kernel::PositionRow& position = positions->front().row;
  EXPECT_EQ(position.quantity, shares(expected.at("open_position").get<std::int64_t>()));
  const core::Money equity = money("10000000") + position.cash_flow +
                             core::notional(last_close(), position.quantity, core::kUnitMultiplier);
  EXPECT_EQ(equity.to_string(), expected.at("final_equity").get<std::string>());
}

}  // namespace
}  // namespace st0ck::test
