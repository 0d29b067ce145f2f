#include "st0ck/kernel/journal/writer.hpp"

#include "faulty_files.hpp"
#include "journal_fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace st0ck::kernel::test {
namespace {

using core::Errc;
using core::Sequence;

class JournalWriterTest : public testing::Test {
 protected:
  JournalWriterTest() {
    settings_ = small_settings(folder_.journal());
    settings_.durable = true;
    settings_.files = &files_;
  }

  std::unique_ptr<JournalWriter> open(JournalMode mode = JournalMode::Append) {
    auto writer = JournalWriter::open(settings_, mode);
    EXPECT_TRUE(writer) << writer.error().message;
    return writer ? std::move(*writer) : nullptr;
  }

  core::Error error_of_opening(JournalMode mode = JournalMode::Append) {
    const auto writer = JournalWriter::open(settings_, mode);
    EXPECT_FALSE(writer);
    return writer ? core::Error{} : writer.error();
  }

  JournalFolder folder_;
  FaultyFiles files_;
  JournalSettings settings_;
};

TEST_F(JournalWriterTest, MakesRecordsDurableOnRequest) {
  const auto writer = open();

  ASSERT_TRUE(append_all(*writer, some_samples(10)));
  ASSERT_TRUE(writer->wait_durable(Sequence{10}));

  EXPECT_EQ(writer->durable_up_to(), Sequence{10});
  EXPECT_EQ(writer->flushed_up_to(), Sequence{10});
  EXPECT_EQ(read_journal(folder_.journal()).samples, some_samples(10));
}

TEST_F(JournalWriterTest, TellsOnTheJournalThreadWhatIsDurable) {
  std::atomic<std::uint64_t> told{0};
  settings_.on_progress = [&](const JournalProgress& progress) {
    told = progress.durable_up_to.value();
    told.notify_all();
  };
  const auto writer = open();
  ASSERT_TRUE(append_all(*writer, some_samples(3)));

  writer->request_sync(Sequence{3});

  while (told < 3) told.wait(0);
  EXPECT_EQ(told, 3U);
}

TEST_F(JournalWriterTest, SharesOneSyncAmongManyRequests) {
  const auto writer = open();
  const int before = files_.syncs;
  files_.stuck = true;
  for (const auto& sample : some_samples(8)) {
    ASSERT_TRUE(append(*writer, sample));
    writer->request_sync(writer->last_sequence());
  }

  files_.release();
  ASSERT_TRUE(writer->wait_durable(Sequence{8}));

  // One for those that came before the thread looked, one for the rest; each new segment has
  // two of its own.
  EXPECT_LE(files_.syncs - before, 2 + 2 * 2);
}

TEST_F(JournalWriterTest, WritesByItselfAfterAWhile) {
  settings_.flush_age = std::chrono::milliseconds{1};
  const auto writer = open();

  ASSERT_TRUE(append_all(*writer, some_samples(2)));

  while (writer->flushed_up_to() < Sequence{2}) std::this_thread::yield();
  EXPECT_EQ(read_journal(folder_.journal()).samples.size(), 2U);
}

TEST_F(JournalWriterTest, TellsWhatItFoundAndCut) {
  {
    const auto writer = open();
    ASSERT_TRUE(append_all(*writer, {{.payload = "whole"}, {.payload = "torn"}}));
  }
  const auto path = folder_.journal() / "00000001.st0j";
  const auto text = read_file(path);
  write_file(path, text.substr(0, text.size() - 2));

  const auto writer = open();

  EXPECT_EQ(writer->found().end, JournalEnd::Torn);
  EXPECT_EQ(writer->found().last_sequence, Sequence{1});
  ASSERT_TRUE(writer->found().torn_tail);
  EXPECT_EQ(writer->found().torn_tail->size, 30U);
  EXPECT_EQ(writer->found().torn_tail->record, Sequence{2});
  EXPECT_EQ(read_file(path).size(), text.size() - 32);
}

TEST_F(JournalWriterTest, RefusesDamageAnotherRunAndTheFinished) {
  write_finished(settings_, some_samples(20));
  EXPECT_EQ(error_of_opening().code, Errc::Refused);

  settings_.identity = "run-2";
  EXPECT_EQ(error_of_opening(JournalMode::Reexecute).code, Errc::Mismatch);

  settings_.identity = "run-1";
  auto files = load_files(folder_.journal());
  files["00000002.st0j"][100] ^= 1;
  store_files(folder_.journal(), files);
  EXPECT_EQ(error_of_opening(JournalMode::Reexecute).code, Errc::Corrupt);
  EXPECT_EQ(load_files(folder_.journal()), files);
}

TEST_F(JournalWriterTest, WritesAllOfItThroughShortAndInterruptedCalls) {
  files_.stutter = true;

  write_finished(settings_, some_samples(20));

  const auto reading = read_journal(folder_.journal());
  EXPECT_EQ(reading.samples, some_samples(20));
  EXPECT_EQ(reading.end, JournalEnd::Finished);
}

TEST_F(JournalWriterTest, StopsOnAFullDiskAndGoesOnOnceThereIsRoom) {
  const auto samples = some_samples(30);
  settings_.segment_size_max = 1 << 20;
  {
    const auto writer = open();
    files_.space = 200;
    ASSERT_TRUE(append_all(*writer, samples));
    const auto durable = writer->wait_durable(Sequence{30});

    ASSERT_FALSE(durable);
    EXPECT_EQ(durable.error().code, Errc::NoSpace);
    EXPECT_EQ(durable.error().message, (folder_.journal() / "00000001.st0j").string() +
                                           ": cannot be written: No space left on device");
    EXPECT_EQ(writer->durable_up_to(), Sequence{0});
    EXPECT_FALSE(append(*writer, samples[0]));
    EXPECT_EQ(writer->finish().error().code, Errc::NoSpace);
  }
  files_.space = INT64_MAX;

  const auto writer = open(JournalMode::Reexecute);
  ASSERT_TRUE(append_all(*writer, samples));
  ASSERT_TRUE(writer->finish());

  EXPECT_EQ(read_journal(folder_.journal()).samples, samples);
}

/// Found by an attack: the disk was full for minutes, and nothing was recorded for the rest of the
/// day.
TEST_F(JournalWriterTest, WaitsForSpaceWhereItIsToldTo) {
  const auto samples = some_samples(30);
  std::atomic<bool> is_stalled{false};
  settings_.waits_for_space = true;
  settings_.on_progress = [&](const JournalProgress& progress) {
    is_stalled = progress.is_stalled;
    is_stalled.notify_all();
  };
  const auto writer = open();
  files_.space = 200;
  ASSERT_TRUE(append_all(*writer, samples));
  writer->request_sync(Sequence{30});
  is_stalled.wait(false);
  EXPECT_EQ(writer->durable_up_to(), Sequence{0});
  ASSERT_TRUE(append(*writer, samples[0])) << "it is taken all the same";

  files_.space = INT64_MAX;
  ASSERT_TRUE(writer->wait_durable(Sequence{31}));

  EXPECT_FALSE(is_stalled);
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(read_journal(folder_.journal()).samples.size(), 31U);
}

TEST_F(JournalWriterTest, DoesNotWaitForSpaceWhenItIsClosedOrOpened) {
  std::atomic<bool> is_stalled{false};
  settings_.waits_for_space = true;
  settings_.on_progress = [&](const JournalProgress& progress) {
    if (progress.is_stalled) is_stalled = true;
    is_stalled.notify_all();
  };
  {
    const auto writer = open();
    files_.space = 0;
    ASSERT_TRUE(append_all(*writer, some_samples(30)));
    writer->request_sync(Sequence{30});
    is_stalled.wait(false);
    EXPECT_EQ(writer->close().error().code, Errc::NoSpace);
  }
  settings_.directory = folder_.journal().parent_path() / "another";
  EXPECT_EQ(error_of_opening().code, Errc::NoSpace);
}

TEST_F(JournalWriterTest, NeverCallsDurableWhatASyncHasRefused) {
  std::atomic<bool> told_failed{false};
  settings_.on_progress = [&](const JournalProgress& progress) { told_failed = progress.failed; };
  const auto writer = open();
  files_.sync_error = EIO;
  ASSERT_TRUE(append(*writer, {.payload = "intent"}));

  const auto first = writer->wait_durable(Sequence{1});
  // The disk is well again, but nobody knows which pages it has thrown away.
  files_.sync_error = 0;
  const auto second = writer->wait_durable(Sequence{1});

  EXPECT_EQ(first.error().code, Errc::Io);
  EXPECT_FALSE(second);
  EXPECT_EQ(writer->durable_up_to(), Sequence{0});
  EXPECT_FALSE(writer->close());
  EXPECT_TRUE(told_failed);
}

TEST_F(JournalWriterTest, SaysAtTheOpeningThatItCannotWrite) {
  files_.open_error = EROFS;

  const auto error = error_of_opening();

  EXPECT_EQ(error.code, Errc::ReadOnly);
  EXPECT_NE(error.message.find("Read-only file system"), std::string::npos) << error.message;
}

TEST_F(JournalWriterTest, SaysAtTheOpeningThatItsFolderCannotBeMade) {
  settings_.directory = folder_.journal() / "not" / "there";

  EXPECT_EQ(error_of_opening().code, Errc::Io);
}

TEST_F(JournalWriterTest, FailsWhenFullWhereItMustNotWait) {
  settings_.when_full = WhenFull::Fail;
  settings_.segment_size_max = 1 << 20;
  const auto writer = open();
  files_.stuck = true;

  std::size_t taken = 0;
  while (append(*writer, {.payload = std::string(1000, 'x')})) ++taken;
  const auto status = writer->status();
  files_.release();

  EXPECT_EQ(status.error().code, Errc::Unavailable) << status.error().message;
  EXPECT_GE(taken, 60U);
  // What was taken before is still written.
  EXPECT_FALSE(writer->close());
  EXPECT_EQ(read_journal(folder_.journal()).samples.size(), taken);
}

TEST_F(JournalWriterTest, WaitsWhenFullWhereItMay) {
  const Sample sample{.payload = std::string(1000, 'x')};
  settings_.segment_size_max = 1 << 20;
  const auto writer = open();

  for (int i = 0; i < 2'000; ++i) ASSERT_TRUE(append(*writer, sample));

  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(read_journal(folder_.journal()).samples.size(), 2'000U);
}

TEST_F(JournalWriterTest, EndsTheWaitForRoomWhenTheDiskFails) {
  const auto writer = open();
  files_.write_error = EIO;

  int taken = 0;
  while (append(*writer, {.payload = std::string(1000, 'x')})) ++taken;

  EXPECT_LT(taken, 100);
  EXPECT_EQ(writer->status().error().code, Errc::Io);
}

TEST_F(JournalWriterTest, RefusesARecordAboveTheLimit) {
  settings_.buffer_size = std::size_t{4} << 20;
  const auto writer = open();
  EXPECT_TRUE(append(*writer, {.payload = std::string(kPayloadSizeMax, 'x')}));

  EXPECT_FALSE(append(*writer, {.payload = std::string(kPayloadSizeMax + 1, 'x')}));

  EXPECT_EQ(writer->status().error().code, Errc::OutOfRange);
}

TEST_F(JournalWriterTest, IsFollowedByAReaderInAnotherThread) {
  const auto samples = some_samples(5'000);
  settings_.durable = false;
  const auto writer = open();
  std::atomic<bool> sound{true};
  std::thread follower{[&] {
    auto reader = JournalReader::open(folder_.journal());
    while (reader && reader->next_sequence().value() <= samples.size() && sound) {
      const auto record = reader->next();
      sound = record.has_value();
      if (!record) ADD_FAILURE() << record.error().message;
    }
  }};

  for (std::size_t i = 0; i < samples.size() && sound; ++i) {
    ASSERT_TRUE(append(*writer, samples[i]));
    if (i % 100 == 0) writer->request_flush();
  }
  ASSERT_TRUE(writer->wait_flushed());
  follower.join();

  EXPECT_TRUE(sound);
  EXPECT_EQ(writer->flushed_up_to().value(), samples.size());
}

TEST_F(JournalWriterTest, OutlivesTheProcessWithoutSyncsWhenNotDurable) {
  settings_.durable = false;
  const auto writer = open();
  ASSERT_TRUE(append_all(*writer, some_samples(20)));

  ASSERT_TRUE(writer->wait_durable(Sequence{20}));

  EXPECT_EQ(files_.syncs, 0);
  EXPECT_EQ(read_journal(folder_.journal()).samples.size(), 20U);
}

}  // namespace
}  // namespace st0ck::kernel::test
