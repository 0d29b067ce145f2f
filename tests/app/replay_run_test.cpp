#include "src/app/replay_run.hpp"

#include "app/recorded_day.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/payload_buffer.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "support/effort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <random>
#include <vector>

namespace st0ck::app {
namespace {

namespace fs = std::filesystem;
using test::recorded_day;

std::vector<fs::path> segments_of(const fs::path& state) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{state / "journal"}) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

/// A byte of a file, held as something else until the end of its scope.
class FlippedByte {
 public:
  FlippedByte(const fs::path& file, std::uintmax_t offset, char mask)
      : file_{file, std::ios::binary | std::ios::in | std::ios::out}, offset_{offset} {
    file_.seekg(static_cast<std::streamoff>(offset_));
    file_.get(original_);
    put(static_cast<char>(original_ ^ mask));
  }
  ~FlippedByte() { put(original_); }
  FlippedByte(const FlippedByte&) = delete;
  FlippedByte& operator=(const FlippedByte&) = delete;

 private:
  void put(char byte) {
    file_.seekp(static_cast<std::streamoff>(offset_));
    file_.put(byte);
    file_.flush();
  }

  std::fstream file_;
  std::uintmax_t offset_;
  char original_ = 0;
};

TEST(ReplayRun, MakesTheSameRunAgain) {
  const auto outcome = replay_journal(recorded_day().state());

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(outcome->is_finished);
  EXPECT_EQ(outcome->figures.sessions, 2U);
  EXPECT_EQ(outcome->figures.trades, 2U);
  EXPECT_GT(outcome->figures.decisions, 0U);
  EXPECT_EQ(outcome->figures.decisions_sha256.size(), 64U);
}

TEST(ReplayRun, TakesTheJournalsOwnFolderToo) {
  const auto by_state = replay_journal(recorded_day().state());
  const auto by_journal = replay_journal(recorded_day().journal());

  ASSERT_TRUE(by_state && by_journal);
  EXPECT_EQ(by_state->figures, by_journal->figures);
}

TEST(ReplayRun, FindsEachFlippedByteAndNamesARecord) {
  const fs::path copy = recorded_day().copy("flipped");
  const auto segments = segments_of(copy);
  ASSERT_GT(segments.size(), 2U);
  std::vector<std::uintmax_t> sizes;
  std::uintmax_t total = 0;
  for (const auto& segment : segments) {
    sizes.push_back(fs::file_size(segment));
    total += sizes.back();
  }
  constexpr std::uint64_t kSeed = 20190211;
  constexpr int kFlips = st0ck::test::effort(1000, 150);
  std::mt19937_64 random{kSeed};
  std::cout << "seed " << kSeed << ", " << kFlips << " flips over " << total << " bytes\n";

  for (int flip = 0; flip < kFlips; ++flip) {
    std::uintmax_t offset = random() % total;
    const char mask = static_cast<char>(1 + random() % 255);
    std::size_t file = 0;
    while (offset >= sizes[file]) offset -= sizes[file++];
    const FlippedByte flipped{segments[file], offset, mask};

    const auto outcome = replay_journal(copy);

    ASSERT_FALSE(outcome) << segments[file] << " byte " << offset << " mask " << int{mask};
    ASSERT_EQ(outcome.error().code, core::Errc::Corrupt) << outcome.error().message;
    ASSERT_NE(outcome.error().message.find("record "), std::string::npos)
        << segments[file] << " byte " << offset << ": " << outcome.error().message;
  }

  ASSERT_TRUE(replay_journal(copy));
}

TEST(ReplayRun, FollowsAJournalThatWasCutShortUpToItsEnd) {
  const fs::path copy = recorded_day().copy("cut");
  fs::remove(copy / "trades.db");
  const auto whole = replay_journal(copy);
  ASSERT_TRUE(whole);
  const auto last = segments_of(copy).back();
  constexpr std::uint64_t kSeed = 20190212;
  std::mt19937_64 random{kSeed};
  std::uintmax_t size = fs::file_size(last);
  std::uint64_t decisions = whole->figures.decisions;

  for (int cut = 0; cut < 100; ++cut) {
    const std::uintmax_t step = 1 + random() % 500;
    if (step >= size) break;
    size -= step;
    fs::resize_file(last, size);

    const auto outcome = replay_journal(copy);

    ASSERT_TRUE(outcome) << "seed " << kSeed << ", " << size
                         << " bytes left: " << outcome.error().message;
    ASSERT_FALSE(outcome->is_finished);
    ASSERT_LE(outcome->figures.decisions, decisions);
    decisions = outcome->figures.decisions;
  }
}

/// Writes a copy of a journal in which the first fill has another price: every checksum is right.
void falsify(const fs::path& from, const fs::path& to, core::Sequence& first_fill) {
  auto reader = kernel::JournalReader::open(from);
  ASSERT_TRUE(reader);
  kernel::JournalSettings settings;
  settings.directory = to;
  auto writer = kernel::JournalWriter::open(settings, kernel::JournalMode::Append);
  ASSERT_TRUE(writer) << writer.error().message;
  kernel::PayloadBuffer payload;
  for (auto record = reader->next(); record && *record != nullptr; record = reader->next()) {
    const auto kind = static_cast<kernel::RecordKind>((*record)->kind);
    auto bytes = (*record)->payload;
    if (kind == kernel::RecordKind::Fill && first_fill == core::Sequence{}) {
      auto fill = std::get<kernel::FillRow>(*kernel::decode(kind, bytes));
      fill.price += core::Price::from_raw(1);
      kernel::encode(fill, payload);
      bytes = payload.view();
      first_fill = (*record)->sequence;
    }
    ASSERT_TRUE((*writer)->append((*record)->kind, (*record)->time, bytes));
  }
  ASSERT_TRUE((*writer)->finish());
}

TEST(ReplayRun, NamesTheFirstRecordThatComesOutDifferently) {
  const fs::path copy = recorded_day().path() / "falsified";
  core::Sequence first_fill;
  falsify(recorded_day().journal(), copy, first_fill);

  const auto outcome = replay_journal(copy);

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Diverged);
  EXPECT_NE(outcome.error().message.find(fmt::format("record {} ", first_fill.value())),
            std::string::npos)
      << outcome.error().message;
}

