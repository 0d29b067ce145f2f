#include "st0ck/storage/trade_log_reader.hpp"

#include "storage/sample_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <variant>
#include <vector>

namespace st0ck::storage {
namespace {

using testing::HasSubstr;

/// The rows of one kind among the records, in their order.
template <typename Row>
std::vector<Logged<Row>> rows_in(const StoredRecords& records) {
  std::vector<Logged<Row>> rows;
  for (const StoredRecord& record : records) {
    const auto decoded = kernel::decode(record.kind, record.payload.view());
    if (!decoded) continue;
    if (const auto* row = std::get_if<Row>(&*decoded)) rows.push_back({record.sequence, *row});
  }
  return rows;
}

template <typename Row>
void expect_same(const std::vector<Logged<Row>>& found, const std::vector<Logged<Row>>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].sequence, expected[i].sequence);
    EXPECT_TRUE(found[i].row == expected[i].row) << "row " << i;
  }
}

class TradeLogReaderTest : public testing::Test {
 protected:
  TradeLogReaderTest() : records_{sample_run({})} {
    write_trade_log(path_, records_);
    auto opened = TradeLogReader::open(path_);
    EXPECT_TRUE(opened) << opened.error().message;
    reader_.emplace(std::move(*opened));
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "trades.db";
  StoredRecords records_;
  std::optional<TradeLogReader> reader_;
};

TEST_F(TradeLogReaderTest, GivesFillsTradesDecisionsAndDaysAsTheyWereRecorded) {
  expect_same(reader_->fills().value(), rows_in<kernel::FillRow>(records_));
  expect_same(reader_->trades().value(), rows_in<kernel::RoundTripRow>(records_));
  expect_same(reader_->decisions().value(), rows_in<kernel::Decision>(records_));
  expect_same(reader_->daily_metrics().value(), rows_in<kernel::BotDayRow>(records_));
}

TEST_F(TradeLogReaderTest, GivesEachDifferenceAsItStoodLast) {
  std::map<std::uint64_t, Logged<kernel::DifferenceRow>> last;
  for (const auto& row : rows_in<kernel::DifferenceRow>(records_)) last[row.row.id] = row;

  const auto found = reader_->differences().value();

  ASSERT_EQ(found.size(), last.size());
  for (const LoggedDifference& difference : found) {
    const auto& expected = last.at(difference.row.id);
    EXPECT_EQ(difference.row, expected.row);
    EXPECT_EQ(difference.row.difference.message, expected.row.difference.message);
    EXPECT_EQ(difference.sequence, expected.sequence);
    EXPECT_LE(difference.first, difference.sequence);
  }
}

TEST_F(TradeLogReaderTest, GivesEachAccountCheck) {
  const auto expected = rows_in<kernel::AccountCheck>(records_);
  const auto found = reader_->account_checks().value();
  ASSERT_EQ(found.size(), expected.size());
  EXPECT_GT(found.size(), 1U);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].row, expected[i].row);
}

TEST_F(TradeLogReaderTest, GivesHaltsAndSessions) {
  const auto halts = rows_in<kernel::HaltRow>(records_);
  const auto found = reader_->halts().value();
  ASSERT_EQ(found.size(), halts.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].row, halts[i].row);

  const auto sessions = reader_->sessions().value();
  ASSERT_EQ(sessions.size(), 3U);
  EXPECT_EQ(sessions.back().row.phase, market::Phase::Close);
  EXPECT_LT(sessions.front().row.session.date, sessions.back().row.session.date);
}

TEST_F(TradeLogReaderTest, GivesEachOrderAsItStoodLast) {
  std::map<core::ClientOrderId, Logged<kernel::OrderRow>> last;
  std::vector<core::ClientOrderId> sent;
  for (const auto& order : rows_in<kernel::OrderRow>(records_)) {
    if (!last.contains(order.row.client_order_id)) sent.push_back(order.row.client_order_id);
    last[order.row.client_order_id] = order;
  }

  const auto orders = reader_->orders();

  ASSERT_TRUE(orders) << orders.error().message;
  ASSERT_EQ(orders->size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ((*orders)[i].sequence, last[sent[i]].sequence);
    EXPECT_TRUE((*orders)[i].row == last[sent[i]].row) << sent[i].view();
  }
}

TEST_F(TradeLogReaderTest, GivesEachPositionAsItStoodLast) {
  std::map<std::string, Logged<kernel::PositionRow>> last;
  for (const auto& position : rows_in<kernel::PositionRow>(records_))
    last[position.row.bot.str() + position.row.symbol.str()] = position;

  const auto positions = reader_->positions();

  ASSERT_TRUE(positions) << positions.error().message;
  ASSERT_EQ(positions->size(), last.size());
  for (const auto& position : *positions)
    EXPECT_TRUE(position.row == last[position.row.bot.str() + position.row.symbol.str()].row);
}

TEST_F(TradeLogReaderTest, FindsAnOrderAndItsDecisions) {
  const kernel::OrderRow expected = reader_->orders().value()[3].row;

  const auto order = reader_->order(expected.client_order_id);
  const auto decisions = reader_->decisions_of(expected.client_order_id);

  ASSERT_TRUE(order.has_value() && order->has_value());
  EXPECT_TRUE((*order)->row == expected);
  ASSERT_TRUE(decisions) << decisions.error().message;
  ASSERT_EQ(decisions->size(), 1u);
  EXPECT_THAT(decisions->front().row.explanation, HasSubstr("approved"));
}

TEST_F(TradeLogReaderTest, GivesNothingForAnUnknownOrder) {
  const auto order = reader_->order(core::ClientOrderId{"nobody"});

  ASSERT_TRUE(order) << order.error().message;
  EXPECT_FALSE(order->has_value());
}

