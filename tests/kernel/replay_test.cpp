#include "st0ck/kernel/replay.hpp"

#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "support/journal_sink.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::kernel {
namespace {

using st0ck::test::JournalSink;
using st0ck::test::one_share;
using st0ck::test::RecordingSink;
using testing::HasSubstr;
using trading::Side;

/// Buys when the bid is at most a price, sells some seconds later.
class DipBuyer final : public Engine {
 public:
  struct Settings {
    core::Price bid_max;
    core::Duration hold{};
  };

  DipBuyer(core::InstrumentId instrument, Settings settings)
      : instrument_{instrument}, settings_{settings} {}

  std::vector<market::DataNeed> needs() const override {
    return {{instrument_, market::DataKind::Quotes}};
  }
  void on_quote(EngineContext& context, const market::Quote& quote) override {
    if (is_busy_ || quote.bid > settings_.bid_max) return;
    const auto sent =
        context.submit(one_share(instrument_, Side::Buy, "DIP"), {{"bid", quote.bid.to_string()}});
    is_busy_ = std::holds_alternative<core::ClientOrderId>(sent);
  }
  void on_order(EngineContext& context, const OrderNews& news) override {
    if (!news.fill) return;
    if (news.fill->side == Side::Sell)
      is_busy_ = false;
    else
      context.set_timer(context.now() + settings_.hold, 7);
  }
  void on_timer(EngineContext& context, TimerTopic) override {
    context.note_transition(instrument_, core::Code{"SELLS"});
    context.submit(one_share(instrument_, Side::Sell, "ENOUGH"));
  }

