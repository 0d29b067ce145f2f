#include "src/app/faults/memory_journal.hpp"

#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string_view>

namespace st0ck::app::faults {
namespace {

using namespace std::chrono_literals;

class MemoryJournalTest : public testing::Test {
 protected:
  void append(std::string_view text) {
    journal_.append(kernel::RecordKind::RiskEvent, {}, core::Timestamp{},
                    std::as_bytes(std::span{text.data(), text.size()}));
  }

  net::SimulatedScheduler scheduler_;
  DiskSettings disk_{.stall_one_in = 0};
  MemoryJournal journal_{scheduler_, disk_};
};

TEST_F(MemoryJournalTest, KeepsWhatWasSyncedAndPerhapsMore) {
  append("one");
  append("two");
  journal_.request_sync();
  scheduler_.run_for(10ms);
  ASSERT_EQ(journal_.durable_up_to(), core::Sequence{2});
  append("three");

  const core::Sequence left = journal_.crash(Death::PowerLoss);

  EXPECT_GE(left, core::Sequence{2});
  EXPECT_EQ(journal_.records(), left.value());
}

TEST_F(MemoryJournalTest, KeepsWhatWasWrittenWhereOnlyTheProcessDies) {
  append("one");
  scheduler_.run_for(60ms);
  append("two");

  EXPECT_GE(journal_.crash(Death::Kill), core::Sequence{1});
}

TEST_F(MemoryJournalTest, TellsWhenASyncIsDoneAndSharesTheNext) {
  int told = 0;
  journal_.on_progress = [&] { ++told; };
  append("one");
  journal_.request_sync();
  append("two");
  journal_.request_sync();
  append("three");
  journal_.request_sync();

  scheduler_.run_for(20ms);

  EXPECT_EQ(journal_.durable_up_to(), core::Sequence{3});
  EXPECT_EQ(told, 2);
}

TEST_F(MemoryJournalTest, ReadsAsAJournalOnADiskDoes) {
  append("one");
  append("two");

  auto reader = journal_.read();

  ASSERT_TRUE(reader);
  ASSERT_NE(*reader->next(), nullptr);
  const auto second = reader->next();
  ASSERT_TRUE(second);
  ASSERT_NE(*second, nullptr);
  EXPECT_EQ((*second)->sequence, core::Sequence{2});
  EXPECT_EQ(*reader->next(), nullptr);
}

TEST_F(MemoryJournalTest, FindsARecordThatIsGivenOtherwiseAfterACrash) {
  append("one");
  append("two");
  journal_.request_sync();
  scheduler_.run_for(10ms);
  journal_.crash(Death::PowerLoss);

  append("one");
  EXPECT_TRUE(journal_.status());
  append("other");

  ASSERT_FALSE(journal_.status());
  EXPECT_EQ(journal_.status().error().code, core::Errc::Diverged);
}

}  // namespace
}  // namespace st0ck::app::faults
