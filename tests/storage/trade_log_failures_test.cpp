#include "src/storage/sqlite.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "storage/sample_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace st0ck::storage {
namespace {

using testing::HasSubstr;

TradeLogSettings settings_for(const std::filesystem::path& path) {
  TradeLogSettings settings;
  settings.path = path;
  settings.when_full = WhenFull::Wait;
  settings.batch_rows = 50;
  settings.batch_age = std::chrono::milliseconds{1};
  settings.busy_timeout = std::chrono::milliseconds{1};
  return settings;
}

core::Error opening_error(const TradeLogSettings& settings) {
  const auto log = TradeLog::open(settings);
  EXPECT_FALSE(log);
  return log ? core::Error{} : log.error();
}

TEST(TradeLogFailures, SaysThatTheDiskIsFullAndKeepsWhatWasCommitted) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({.orders_per_session = 200});
  TradeLogSettings settings = settings_for(folder / "trades.db");
  settings.queue_size = core::kibibytes(64);
  settings.size_max = core::kibibytes(300);
  auto log = TradeLog::open(settings);
  ASSERT_TRUE(log) << log.error().message;

  append_all(**log, records);
  const auto status = (*log)->finish();

  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, core::Errc::NoSpace);
  EXPECT_THAT(status.error().message, HasSubstr("size limit is full; free some space"));
  EXPECT_EQ((*log)->status().error().message, status.error().message);
  const TradeLogMetrics metrics = (*log)->metrics();
  EXPECT_GT(metrics.failures, 0u);
  EXPECT_GT(metrics.rows_written, 0u);
  EXPECT_EQ(query_text(settings.path, "SELECT value FROM meta WHERE key = 'last_sequence'"),
            std::to_string(metrics.committed.value()));
}

TEST(TradeLogFailures, HoldsAllRowsOnceTheDiskHasRoomAndTheRunIsExecutedAgain) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({.orders_per_session = 200});
  write_trade_log(folder / "whole.db", records);
  TradeLogSettings settings = settings_for(folder / "trades.db");
  settings.size_max = core::kibibytes(300);
  {
    auto log = TradeLog::open(settings);
    ASSERT_TRUE(log) << log.error().message;
    append_all(**log, records);
    ASSERT_FALSE((*log)->finish());
  }

  write_trade_log(folder / "trades.db", records);

  EXPECT_EQ(content_of(folder / "trades.db"), content_of(folder / "whole.db"));
}

TEST(TradeLogFailures, WritesTheSameBatchOnceALockIsGivenBack) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  write_trade_log(folder / "whole.db", records);
  const TradeLogSettings settings = settings_for(folder / "trades.db");
  auto log = TradeLog::open(settings);
  ASSERT_TRUE(log) << log.error().message;
  auto other = Database::open(settings.path, Database::Access::ReadWrite, {});
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));

  append_all(**log, records);
  while ((*log)->metrics().failures == 0) std::this_thread::yield();
  const auto during = (*log)->status();
  ASSERT_TRUE(other->execute("COMMIT"));
  const auto status = (*log)->finish();

  ASSERT_FALSE(during);
  EXPECT_EQ(during.error().code, core::Errc::Locked);
  EXPECT_THAT(during.error().message, HasSubstr("another program holds the lock"));
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_FALSE((*log)->status()) << "the first failure stays";
  EXPECT_EQ(content_of(settings.path), content_of(folder / "whole.db"));
}

TEST(TradeLogFailures, NeverWaitsForALogThatHasFailed) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({.orders_per_session = 100});
  TradeLogSettings settings = settings_for(folder / "trades.db");
  settings.queue_size = core::ByteSize{1024};
  auto log = TradeLog::open(settings);
  ASSERT_TRUE(log) << log.error().message;
  auto other = Database::open(settings.path, Database::Access::ReadWrite, {});
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));

  append_all(**log, records);

  EXPECT_EQ((*log)->metrics().offered, records.back().sequence);
  EXPECT_FALSE((*log)->finish());
}

