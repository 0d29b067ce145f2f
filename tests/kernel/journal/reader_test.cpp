#include "st0ck/kernel/journal/reader.hpp"

#include "journal_fixture.hpp"
#include "st0ck/core/hash.hpp"
#include "support/effort.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

namespace st0ck::kernel::test {
namespace {

using core::Errc;

class JournalReaderTest : public testing::Test {
 protected:
  Files finished(const std::vector<Sample>& samples, std::uint64_t segment_size_max = 300) {
    std::filesystem::remove_all(folder_.journal());
    write_finished(small_settings(folder_.journal(), segment_size_max), samples);
    return load_files(folder_.journal());
  }

  Reading read(const Files& files) {
    store_files(folder_.journal(), files);
    return read_journal(folder_.journal());
  }

  JournalFolder folder_;
};

std::string message_of(const Reading& reading) {
  return reading.error ? reading.error->message : "no error";
}

TEST_F(JournalReaderTest, GivesBackWhatWasWritten) {
  const auto samples = some_samples(40);

  const auto files = finished(samples);
  const auto reading = read_journal(folder_.journal());

  EXPECT_GT(files.size(), 3U);
  EXPECT_EQ(message_of(reading), "no error");
  EXPECT_EQ(reading.samples, samples);
  EXPECT_EQ(reading.end, JournalEnd::Finished);
}

TEST_F(JournalReaderTest, FindsEveryFlippedByteOfAFinishedJournal) {
  const auto segments = contents(finished(some_samples(20)));
  ASSERT_GT(segments.size(), 2U);

  for (std::size_t segment = 0; segment < segments.size(); ++segment) {
    for (std::size_t at = 0; at < segments[segment].size(); ++at) {
      for (const int flip : {0x01, 0x80, 0xFF}) {
        auto damaged = segments;
        damaged[segment][at] = static_cast<char>(damaged[segment][at] ^ flip);

        const auto reading = read_segments(damaged);

        ASSERT_TRUE(reading.error) << segment << " byte " << at << " flip " << flip;
        ASSERT_EQ(reading.error->code, Errc::Corrupt) << reading.error->message;
        ASSERT_TRUE(reading.error->message.starts_with(segment_name(segment + 1)))
            << reading.error->message;
      }
    }
  }
}

TEST_F(JournalReaderTest, FindsAThousandFlippedBytesOfALargerJournal) {
  auto segments = contents(finished(some_samples(5'000), 50'000));
  std::mt19937_64 random{20'190'211};
  std::vector<std::size_t> starts{0};
  for (const auto& segment : segments) starts.push_back(starts.back() + segment.size());

  for (int i = 0; i < st0ck::test::effort(1'000, 200); ++i) {
    const std::size_t place = random() % starts.back();
    const auto segment = static_cast<std::size_t>(
        std::upper_bound(starts.begin(), starts.end(), place) - starts.begin() - 1);
    char& byte = segments[segment][place - starts[segment]];
    const auto mask = static_cast<char>(1 + random() % 255);
    byte = static_cast<char>(byte ^ mask);

    const auto reading = read_segments(segments);

    ASSERT_TRUE(reading.error) << "byte " << place;
    ASSERT_EQ(reading.error->code, Errc::Corrupt) << reading.error->message;
    ASSERT_NE(reading.error->message.find("first bad record"), std::string::npos);
    byte = static_cast<char>(byte ^ mask);
  }
}

TEST_F(JournalReaderTest, NamesFileByteAndRecordOfDamage) {
  auto files = finished({{.payload = "one"}, {.payload = "two"}, {.payload = "three"}}, 1 << 20);
  const std::size_t second = kSegmentHeaderSizeMin + 5 + kFrameHeaderSize + 3;
  files["00000001.st0j"][second + kFrameHeaderSize] = 'x';

  const auto reading = read(files);

  const auto place =
      (folder_.journal() / "00000001.st0j").string() + " byte 80: first bad record 2";
  EXPECT_EQ(second, 80U);
  EXPECT_TRUE(message_of(reading).starts_with(place)) << message_of(reading);
}

TEST_F(JournalReaderTest, CallsEveryTruncationOfTheLastSegmentTornOrOpen) {
  const auto samples = some_samples(12);
  const auto segments = contents(finished(samples));
  const auto& last = segments.back();

  for (std::size_t size = 0; size < last.size(); ++size) {
    auto cut = segments;
    cut.back().resize(size);

    const auto reading = read_segments(cut);

    ASSERT_EQ(message_of(reading), "no error") << size;
    ASSERT_NE(reading.end, JournalEnd::Finished) << size;
    ASSERT_TRUE(std::equal(reading.samples.begin(), reading.samples.end(), samples.begin()));
    if (reading.end == JournalEnd::Torn) {
      ASSERT_EQ(reading.torn_tail->offset + reading.torn_tail->size, size);
    }
  }
}

TEST_F(JournalReaderTest, CallsEveryTruncationOfAnEarlierSegmentCorrupt) {
  const auto segments = contents(finished(some_samples(20)));

  for (std::size_t size = 0; size < segments.front().size(); ++size) {
    auto cut = segments;
    cut.front().resize(size);

    const auto reading = read_segments(cut);

    ASSERT_TRUE(reading.error) << size;
    ASSERT_EQ(reading.error->code, Errc::Corrupt) << reading.error->message;
  }
}

TEST_F(JournalReaderTest, CallsZeroesAndGarbageAfterTheLastRecordTorn) {
  auto segments = contents(finished(some_samples(5), 1 << 20));
  segments[0].resize(segments[0].size() - kFrameHeaderSize - kJournalEndPayload.size());
  const std::string ends[] = {std::string(4096, '\0'), std::string(500, '\xA7'), "x"};

  for (const auto& end : ends) {
    const auto reading = read_segments({segments[0] + end});

    ASSERT_EQ(message_of(reading), "no error");
    EXPECT_EQ(reading.end, JournalEnd::Torn);
    EXPECT_EQ(reading.torn_tail->offset, segments[0].size());
    EXPECT_EQ(reading.torn_tail->size, end.size());
    EXPECT_EQ(reading.torn_tail->record.value(), 6U);
  }
}

TEST_F(JournalReaderTest, RefusesBytesAndSegmentsAfterTheEnd) {
  const auto segments = contents(finished(some_samples(5), 1 << 20));

  EXPECT_NE(message_of(read_segments({segments[0] + '\0'})).find("1 bytes follow the end record"),
            std::string::npos);
  EXPECT_NE(message_of(read_segments({segments[0], ""})).find("a segment follows the end record"),
            std::string::npos);
}

TEST_F(JournalReaderTest, RefusesAMissingOrForeignFile) {
  const auto files = finished(some_samples(30));
  ASSERT_GT(files.size(), 3U);
  auto first_missing = files;
  first_missing.erase("00000001.st0j");
  auto second_missing = files;
  second_missing.erase("00000002.st0j");
  auto foreign = files;
  foreign["notes.txt"] = "hello";

  for (const auto& damaged : {first_missing, second_missing, foreign}) {
    const auto reading = read(damaged);
    ASSERT_TRUE(reading.error);
    EXPECT_EQ(reading.error->code, Errc::Corrupt) << reading.error->message;
  }
}

TEST_F(JournalReaderTest, RefusesASegmentOfAnotherJournal) {
  const auto ours = contents(finished(some_samples(30)));
  auto other_samples = some_samples(30);
  other_samples[0].time_ns = 7;
  for (auto& sample : other_samples) sample.kind = 9;
  const auto others = contents(finished(other_samples));
  auto swapped = ours;
  swapped[1] = others[1];
  auto exchanged = ours;
  std::swap(exchanged[1], exchanged[2]);

  for (const auto& damaged : {swapped, exchanged}) {
    const auto reading = read_segments(damaged);
    ASSERT_TRUE(reading.error);
    EXPECT_EQ(reading.error->code, Errc::Corrupt) << reading.error->message;
  }
}

TEST_F(JournalReaderTest, RefusesARecordOutOfOrder) {
  const SegmentHeader header{.segment = 1, .first_sequence = 1};
  std::string segment;
  encode_segment_header(header, segment);
  std::array<std::byte, kFrameHeaderSize> frame;
  encode_frame_header(frame, 1, {.sequence = 2, .kind = 1}, {});
  segment.append(reinterpret_cast<const char*>(frame.data()), frame.size());

  const auto reading = read_segments({segment});

  EXPECT_EQ(message_of(reading), "00000001.st0j byte 44: first bad record 1: it is numbered 2");
}

TEST_F(JournalReaderTest, SaysWhenTheFormatIsNewerOrOlder) {
  for (const auto& [version, code] : {std::pair{kJournalVersion + 1, Errc::TooNew},
                                      std::pair{kJournalVersion - 1, Errc::Mismatch}}) {
    auto segments = contents(finished(some_samples(3), 1 << 20));
    segments[0][8] = static_cast<char>(version);
    const auto checksum = core::crc32c(bytes_of(segments[0]).first(12));
    std::memcpy(segments[0].data() + 12, &checksum, sizeof checksum);

    const auto reading = read_segments(segments);

    ASSERT_TRUE(reading.error);
    EXPECT_EQ(reading.error->code, code) << reading.error->message;
  }
}

TEST_F(JournalReaderTest, TellsAnEmptyFolderFromNone) {
  EXPECT_EQ(read_journal(folder_.journal()).error->code, Errc::NotFound);

  std::filesystem::create_directory(folder_.journal());
  const auto reading = read_journal(folder_.journal());

  EXPECT_EQ(message_of(reading), "no error");
  EXPECT_EQ(reading.end, JournalEnd::Open);
}

TEST_F(JournalReaderTest, BeginsAtAnyRecord) {
  const auto samples = some_samples(40);
  finished(samples);

  for (std::uint64_t from = 1; from <= samples.size(); ++from) {
    auto reader = JournalReader::open(folder_.journal(), core::Sequence{from});
    ASSERT_TRUE(reader) << reader.error().message;
    const auto record = reader->next();
    ASSERT_TRUE(record && *record != nullptr);
    ASSERT_EQ((*record)->sequence.value(), from);
    ASSERT_EQ((*record)->time, core::timestamp_from_ns(samples[from - 1].time_ns));
  }
  auto behind = JournalReader::open(folder_.journal(), core::Sequence{100});
  ASSERT_TRUE(behind);
  EXPECT_EQ(*behind->next(), nullptr);
}

TEST_F(JournalReaderTest, ReadsRecordsLargerThanItsBuffer) {
  std::vector<Sample> samples{{.payload = std::string(1'000'000, 'x')}, {.payload = "small"}};
  auto settings = small_settings(folder_.journal());
  settings.buffer_size = std::size_t{4} << 20;
  write_finished(settings, samples);

  EXPECT_EQ(read_journal(folder_.journal()).samples, samples);
}

TEST_F(JournalReaderTest, FollowsAFileThatGrowsByteForByte) {
  const auto samples = some_samples(14);
  const auto files = finished(samples);
  std::filesystem::remove_all(folder_.journal());
  std::filesystem::create_directory(folder_.journal());
  auto reader = JournalReader::open(folder_.journal());
  ASSERT_TRUE(reader);
  std::size_t records = 0;

  for (const auto& [name, text] : files) {
    for (std::size_t size = 0; size <= text.size(); ++size) {
      write_file(folder_.journal() / name, text.substr(0, size));
      while (true) {
        const auto record = reader->next();
        ASSERT_TRUE(record) << record.error().message;
        if (*record == nullptr) break;
        ASSERT_EQ((*record)->time, core::timestamp_from_ns(samples[records].time_ns));
        ++records;
      }
    }
  }

  EXPECT_EQ(records, samples.size());
  EXPECT_EQ(reader->end(), JournalEnd::Finished);
}

TEST_F(JournalReaderTest, GivesBackAnyRecordsInAnySegmentSize) {
  const auto holds = rc::check("round trip", [this] {
    const auto payloads = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
    const auto size = *rc::gen::inRange<std::uint64_t>(1, 2'000);
    std::vector<Sample> samples;
    for (const auto& payload : payloads)
      samples.push_back({.kind = *rc::gen::inRange<std::uint16_t>(0, 0xFFFF),
                         .time_ns = *rc::gen::arbitrary<std::int64_t>(),
                         .payload = payload});

    const auto segments = contents(finished(samples, size));
    const auto reading = read_segments(segments);

    RC_ASSERT(reading.samples == samples);
    RC_ASSERT(reading.end == JournalEnd::Finished);
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace st0ck::kernel::test