TEST_F(TradeLogReaderTest, SumsUpTheRun) {
  const auto summary = reader_->summary();

  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->last_sequence, records_.back().sequence);
  EXPECT_EQ(summary->account.view(), "default");
  EXPECT_EQ(summary->mode, "paper");
  EXPECT_EQ(summary->configuration_hash, "0123abcd");
  EXPECT_EQ(summary->cash, core::Money::whole(100'000));
  ASSERT_EQ(summary->bots.size(), 2u);
  EXPECT_EQ(summary->bots[1].engine.view(), "st0ckg");
  ASSERT_TRUE(summary->end);
  EXPECT_TRUE(*summary->end == rows_in<kernel::RunEnd>(records_).front().row);
  EXPECT_THAT(reader_->configuration().value(), HasSubstr("engine: st0cka"));
}

TEST_F(TradeLogReaderTest, GivesRiskEventsWithTheirTime) {
  const auto events = reader_->risk_events();

  ASSERT_TRUE(events) << events.error().message;
  const auto expected = rows_in<kernel::RiskEventRow>(records_);
  ASSERT_EQ(events->size(), expected.size());
  EXPECT_TRUE(events->front().row == expected.front().row);
  EXPECT_EQ(events->front().time, records_[events->front().sequence.value() - 1].time);
}

TEST_F(TradeLogReaderTest, ComputesEquityFromCashCostAndUnrealisedGains) {
  const auto equity = reader_->equity();

  ASSERT_TRUE(equity) << equity.error().message;
  ASSERT_EQ(equity->size(), 3u);
  for (const LoggedEquity& row : *equity) {
    EXPECT_EQ(row.equity.has_value(), row.unrealized_pnl.has_value());
    if (!row.equity) continue;
    EXPECT_EQ(*row.equity, row.cash + row.cost + *row.unrealized_pnl);
  }
}

TEST_F(TradeLogReaderTest, SeesOneMomentWhileItHoldsStill) {
  ASSERT_TRUE(reader_->hold_still());
  const auto before = reader_->fills().value().size();

  run_sql(path_, "DELETE FROM fills");

  EXPECT_EQ(reader_->fills().value().size(), before);
}

TEST_F(TradeLogReaderTest, RefusesAValueThatNoWriterMakes) {
  run_sql(path_, "UPDATE orders SET side = 'sideways'");

  const auto orders = reader_->orders();

  ASSERT_FALSE(orders);
  EXPECT_EQ(orders.error().code, core::Errc::Corrupt);
  EXPECT_THAT(orders.error().message, HasSubstr("holds 'sideways', expected a name"));
}

TEST_F(TradeLogReaderTest, RefusesTextThatIsTooLong) {
  run_sql(path_, "UPDATE fills SET execution = printf('%.*c', 60, 'x')");

  const auto fills = reader_->fills();

  ASSERT_FALSE(fills);
  EXPECT_THAT(fills.error().message, HasSubstr("expected at most 48 characters"));
}

TEST_F(TradeLogReaderTest, RefusesANumberThatIsTooLarge) {
  run_sql(path_, "UPDATE daily_metrics SET orders = 5000000000");

  const auto days = reader_->daily_metrics();

  ASSERT_FALSE(days);
  EXPECT_THAT(days.error().message, HasSubstr("'5000000000', expected a smaller number"));
}

TEST_F(TradeLogReaderTest, SaysNothingOfAnEndOnceANewRunHasBegun) {
  run_sql(path_, "UPDATE meta SET value = 1000000 WHERE key = 'run_start.sequence'");

  EXPECT_FALSE(reader_->summary().value().end);
}

TEST(TradeLogReader, SaysThatThereIsNoFile) {
  const TemporaryFolder folder;

  const auto reader = TradeLogReader::open(folder / "trades.db");

  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, core::Errc::NotFound);
  EXPECT_THAT(reader.error().message, HasSubstr("trades.db: no such file, expected a trade log"));
  EXPECT_FALSE(std::filesystem::exists(folder / "trades.db"));
}

TEST(TradeLogReader, SaysThatAFileIsNoDatabase) {
  const TemporaryFolder folder;
  std::ofstream(folder / "trades.db") << std::string(5000, 'x');

  const auto reader = TradeLogReader::open(folder / "trades.db");

  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, core::Errc::Corrupt);
  EXPECT_THAT(reader.error().message, HasSubstr("the file is not a SQLite database"));
}

TEST(TradeLogReader, SaysThatAFolderIsNoDatabase) {
  const TemporaryFolder folder;

  const auto reader = TradeLogReader::open(folder.path());

  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("is a folder, allowed is a plain file"));
}

TEST(TradeLogReader, ReadsInAFolderThatCannotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  write_trade_log(folder / "odd?name#100%.db", records);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);

  auto reader = TradeLogReader::open(folder / "odd?name#100%.db");
  ::chmod(folder.path().c_str(), 0755);

  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->summary().value().last_sequence, records.back().sequence);
}

TEST(TradeLogReader, ReadsWhileTheLogIsBeingWritten) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  TradeLogSettings settings;
  settings.path = folder / "trades.db";
  settings.batch_rows = 1;
  auto log = TradeLog::open(settings, catch_up_from(records));
  ASSERT_TRUE(log) << log.error().message;
  append_all(**log, records);

  auto reader = TradeLogReader::open(settings.path);
  ASSERT_TRUE(reader) << reader.error().message;
  const auto during = reader->summary();
  ASSERT_TRUE((*log)->finish());

  ASSERT_TRUE(during) << during.error().message;
  EXPECT_LE(during->last_sequence, records.back().sequence);
  EXPECT_EQ(reader->summary().value().last_sequence, records.back().sequence);
}

}  // namespace
}  // namespace st0ck::storage