TEST(TradeLogFailures, SaysWhatARowRefersToThatDoesNotExist) {
  const TemporaryFolder folder;
  RecordScript script;
  script.add(kernel::RecordKind::Fill, kernel::FillRow{});
  auto log = TradeLog::open(settings_for(folder / "trades.db"));
  ASSERT_TRUE(log) << log.error().message;

  append_all(**log, script.records);
  const auto status = (*log)->finish();

  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, core::Errc::Corrupt);
  EXPECT_THAT(status.error().message, HasSubstr("fill of journal record 1: "));
  EXPECT_THAT(status.error().message, HasSubstr("FOREIGN KEY"));
}

TEST(TradeLogFailures, SaysWhichRecordCannotBeDecoded) {
  const TemporaryFolder folder;
  const std::byte rubbish[3]{};
  auto log = TradeLog::open(settings_for(folder / "trades.db"));
  ASSERT_TRUE(log) << log.error().message;

  (*log)->append(kernel::RecordKind::Fill, core::Sequence{9}, {}, rubbish);
  const auto status = (*log)->finish();

  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, core::Errc::Corrupt);
  EXPECT_THAT(status.error().message, HasSubstr("trades.db: journal record 9"));
}

TEST(TradeLogFailures, RefusesAFolderThatDoesNotExist) {
  const TemporaryFolder folder;

  const core::Error error = opening_error(settings_for(folder / "none" / "trades.db"));

  EXPECT_EQ(error.code, core::Errc::NotFound);
  EXPECT_THAT(error.message, HasSubstr("No such file or directory"));
}

TEST(TradeLogFailures, RefusesAFileThatIsNoDatabase) {
  const TemporaryFolder folder;
  std::ofstream(folder / "trades.db") << std::string(5000, 'x');

  const core::Error error = opening_error(settings_for(folder / "trades.db"));

  EXPECT_EQ(error.code, core::Errc::Corrupt);
  EXPECT_THAT(error.message, HasSubstr("the file is not a SQLite database"));
}

TEST(TradeLogFailures, RefusesANewerDatabaseAndLeavesItAsItIs) {
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", sample_run({}));
  run_sql(folder / "trades.db", "PRAGMA user_version = 99");

  const core::Error error = opening_error(settings_for(folder / "trades.db"));

  EXPECT_EQ(error.code, core::Errc::TooNew);
  EXPECT_THAT(error.message, HasSubstr("use the newer st0ck that wrote it"));
  EXPECT_EQ(query_text(folder / "trades.db", "PRAGMA user_version"), "99");
}

TEST(TradeLogFailures, RefusesAReadOnlyFolder) {
  // Nobody may make files in /proc, not even root.
  const core::Error error = opening_error(settings_for("/proc/trades.db"));

  EXPECT_TRUE(error.code == core::Errc::ReadOnly || error.code == core::Errc::NotFound);
  EXPECT_THAT(error.message, HasSubstr("/proc/trades.db: unable to open database file"));
}

TEST(TradeLogFailures, RefusesAReadOnlyFile) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", {});
  ASSERT_EQ(::chmod((folder / "trades.db").c_str(), 0444), 0);

  const core::Error error = opening_error(settings_for(folder / "trades.db"));

  EXPECT_EQ(error.code, core::Errc::ReadOnly);
  EXPECT_THAT(error.message, HasSubstr("give the user write permission"));
}

TEST(TradeLogFailures, RefusesSettingsThatCannotWork) {
  const TemporaryFolder folder;
  TradeLogSettings no_journal = settings_for(folder / "trades.db");
  no_journal.when_full = WhenFull::CatchUp;
  TradeLogSettings no_rows = settings_for(folder / "trades.db");
  no_rows.batch_rows = 0;
  TradeLogSettings no_queue = settings_for(folder / "trades.db");
  no_queue.queue_size = core::ByteSize{255};

  EXPECT_THAT(opening_error(no_journal).message, HasSubstr("without a journal to catch up from"));
  EXPECT_THAT(opening_error(no_rows).message, HasSubstr("a batch of 0 rows"));
  EXPECT_THAT(opening_error(no_queue).message, HasSubstr("a queue of 255B, expected at least 256"));
}

}  // namespace
}  // namespace st0ck::storage