 private:
  core::InstrumentId instrument_;
  Settings settings_;
  bool is_busy_ = false;
};

const DipBuyer::Settings kSettings{core::Price::whole(10), std::chrono::seconds{3}};

void add_bots(Kernel& kernel, core::InstrumentId spy, const DipBuyer::Settings& settings) {
  kernel.add_bot({core::BotId{"a"}, core::EngineName{"dip"}, 1},
                 std::make_unique<DipBuyer>(spy, settings), {});
}

market::InstrumentTable one_stock() {
  market::InstrumentTable table;
  market::Instrument definition;
  definition.symbol = core::Symbol{"SPY"};
  table.define(definition);
  return table;
}

RunStart run_start() {
  RunStart run;
  run.account = core::AccountId{"default"};
  run.mode = "paper";
  run.cash = core::Money::whole(10'000);
  run.bots = {{core::BotId{"a"}, core::EngineName{"dip"}, 1}};
  return run;
}

/// Bids that fall and rise around ten dollars.
market::Quote quote_number(int i, core::Timestamp time) {
  market::Quote quote;
  quote.time = time;
  quote.bid = core::Price::whole(10) + core::Price::from_raw((i * 37 % 21 - 10) * 10'000'000);
  quote.ask = quote.bid + core::Price::from_raw(10'000'000);
  return quote;
}

/// What differs at the broker in the second `i` of the day: a position, and an order that is lost.
trading::Reconciliation differences_at(int i, const Kernel& kernel) {
  trading::Reconciliation now;
  if (i >= 35) return now;
  trading::Difference& position = now.differences.emplace_back();
  position.kind = trading::DifferenceKind::PositionDiffers;
  position.symbol = core::Symbol{"SPY"};
  position.theirs = core::Quantity::whole(i);
  for (const trading::Order* order : kernel.desk().orders().open_orders()) {
    trading::Difference& missing = now.differences.emplace_back();
    missing.kind = trading::DifferenceKind::OrderMissing;
    missing.symbol = core::Symbol{"SPY"};
    missing.client_order_id = order->intent.client_order_id;
  }
  return now;
}

/// Runs a session of a hundred quotes, a second apart on a clock that `advance` moves, and fills
/// each order at the next quote.
template <typename Clock, typename Advance>
RunEnd run_day(Clock& clock, Advance&& advance, RecordSink& sink, bool is_ended) {
  const market::InstrumentTable table = one_stock();
  OrderUpdateQueue updates;
  st0ck::test::ScriptedBroker broker{clock, updates};
  core::NullLogSink log_sink;
  Kernel kernel{{clock, table, broker, updates, &sink, core::Logger{log_sink, clock}},
                core::AccountId{"default"},
                core::Money::whole(10'000)};
  const core::Session session = st0ck::test::session_on("2019-02-11");
  const core::InstrumentId spy = (*table.begin()).id;
  add_bots(kernel, spy, kSettings);
  advance(session.open);
  kernel.start(run_start());
  kernel.on_process_start({core::RunMark{"abcd"}});
  kernel.on_session_phase({market::Phase::Prepare, session});
  trading::LostExit lost;
  lost.client_order_id = core::ClientOrderId{"a-dip-20190211abcd-77"};
  lost.bot = core::BotId{"a"};
  lost.terms.quantity = core::Quantity::whole(1);
  AccountCheck check;
  check.host = "paper-api.alpaca.markets";
  std::size_t filled = 0;
  for (int i = 0; i < 100; ++i) {
    advance(session.open + std::chrono::seconds{i});
    kernel.on_quote(quote_number(i, clock.now()));
    while (kernel.fire_due_timer()) {
    }
    if (i == 31 || i == 33 || i == 35) kernel.on_reconciliation(differences_at(i, kernel));
    if (i == 40) kernel.on_account_check(check);
    if (i == 45) kernel.on_process_start({core::RunMark{"abcd"}});
    if (i == 45) kernel.on_lost_exit(lost);
    for (; i % 2 == 0 && filled < broker.orders().size(); ++filled)
      broker.fill(filled, core::Price::whole(10));
    kernel.drain();
  }
  advance(session.close);
  if (!is_ended) return kernel.figures();
  kernel.on_session_phase({market::Phase::Close, session});
  return kernel.finish();
}

struct StoredRecord {
  std::uint16_t kind;
  core::Timestamp time;
  std::vector<std::byte> payload;
};

std::vector<StoredRecord> load(const std::filesystem::path& journal) {
  auto reader = JournalReader::open(journal).value();
  std::vector<StoredRecord> records;
  while (const JournalRecord* record = reader.next().value())
    records.push_back(
        {record->kind, record->time, {record->payload.begin(), record->payload.end()}});
  return records;
}

void store(const std::filesystem::path& journal, const std::vector<StoredRecord>& records,
           bool is_finished = true) {
  JournalSink sink{journal};
  for (const StoredRecord& record : records) sink.write(record.kind, record.time, record.payload);
  if (is_finished) sink.finish();
}

core::Result<ReplayOutcome> replay_folder(const std::filesystem::path& folder,
                                          const DipBuyer::Settings& settings = kSettings) {
  auto journal = JournalReader::open(folder).value();
  ReplayComparison comparison{journal};
  const market::InstrumentTable table = one_stock();
  SimulatedClock clock;
  OrderUpdateQueue updates;
  SilentBroker broker;
  core::NullLogSink log_sink;
  Kernel kernel{{clock, table, broker, updates, &comparison, core::Logger{log_sink, clock}},
                core::AccountId{"default"},
                core::Money::whole(10'000)};
  add_bots(kernel, (*table.begin()).id, settings);
  return replay(journal, comparison, clock, kernel, run_start());
}

class ReplayTest : public testing::Test {
 protected:
  /// Runs a day into the folder's journal and returns its figures.
  RunEnd record_day(bool is_ended = true) {
    JournalSink sink{original()};
    SimulatedClock clock;
    const RunEnd end =
        run_day(clock, [&](core::Timestamp time) { clock.advance_to(time); }, sink, is_ended);
    if (is_ended)
      sink.finish();
    else
      sink.close();
    return end;
  }

  std::filesystem::path original() const { return folder / "journal"; }
  std::filesystem::path copy() const { return folder / "copy"; }

  /// The number (from 1) of the n-th record of a kind.
  static std::size_t number_of(const std::vector<StoredRecord>& records, RecordKind kind, int n) {
    for (std::size_t i = 0; i < records.size(); ++i)
      if (records[i].kind == static_cast<std::uint16_t>(kind) && n-- == 0) return i + 1;
    return 0;
  }

  /// Changes the n-th record of the type as `change` says, in a copy with right checksums, and
  /// expects the replay to name record number `expected`, or that record where it is 0.
  template <typename R, typename Change>
  void expect_divergence(RecordKind kind, int n, Change&& change) {
    auto records = load(original());
    const std::size_t number = number_of(records, kind, n);
    ASSERT_GT(number, 0U);
    StoredRecord& record = records[number - 1];
    R body = std::get<R>(decode(kind, record.payload).value());
    change(body);
    PayloadBuffer buffer;
    encode(body, buffer);
    record.payload.assign(buffer.view().begin(), buffer.view().end());
    store(copy(), records);

    const auto outcome = replay_folder(copy());

    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().code, core::Errc::Diverged);
    EXPECT_THAT(outcome.error().message, HasSubstr("record " + std::to_string(number) + " at"));
  }

  st0ck::test::TemporaryFolder folder;
};

TEST_F(ReplayTest, OfARunGivesItsFigures) {
  const RunEnd end = record_day();
  ASSERT_GT(end.trades, 5U);

  const auto outcome = replay_folder(original());

  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_TRUE(outcome->is_finished);
  EXPECT_EQ(outcome->figures, end);
}

TEST_F(ReplayTest, OfAnInterruptedRunGivesTheFiguresOfItsPrefix) {
  const RunEnd end = record_day(false);

  const auto outcome = replay_folder(original());

  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_FALSE(outcome->is_finished);
  EXPECT_EQ(outcome->figures, end);
}

TEST_F(ReplayTest, TakesARunThatWasInterruptedAnywhere) {
  record_day();
  const auto records = load(original());

  for (std::size_t size = 1; size < records.size(); size += 7) {
    const auto path = folder / ("cut" + std::to_string(size));
    store(path, {records.begin(), records.begin() + static_cast<std::ptrdiff_t>(size)}, false);

    const auto outcome = replay_folder(path);

    ASSERT_TRUE(outcome.has_value()) << size << ": " << outcome.error().message;
    EXPECT_FALSE(outcome->is_finished);
  }
}

TEST_F(ReplayTest, NamesADecisionThatWasAltered) {
  record_day();

  expect_divergence<Decision>(RecordKind::Decision, 3,
                              [](Decision& decision) { decision.code = core::Code{"OTHER"}; });
}

TEST_F(ReplayTest, NamesAnExplanationThatWasAltered) {
  record_day();

  expect_divergence<Decision>(RecordKind::Decision, 0,
                              [](Decision& decision) { decision.explanation = "{}"; });
}

TEST_F(ReplayTest, NamesAFillThatWasAltered) {
  record_day();

  expect_divergence<FillRow>(RecordKind::Fill, 1,
                             [](FillRow& fill) { fill.price += core::Price::from_raw(1); });
}

TEST_F(ReplayTest, NamesFiguresThatWereAltered) {
  record_day();

  expect_divergence<RunEnd>(RecordKind::RunEnd, 0, [](RunEnd& end) { ++end.fills; });
}

TEST_F(ReplayTest, NamesATimerThatWasAltered) {
  record_day();

  expect_divergence<TimerFired>(RecordKind::TimerFired, 1,
                                [](TimerFired& fired) { fired.topic = 8; });
}

TEST_F(ReplayTest, NamesATimerThatNobodyHadSet) {
  record_day();
  auto records = load(original());
  PayloadBuffer buffer;
  encode(TimerFired{core::BotId{"a"}, core::TimerId{99}, 7}, buffer);
  StoredRecord added{static_cast<std::uint16_t>(RecordKind::TimerFired), records[5].time, {}};
  added.payload.assign(buffer.view().begin(), buffer.view().end());
  records.insert(records.begin() + 5, added);
  store(copy(), records);

  const auto outcome = replay_folder(copy());

  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, core::Errc::Diverged);
  EXPECT_THAT(outcome.error().message, HasSubstr("record 6 at"));
}

TEST_F(ReplayTest, NamesTheFirstDecisionThatAnAlteredQuoteChanges) {
  record_day();
  auto records = load(original());
  const std::size_t decision = number_of(records, RecordKind::Decision, 0);
  StoredRecord& record = records[decision - 2];
  ASSERT_EQ(record.kind, static_cast<std::uint16_t>(RecordKind::Quote));
  auto quote = std::get<market::Quote>(decode(RecordKind::Quote, record.payload).value());
  quote.bid = core::Price::whole(11);
  quote.ask = core::Price::whole(12);
  PayloadBuffer buffer;
  encode(quote, buffer);
  record.payload.assign(buffer.view().begin(), buffer.view().end());
  store(copy(), records);

  const auto outcome = replay_folder(copy());

  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, core::Errc::Diverged);
  EXPECT_THAT(outcome.error().message, HasSubstr("record " + std::to_string(decision) + " at"));
}

TEST_F(ReplayTest, NamesARecordWhoseTimeWasAltered) {
  record_day();
  auto records = load(original());
  const std::size_t number = number_of(records, RecordKind::Decision, 2);
  records[number - 1].time += core::Duration{1};
  store(copy(), records);

  const auto outcome = replay_folder(copy());

  ASSERT_FALSE(outcome.has_value());
  EXPECT_THAT(outcome.error().message, HasSubstr("record " + std::to_string(number) + " at"));
}

TEST_F(ReplayTest, NamesTheRecordBehindOneThatWasTakenOut) {
  record_day();
  auto records = load(original());
  const std::size_t number = number_of(records, RecordKind::Decision, 2);
  records.erase(records.begin() + static_cast<std::ptrdiff_t>(number) - 1);
  store(copy(), records);

  const auto outcome = replay_folder(copy());

  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, core::Errc::Diverged);
  EXPECT_THAT(outcome.error().message, HasSubstr("record " + std::to_string(number) + " at"));
}

TEST_F(ReplayTest, NamesARecordThatFollowsTheEndOfTheRun) {
  record_day();
  auto records = load(original());
  records.push_back(records.back());
  store(copy(), records);

  const auto outcome = replay_folder(copy());

  ASSERT_FALSE(outcome.has_value());
  EXPECT_THAT(outcome.error().message, HasSubstr("a record follows the end of the run"));
}

TEST_F(ReplayTest, NamesARecordWhoseBodyIsNoRecord) {
  record_day();
  auto records = load(original());
  const std::size_t number = number_of(records, RecordKind::Quote, 4);
  records[number - 1].payload.pop_back();
  store(copy(), records);

  const auto outcome = replay_folder(copy());

  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, core::Errc::Corrupt);
  EXPECT_THAT(outcome.error().message, HasSubstr("record " + std::to_string(number) + " at"));
}

TEST_F(ReplayTest, WithOtherSettingsSaysWhereItPartsFromTheRun) {
  record_day();
  const auto records = load(original());
  // The first timer that sells is set five seconds after the fill, not three.
  const std::size_t number = number_of(records, RecordKind::TimerFired, 0);

  const auto outcome = replay_folder(original(), {kSettings.bid_max, std::chrono::seconds{5}});

  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, core::Errc::Diverged);
  EXPECT_THAT(outcome.error().message, HasSubstr("record " + std::to_string(number) + " at"));
}

TEST_F(ReplayTest, WithAnEngineThatDecidesLessNamesTheDecisionThatIsMissing) {
  record_day();
  const auto records = load(original());
  const std::size_t number = number_of(records, RecordKind::Decision, 0);

  const auto outcome = replay_folder(original(), {core::Price::whole(1), kSettings.hold});

  ASSERT_FALSE(outcome.has_value());
  EXPECT_THAT(outcome.error().message, HasSubstr("record " + std::to_string(number) + " at"));
  EXPECT_THAT(outcome.error().message, HasSubstr("journal has decision"));
}

/// A wall clock that goes on at every look.
TEST_F(ReplayTest, OfARunOnALiveClockIsIdentical) {
  RunEnd end;
  {
    core::Timestamp wall = st0ck::test::session_on("2019-02-11").open;
    const LiveClock clock{[&] { return wall += core::Duration{17}; }};
    JournalSink sink{original()};
    end = run_day(clock, [&](core::Timestamp time) { wall = std::max(wall, time); }, sink, true);
    sink.finish();
  }

  const auto outcome = replay_folder(original());

  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome->figures, end);
}

}  // namespace
}  // namespace st0ck::kernel