TEST(ReplayRun, MissesASegmentThatIsNotTheLast) {
  const fs::path copy = recorded_day().copy("gap");
  const auto segments = segments_of(copy);
  ASSERT_GT(segments.size(), 2U);
  fs::remove(segments[1]);

  const auto outcome = replay_journal(copy);

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Corrupt);
  EXPECT_NE(outcome.error().message.find(segments[1].filename().string()), std::string::npos)
      << outcome.error().message;
}

TEST(ReplayRun, MissesTheLastSegmentOfARunWhoseEndTheTradeLogKnows) {
  const fs::path copy = recorded_day().copy("beheaded");
  fs::remove(segments_of(copy).back());

  const auto outcome = replay_journal(copy);

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Corrupt);
  const std::string beginning = (copy / "journal").string() + ": ends at record ";
  EXPECT_EQ(outcome.error().message.find(beginning), 0U) << outcome.error().message;
  EXPECT_NE(outcome.error().message.find(", but the trade log knows the run's end at record "),
            std::string::npos)
      << outcome.error().message;
}

TEST(ReplayRun, NamesAJournalWithoutAWholeRecord) {
  const fs::path copy = recorded_day().copy("emptied");
  for (const auto& segment : segments_of(copy)) fs::remove(segment);

  const auto with_trade_log = replay_journal(copy);
  fs::remove(copy / "trades.db");
  const auto alone = replay_journal(copy);

  const std::string journal = (copy / "journal").string();
  ASSERT_FALSE(with_trade_log);
  EXPECT_EQ(with_trade_log.error().code, core::Errc::Corrupt);
  EXPECT_EQ(with_trade_log.error().message.find(journal + ": ends at record 0, but "), 0U)
      << with_trade_log.error().message;
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, core::Errc::NotFound);
  EXPECT_EQ(alone.error().message.find(journal + ": the journal has no whole record"), 0U)
      << alone.error().message;
}

TEST(ReplayRun, SaysThatThereIsNoSuchFolder) {
  const auto outcome = replay_journal(recorded_day().path() / "nowhere");

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::NotFound);
}

}  // namespace
}  // namespace st0ck::app
