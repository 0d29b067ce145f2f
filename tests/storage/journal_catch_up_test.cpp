#include "st0ck/storage/journal_catch_up.hpp"

#include "st0ck/kernel/journal/writer.hpp"
#include "storage/sample_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace st0ck::storage {
namespace {

class JournalCatchUpTest : public testing::Test {
 protected:
  std::unique_ptr<kernel::JournalWriter> open_journal() {
    kernel::JournalSettings settings;
    settings.directory = folder_ / "journal";
    settings.identity = "test";
    settings.segment_size_max = 8192;
    auto journal = kernel::JournalWriter::open(settings, kernel::JournalMode::Append);
    EXPECT_TRUE(journal) << journal.error().message;
    return std::move(*journal);
  }

  static void append(kernel::JournalWriter& journal, const StoredRecord& record) {
    ASSERT_TRUE(journal.append(static_cast<std::uint16_t>(record.kind), record.time,
                               record.payload.view()));
  }

  std::unique_ptr<TradeLog> open_log() {
    TradeLogSettings settings;
    settings.path = folder_ / "trades.db";
    settings.queue_size = core::ByteSize{1024};
    settings.batch_rows = 20;
    settings.batch_age = std::chrono::milliseconds{1};
    auto log = TradeLog::open(settings, catch_up_from_journal(folder_ / "journal"));
    EXPECT_TRUE(log) << log.error().message;
    return std::move(*log);
  }

  TemporaryFolder folder_;
  StoredRecords records_ = sample_run({.orders_per_session = 60});
};

TEST_F(JournalCatchUpTest, TakesMissedRowsFromAJournalThatIsBeingWritten) {
  write_trade_log(folder_ / "whole.db", records_);
  const auto journal = open_journal();
  const auto log = open_log();

  for (const StoredRecord& record : records_) {
    append(*journal, record);
    log->append(record.kind, record.sequence, record.time, record.payload.view());
  }
  ASSERT_TRUE(journal->wait_flushed());
  const auto status = log->finish();

  ASSERT_TRUE(status) << status.error().message;
  EXPECT_GT(log->metrics().catch_ups, 0u);
  EXPECT_EQ(content_of(folder_ / "trades.db"), content_of(folder_ / "whole.db"));
}

TEST_F(JournalCatchUpTest, TakesRowsFromAFinishedJournal) {
  write_trade_log(folder_ / "whole.db", records_);
  {
    const auto journal = open_journal();
    for (const StoredRecord& record : records_) append(*journal, record);
    ASSERT_TRUE(journal->finish());
  }
  const auto log = open_log();

  log->catch_up_to(records_.back().sequence);
  const auto status = log->finish();

  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(content_of(folder_ / "trades.db"), content_of(folder_ / "whole.db"));
}

TEST_F(JournalCatchUpTest, SaysWhereTheJournalIsDamaged) {
  {
    const auto journal = open_journal();
    for (const StoredRecord& record : records_) append(*journal, record);
    ASSERT_TRUE(journal->finish());
  }
  {
    std::fstream file(folder_ / "journal" / "00000002.st0j",
                      std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4000);
    file.put('\x55');
    file.put('\xAA');
  }
  const auto log = open_log();

  log->catch_up_to(records_.back().sequence);
  const auto status = log->finish();

  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, core::Errc::Corrupt);
  EXPECT_THAT(status.error().message, testing::HasSubstr("00000002.st0j"));
}

TEST_F(JournalCatchUpTest, SaysThatAJournalThatNeverBeganLacksTheRows) {
  const auto log = open_log();

  log->catch_up_to(core::Sequence{5});
  const auto status = log->finish();

  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, testing::HasSubstr("the journal ends at record 0"));
}

}  // namespace
}  // namespace st0ck::storage
