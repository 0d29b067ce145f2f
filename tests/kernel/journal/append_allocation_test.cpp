#include "journal_fixture.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <new>

namespace st0ck::kernel::test {
namespace {

TEST(AllocationCounter, Counts) {
  const auto before = st0ck::test::allocations_of_this_thread();
  ::operator delete(::operator new(8));
  const auto after = st0ck::test::allocations_of_this_thread();

  EXPECT_EQ(after - before, 1U);
}

TEST(JournalAppend, AllocatesNothingOnceWarm) {
  const JournalFolder folder;
  auto writer = JournalWriter::open(small_settings(folder.journal(), 5'000), JournalMode::Append);
  ASSERT_TRUE(writer) << writer.error().message;
  const Sample sample{.payload = std::string(80, 'x')};
  ASSERT_TRUE(append(**writer, sample));

  const auto before = st0ck::test::allocations_of_this_thread();
  bool sound = true;
  for (int i = 0; i < 10'000; ++i) sound = sound && append(**writer, sample);
  const auto after = st0ck::test::allocations_of_this_thread();

  EXPECT_TRUE(sound);
  EXPECT_EQ(after - before, 0U);
  EXPECT_GT(load_files(folder.journal()).size(), 2U);
}

TEST(JournalAppend, AllocatesNothingPerRecordWhileReexecuting) {
  const JournalFolder folder;
  const std::vector<Sample> samples(1'000, {.payload = std::string(80, 'x')});
  write_finished(small_settings(folder.journal(), 1 << 20), samples);
  auto writer =
      JournalWriter::open(small_settings(folder.journal(), 1 << 20), JournalMode::Reexecute);
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE(append(**writer, samples[0]));

  const auto before = st0ck::test::allocations_of_this_thread();
  bool sound = true;
  for (int i = 1; i < 1'000; ++i) sound = sound && append(**writer, samples[0]);
  const auto after = st0ck::test::allocations_of_this_thread();

  EXPECT_TRUE(sound);
  EXPECT_EQ(after - before, 0U);
}

}  // namespace
}  // namespace st0ck::kernel::test
