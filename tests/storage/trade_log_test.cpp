#include "st0ck/storage/trade_log.hpp"

#include "st0ck/storage/db_check.hpp"
#include "storage/sample_run.hpp"
#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace st0ck::storage {
namespace {

TradeLogSettings settings_for(const std::filesystem::path& path) {
  TradeLogSettings settings;
  settings.path = path;
  return settings;
}

std::string message_of(const core::Status& status) {
  return status ? std::string{"no error"} : status.error().message;
}

std::size_t row_count(const StoredRecords& records) {
  return static_cast<std::size_t>(std::ranges::count_if(
      records, [](const StoredRecord& record) { return kernel::is_trade_log_row(record.kind); }));
}

TEST(TradeLog, HoldsAllRowsOnceFinished) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  auto log = TradeLog::open(settings_for(folder / "trades.db"), catch_up_from(records));
  ASSERT_TRUE(log) << log.error().message;

  append_all(**log, records);
  const auto status = (*log)->finish();

  ASSERT_TRUE(status) << message_of(status);
  const TradeLogMetrics metrics = (*log)->metrics();
  EXPECT_EQ(metrics.rows_written, row_count(records));
  EXPECT_EQ(metrics.committed, records.back().sequence);
  EXPECT_EQ(metrics.offered, records.back().sequence);
  EXPECT_EQ(metrics.queue_rows, 0u);
  EXPECT_EQ(metrics.queue_bytes, 0u);
  EXPECT_EQ(metrics.catch_ups, 0u);
  const auto report = check(folder / "trades.db");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->is_sound()) << report->findings.front();
}

TEST(TradeLog, LeavesOneFileOnceFinished) {
  const TemporaryFolder folder;

  write_trade_log(folder / "trades.db", sample_run({}));

  EXPECT_FALSE(std::filesystem::exists(folder / "trades.db-wal"));
  EXPECT_FALSE(std::filesystem::exists(folder / "trades.db-shm"));
}

TEST(TradeLog, CommitsByCountBeforeTheAgeIsReached) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  TradeLogSettings settings = settings_for(folder / "trades.db");
  settings.batch_rows = 10;
  settings.batch_age = std::chrono::hours{1};
  auto log = TradeLog::open(settings, catch_up_from(records));
  ASSERT_TRUE(log) << log.error().message;

  append_all(**log, records);
  while ((*log)->metrics().batches == 0) std::this_thread::yield();

  EXPECT_GE((*log)->metrics().rows_written, 10u);
}

TEST(TradeLog, CommitsByAgeBeforeTheCountIsReached) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  TradeLogSettings settings = settings_for(folder / "trades.db");
  settings.batch_rows = 1'000'000;
  settings.batch_age = std::chrono::milliseconds{1};
  auto log = TradeLog::open(settings, catch_up_from(records));
  ASSERT_TRUE(log) << log.error().message;

  append_all(**log, records);
  while ((*log)->metrics().rows_written < row_count(records)) std::this_thread::yield();

  EXPECT_EQ((*log)->metrics().committed, records.back().sequence);
}

TEST(TradeLog, ChangesNothingWhenTheSameRecordsComeAgain) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  write_trade_log(folder / "trades.db", records);
  const std::string before = content_of(folder / "trades.db");

  write_trade_log(folder / "trades.db", records);

  EXPECT_EQ(content_of(folder / "trades.db"), before);
}

TEST(TradeLog, TakesWhatIsMissingFromTheJournalAtAStart) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  write_trade_log(folder / "whole.db", records);
  const StoredRecords first(records.begin(), records.begin() + 57);
  write_trade_log(folder / "trades.db", first);
  auto log = TradeLog::open(settings_for(folder / "trades.db"), catch_up_from(records));
  ASSERT_TRUE(log) << log.error().message;

  (*log)->catch_up_to(records.back().sequence);
  const auto status = (*log)->finish();

  ASSERT_TRUE(status) << message_of(status);
  EXPECT_EQ(content_of(folder / "trades.db"), content_of(folder / "whole.db"));
}

TEST(TradeLog, WaitsForTheWriterInSimulatedTime) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  write_trade_log(folder / "whole.db", records);
  TradeLogSettings settings = settings_for(folder / "trades.db");
  settings.queue_size = core::ByteSize{2048};
  settings.when_full = WhenFull::Wait;
  auto log = TradeLog::open(settings);
  ASSERT_TRUE(log) << log.error().message;

  append_all(**log, records);
  const auto status = (*log)->finish();

  ASSERT_TRUE(status) << message_of(status);
  EXPECT_EQ((*log)->metrics().catch_ups, 0u);
  EXPECT_EQ(content_of(folder / "trades.db"), content_of(folder / "whole.db"));
}

