#include "journal_fixture.hpp"
#include "st0ck/kernel/journal/writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace st0ck::kernel::test {
namespace {

using core::Errc;

class ReexecutionTest : public testing::Test {
 protected:
  std::filesystem::path journal() const { return folder_.journal(); }

  Files finished(const JournalSettings& settings, const std::vector<Sample>& samples) {
    std::filesystem::remove_all(journal());
    write_finished(settings, samples);
    return load_files(journal());
  }

  core::Status reexecute(const JournalSettings& settings, const std::vector<Sample>& samples) {
    auto writer = JournalWriter::open(settings, JournalMode::Reexecute);
    if (!writer) return tl::unexpected(writer.error());
    if (auto appended = append_all(**writer, samples); !appended) return appended;
    return (*writer)->finish();
  }

  JournalFolder folder_;
};

std::string message_of(const core::Status& status) {
  return status ? "fine" : status.error().message;
}

/// The files as a death leaves them after `size` bytes were written; a segment is made before
/// its first byte.
Files cut_at(const Files& whole, std::size_t size, bool with_empty_file) {
  Files files;
  for (const auto& [name, text] : whole) {
    if (size == 0 && !with_empty_file) break;
    files[name] = text.substr(0, size);
    if (size < text.size()) break;
    size -= text.size();
  }
  return files;
}

std::size_t size_of(const Files& files) {
  std::size_t size = 0;
  for (const auto& [name, text] : files) size += text.size();
  return size;
}

std::vector<Sample> samples_with_rotations() {
  auto samples = some_samples(24);
  samples[5].rotate_before = true;
  samples[6].rotate_before = true;
  samples[17].rotate_before = true;
  return samples;
}

TEST_F(ReexecutionTest, LeavesTheSameBytesAfterADeathAtAnyByte) {
  const auto settings = small_settings(journal());
  const auto samples = samples_with_rotations();
  const auto whole = finished(settings, samples);
  ASSERT_GT(whole.size(), 4U);

  for (std::size_t size = 0; size <= size_of(whole); ++size) {
    for (const bool with_empty_file : {false, true}) {
      store_files(journal(), cut_at(whole, size, with_empty_file));

      const auto done = reexecute(settings, samples);

      ASSERT_EQ(message_of(done), "fine") << size;
      ASSERT_EQ(load_files(journal()), whole) << size;
    }
  }
}

TEST_F(ReexecutionTest, LeavesTheSameBytesAfterADeathInAPreparedFile) {
  const auto settings = small_settings(journal());
  const auto samples = some_samples(20);
  const auto whole = finished(settings, samples);

  for (std::size_t size = 1; size <= size_of(whole) - 42; size += 7) {
    auto files = cut_at(whole, size, true);
    files.rbegin()->second.append(100, '\0');
    store_files(journal(), files);
    if (files.size() < whole.size() &&
        files.rbegin()->second.size() == whole.at(files.rbegin()->first).size() + 100)
      continue;

    const auto done = reexecute(settings, samples);

    ASSERT_EQ(message_of(done), "fine") << size;
    ASSERT_EQ(load_files(journal()), whole) << size;
  }
}

TEST_F(ReexecutionTest, ContinuesAtTheSamePlaceWhenAppendingToo) {
  const auto settings = small_settings(journal());
  const auto samples = samples_with_rotations();
  const auto whole = finished(settings, samples);

  for (std::size_t size = 0; size < size_of(whole); size += 3) {
    store_files(journal(), cut_at(whole, size, true));

    auto writer = JournalWriter::open(settings, JournalMode::Append);
    ASSERT_TRUE(writer) << writer.error().message;
    const auto there = (*writer)->last_sequence().value();
    for (std::size_t i = there; i < samples.size(); ++i) ASSERT_TRUE(append(**writer, samples[i]));
    ASSERT_TRUE((*writer)->finish());
    ASSERT_EQ(load_files(journal()), whole) << size;
  }
}

TEST_F(ReexecutionTest, SaysWhenItHasCaughtUp) {
  const auto settings = small_settings(journal(), 1 << 20);
  const auto samples = some_samples(6);
  {
    auto writer = JournalWriter::open(settings, JournalMode::Append);
    ASSERT_TRUE(append_all(**writer, {samples.begin(), samples.begin() + 4}));
    ASSERT_TRUE((*writer)->close());
  }

  auto writer = JournalWriter::open(settings, JournalMode::Reexecute);

  ASSERT_TRUE(writer);
  EXPECT_EQ((*writer)->last_sequence().value(), 0U);
  EXPECT_EQ((*writer)->durable_up_to().value(), 4U);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ((*writer)->is_reexecuting(), i < 4) << i;
    ASSERT_TRUE(append(**writer, samples[i]));
    EXPECT_TRUE((*writer)->wait_durable((*writer)->last_sequence()));
  }
  EXPECT_EQ((*writer)->durable_up_to().value(), 6U);
}

