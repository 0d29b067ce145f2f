#include "st0ck/kernel/journal/retention.hpp"

#include "journal_fixture.hpp"

#include <gtest/gtest.h>

namespace st0ck::kernel::test {
namespace {

using core::Errc;
using core::Sequence;

class RetentionTest : public testing::Test {
 protected:
  void SetUp() override {
    write_finished(small_settings(folder_.journal()), samples_);
    segments_ = load_files(folder_.journal()).size();
    ASSERT_GT(segments_, 4U);
  }

  core::Result<JournalReader> reader() { return JournalReader::open(folder_.journal()); }

  JournalFolder folder_;
  std::vector<Sample> samples_ = some_samples(40);
  std::size_t segments_ = 0;
};

TEST_F(RetentionTest, KeepsTheNewestSegmentsAndTheyStillRead) {
  const auto outcome = retain_journal(folder_.journal(), {.segments_max = 2});

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->segments_removed, segments_ - 2);
  auto reader = this->reader();
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_GT(reader->next_sequence(), Sequence{1});
  const auto state = verify_journal(folder_.journal());
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->last_sequence, Sequence{40});
  EXPECT_EQ(state->end, JournalEnd::Finished);
}

TEST_F(RetentionTest, KeepsBytesAndDays) {
  const auto bytes = retain_journal(folder_.journal(), {.bytes_max = 900});
  ASSERT_TRUE(bytes);
  EXPECT_GT(bytes->segments_removed, 0U);

  const auto last = core::timestamp_from_ns(samples_.back().time_ns);
  const auto days = retain_journal(folder_.journal(), {.keep_since = last});
  ASSERT_TRUE(days);
  EXPECT_GT(days->segments_removed, 0U);

  const auto state = verify_journal(folder_.journal());
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_GE(state->segments, 1U);
}

TEST_F(RetentionTest, KeepsEverythingWithoutALimit) {
  const auto outcome = retain_journal(folder_.journal(), {});

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->segments_removed, 0U);
  EXPECT_EQ(load_files(folder_.journal()).size(), segments_);
}

TEST_F(RetentionTest, KeepsWhatIsProtected) {
  ASSERT_TRUE(retain_journal(folder_.journal(), {.segments_max = 1}, Sequence{20}));

  auto reader = this->reader();
  ASSERT_TRUE(reader);
  EXPECT_LE(reader->next_sequence(), Sequence{20});
  EXPECT_GT(reader->next_sequence(), Sequence{1});
}

TEST_F(RetentionTest, KeepsAnUnfinishedJournal) {
  auto files = load_files(folder_.journal());
  files.rbegin()->second.resize(files.rbegin()->second.size() - 42);
  store_files(folder_.journal(), files);

  const auto outcome = retain_journal(folder_.journal(), {.segments_max = 1});

  EXPECT_EQ(outcome.error().code, Errc::Refused);
  EXPECT_EQ(load_files(folder_.journal()), files);
}

TEST_F(RetentionTest, IsRefusedWhileReexecuting) {
  auto writer = JournalWriter::open(small_settings(folder_.journal()), JournalMode::Reexecute);
  ASSERT_TRUE(writer);

  EXPECT_EQ((*writer)->retain({.segments_max = 1}).error().code, Errc::Refused);
}

TEST_F(RetentionTest, LetsMissingSegmentsBeFoundStill) {
  ASSERT_TRUE(retain_journal(folder_.journal(), {.segments_max = 3}));
  const auto files = load_files(folder_.journal());

  auto without_first = files;
  without_first.erase(without_first.begin());
  store_files(folder_.journal(), without_first);
  EXPECT_EQ(reader().error().code, Errc::Corrupt);

  auto without_mark = files;
  without_mark.erase("retained.st0j");
  store_files(folder_.journal(), without_mark);
  EXPECT_EQ(reader().error().code, Errc::Corrupt);
}

TEST_F(RetentionTest, FindsEveryFlippedByteOfARetainedJournal) {
  ASSERT_TRUE(retain_journal(folder_.journal(), {.segments_max = 2}));
  const auto files = load_files(folder_.journal());

  for (const auto& [name, text] : files) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      auto damaged = text;
      damaged[at] ^= 0x10;
      write_file(folder_.journal() / name, damaged);
      const auto reading = verify_journal(folder_.journal());
      ASSERT_FALSE(reading) << name << " byte " << at;
      ASSERT_EQ(reading.error().code, Errc::Corrupt) << reading.error().message;
    }
    write_file(folder_.journal() / name, text);
  }
}

TEST_F(RetentionTest, ReadsAJournalWhoseDeletionWasInterrupted) {
  const auto before = load_files(folder_.journal());
  ASSERT_TRUE(retain_journal(folder_.journal(), {.segments_max = 2}));
  auto after = load_files(folder_.journal());
  const auto first = after.begin()->first;
  for (auto file = before.find(first); file != std::next(before.begin());) {
    --file;
    after.insert(*file);
    store_files(folder_.journal(), after);
    const auto state = verify_journal(folder_.journal());
    ASSERT_TRUE(state) << state.error().message;
    ASSERT_EQ(state->last_sequence, Sequence{40});
  }
}

}  // namespace
}  // namespace st0ck::kernel::test