TEST(TradeLog, SaysWhichRecordIsTooLargeForTheQueueWithoutAJournal) {
  const TemporaryFolder folder;
  RecordScript script;
  kernel::RunStart run;
  run.configuration = std::string(5000, 'x');
  script.add(kernel::RecordKind::RunStart, run);
  TradeLogSettings settings = settings_for(folder / "trades.db");
  settings.queue_size = core::ByteSize{4096};
  settings.when_full = WhenFull::Wait;
  auto log = TradeLog::open(settings);
  ASSERT_TRUE(log) << log.error().message;

  append_all(**log, script.records);
  const auto status = (*log)->finish();

  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, core::Errc::Unavailable);
  EXPECT_THAT(message_of(status), testing::HasSubstr("record 1 did not go through the queue"));
}

TEST(TradeLog, SaysWhereTheJournalEndsWhenItLacksAMissedRow) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  const StoredRecords flushed(records.begin(), records.begin() + 30);
  auto log = TradeLog::open(settings_for(folder / "trades.db"), catch_up_from(flushed));
  ASSERT_TRUE(log) << log.error().message;

  (*log)->catch_up_to(core::Sequence{40});
  const auto status = (*log)->finish();

  ASSERT_FALSE(status);
  EXPECT_THAT(message_of(status), testing::HasSubstr("the journal ends at record 30"));
  EXPECT_EQ((*log)->metrics().committed, core::Sequence{30});
}

TEST(TradeLog, PassesOnWhatIsWrongWithTheJournal) {
  const TemporaryFolder folder;
  const auto broken = [](core::Sequence, core::Sequence, kernel::RecordSink&) -> core::Status {
    return core::fail(core::Errc::Corrupt, "journal/00000001.st0j: record 7 is damaged");
  };
  auto log = TradeLog::open(settings_for(folder / "trades.db"), broken);
  ASSERT_TRUE(log) << log.error().message;

  (*log)->catch_up_to(core::Sequence{40});
  const auto status = (*log)->finish();

  EXPECT_THAT(message_of(status), testing::HasSubstr("record 7 is damaged"));
  EXPECT_EQ(message_of((*log)->status()), message_of(status));
}

TEST(TradeLog, AllocatesNothingOnTheCoreThread) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  for (const std::int64_t queue_size : {1'024, 4'194'304}) {
    TradeLogSettings settings = settings_for(folder / std::to_string(queue_size));
    settings.queue_size = core::ByteSize{queue_size};
    auto log = TradeLog::open(settings, catch_up_from(records));
    ASSERT_TRUE(log) << log.error().message;

    const std::uint64_t before = test::allocations_of_this_thread();
    append_all(**log, records);

    EXPECT_EQ(test::allocations_of_this_thread(), before);
  }
}

// Whatever the sizes of queue and batch, and however far the journal is flushed at the time, each
// row is written exactly once.
TEST(TradeLogProperty, WritesEachRowOnceThroughAnyQueue) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({.seed = 7, .sessions = 4});
  write_trade_log(folder / "whole.db", records);
  const std::string whole = content_of(folder / "whole.db");
  int run = 0;
  EXPECT_TRUE(rc::check([&] {
    const auto path = folder / ("trades" + std::to_string(++run) + ".db");
    TradeLogSettings settings = settings_for(path);
    settings.queue_size = core::ByteSize{*rc::gen::inRange<std::int64_t>(256, 8192)};
    settings.batch_rows = *rc::gen::inRange<std::size_t>(1, 40);
    settings.batch_age = std::chrono::microseconds{*rc::gen::inRange(1, 3000)};
    settings.synchronous = Synchronous::Normal;
    const auto pauses = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, records.size()));
    // The journal holds a record some time after the core thread handed it over.
    std::atomic<std::size_t> flushed{0};
    const CatchUp all = catch_up_from(records);
    const CatchUp lagging = [&](core::Sequence after, core::Sequence last,
                                kernel::RecordSink& rows) {
      return all(after, core::Sequence{std::min<std::uint64_t>(last.value(), flushed)}, rows);
    };
    auto log = TradeLog::open(settings, lagging);
    RC_ASSERT(log.has_value());

    for (std::size_t i = 0; i < records.size(); ++i) {
      const StoredRecord& record = records[i];
      (*log)->append(record.kind, record.sequence, record.time, record.payload.view());
      if (i % 16 == 0) flushed = i;
      // Lets the writer come between at places of the generator's choice.
      if (std::ranges::find(pauses, i) != pauses.end()) {
        const auto batches = (*log)->metrics().batches;
        for (int turn = 0; turn < 1000 && (*log)->metrics().batches == batches; ++turn)
          std::this_thread::yield();
      }
    }
    flushed = records.size();
    const auto status = (*log)->finish();

    RC_ASSERT(message_of(status) == "no error");
    RC_ASSERT((*log)->metrics().rows_written == row_count(records));
    RC_ASSERT(content_of(path) == whole);
    RC_TAG((*log)->metrics().catch_ups > 0 ? "caught up" : "queue only");
    std::filesystem::remove(path);
  }));
}

}  // namespace
}  // namespace st0ck::storage