TEST_F(ReexecutionTest, ChangesNothingInAFinishedJournal) {
  const auto settings = small_settings(journal());
  const auto samples = some_samples(20);
  const auto whole = finished(settings, samples);

  const auto done = reexecute(settings, samples);

  EXPECT_EQ(message_of(done), "fine");
  EXPECT_EQ(load_files(journal()), whole);
}

TEST_F(ReexecutionTest, AcceptsAFinishedJournalWithoutRecords) {
  const auto settings = small_settings(journal());
  const auto whole = finished(settings, {});

  EXPECT_EQ(message_of(reexecute(settings, {})), "fine");
  EXPECT_EQ(load_files(journal()), whole);
  EXPECT_EQ(reexecute(settings, some_samples(1)).error().code, Errc::Diverged);
}

TEST_F(ReexecutionTest, NamesTheFirstRecordThatDiverges) {
  const auto settings = small_settings(journal(), 1 << 20);
  const auto samples = some_samples(6);
  finished(settings, samples);
  auto other_kind = samples;
  other_kind[2].kind = 99;
  auto other_time = samples;
  other_time[2].time_ns = 1;
  auto other_payload = samples;
  other_payload[2].payload.back() = '?';

  for (const auto& changed : {other_kind, other_time, other_payload}) {
    const auto done = reexecute(settings, changed);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Diverged);
  }
  EXPECT_EQ(message_of(reexecute(settings, other_kind)),
            (journal() / "00000001.st0j").string() +
                " byte 116: record 3 diverges: journaled is kind 3 (22 bytes) at 1006 ns, "
                "re-executed is kind 99 (22 bytes) at 1006 ns");
}

TEST_F(ReexecutionTest, DescribesRecordsInTheOwnersWords) {
  auto settings = small_settings(journal());
  settings.describe = [](std::uint16_t kind, std::span<const std::byte>) {
    return kind == 1 ? "Bar" : "Timer";
  };
  finished(settings, {{.kind = 1}});

  const auto message = message_of(reexecute(settings, {{.kind = 2}}));

  EXPECT_NE(message.find("journaled is Bar (0 bytes) at 0 ns, re-executed is Timer"),
            std::string::npos)
      << message;
}

TEST_F(ReexecutionTest, DivergesWhenAFinishedJournalIsLongerOrShorter) {
  const auto settings = small_settings(journal());
  const auto samples = some_samples(10);
  finished(settings, samples);

  const auto shorter = reexecute(settings, some_samples(9));
  const auto longer = reexecute(settings, some_samples(11));

  EXPECT_NE(message_of(shorter).find("record 10 diverges"), std::string::npos);
  EXPECT_NE(message_of(longer).find("the journal ends after record 10"), std::string::npos);
  EXPECT_EQ(shorter.error().code, Errc::Diverged);
  EXPECT_EQ(longer.error().code, Errc::Diverged);
}

TEST_F(ReexecutionTest, TakesNothingMoreAfterADivergence) {
  const auto settings = small_settings(journal());
  const auto whole = finished(settings, some_samples(3));
  auto writer = JournalWriter::open(settings, JournalMode::Reexecute);
  ASSERT_TRUE(writer);

  EXPECT_FALSE(append(**writer, {.kind = 50}));
  EXPECT_FALSE(append(**writer, some_samples(1)[0]));

  EXPECT_EQ((*writer)->status().error().code, Errc::Diverged);
  EXPECT_FALSE((*writer)->finish());
  EXPECT_EQ(load_files(journal()), whole);
}

TEST_F(ReexecutionTest, FollowsTheStoredSegmentsWhenTheSettingHasChanged) {
  const auto samples = some_samples(20);
  const auto whole = finished(small_settings(journal(), 300), samples);

  EXPECT_EQ(message_of(reexecute(small_settings(journal(), 1 << 20), samples)), "fine");
  EXPECT_EQ(load_files(journal()), whole);
}

TEST_F(ReexecutionTest, SurvivesSeveralDeathsAnywhere) {
  const auto holds = rc::check("several deaths", [this] {
    const auto settings = small_settings(journal(), *rc::gen::inRange<std::uint64_t>(60, 600));
    auto samples = some_samples(*rc::gen::inRange<std::size_t>(0, 40));
    for (auto& sample : samples) sample.rotate_before = *rc::gen::inRange(0, 8) == 0;
    const auto whole = finished(settings, samples);
    for (int death = 0; death < 3; ++death) {
      const auto now = load_files(journal());
      const auto size = *rc::gen::inRange<std::size_t>(0, size_of(now) + 1);
      store_files(journal(), cut_at(now, size, true));
      auto writer = JournalWriter::open(settings, JournalMode::Reexecute);
      RC_ASSERT(writer.has_value());
      const auto count = *rc::gen::inRange<std::size_t>(0, samples.size() + 1);
      for (std::size_t i = 0; i < count; ++i) RC_ASSERT(append(**writer, samples[i]));
      RC_ASSERT((*writer)->close().has_value());
    }
    RC_ASSERT(reexecute(settings, samples).has_value());
    RC_ASSERT(load_files(journal()) == whole);
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace st0ck::kernel::test
