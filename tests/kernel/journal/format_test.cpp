#include "st0ck/kernel/journal/format.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

namespace st0ck::kernel {
namespace {

TEST(JournalFormat, LaysOutAFrameAsTheFormatPageSays) {
  std::array<std::byte, kFrameHeaderSize> frame;
  const std::string payload = "abc";

  const auto checksum = encode_frame_header(
      frame, 1, {.sequence = 0x0102, .time = core::timestamp_from_ns(-2), .kind = 0x0304},
      bytes_of(payload));

  EXPECT_EQ(frame[0], std::byte{0x02});
  EXPECT_EQ(frame[1], std::byte{0x01});
  EXPECT_EQ(frame[8], std::byte{0xFE});
  EXPECT_EQ(frame[15], std::byte{0xFF});
  EXPECT_EQ(frame[16], std::byte{3});
  EXPECT_EQ(frame[20], std::byte{0x04});
  EXPECT_EQ(frame[21], std::byte{0x03});
  EXPECT_EQ(frame[24], static_cast<std::byte>(checksum & 0xFF));
}

TEST(JournalFormat, CountsAFrameOnlyInItsSegment) {
  const std::string frame = encode_end_frame(3, 7, core::timestamp_from_ns(5));
  FrameHeader header;

  EXPECT_EQ(decode_frame(bytes_of(frame), 3, header), FrameFinding::Whole);
  EXPECT_EQ(header.sequence, 7U);
  EXPECT_EQ(header.kind, kJournalEndKind);
  EXPECT_EQ(decode_frame(bytes_of(frame), 4, header), FrameFinding::Bad);
}

TEST(JournalFormat, KeepsASegmentHeader) {
  const SegmentHeader header{
      .segment = 12, .first_sequence = 1'000'000'007, .chain = 0xCAFE, .identity = "who"};
  std::string bytes;
  encode_segment_header(header, bytes);
  SegmentHeader read;

  EXPECT_FALSE(decode_segment_header(bytes_of(bytes), read));

  EXPECT_EQ(bytes.size(), header.size());
  EXPECT_EQ(read.segment, header.segment);
  EXPECT_EQ(read.first_sequence, header.first_sequence);
  EXPECT_EQ(read.chain, header.chain);
  EXPECT_EQ(read.identity, header.identity);
}

TEST(JournalFormat, TellsAShortHeaderFromAWrongOne) {
  std::string bytes;
  encode_segment_header({.segment = 1, .first_sequence = 1, .identity = "who"}, bytes);
  SegmentHeader read;

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto fault = decode_segment_header(bytes_of(bytes).first(size), read);
    ASSERT_TRUE(fault && fault->incomplete) << size;
  }
  for (char& byte : bytes) {
    byte ^= 0x20;
    const auto fault = decode_segment_header(bytes_of(bytes), read);
    EXPECT_TRUE(fault && fault->code == core::Errc::Corrupt);
    byte ^= 0x20;
  }
}

TEST(JournalFormat, NamesSegmentsInOneWay) {
  EXPECT_EQ(segment_name(1), "00000001.st0j");
  EXPECT_EQ(segment_of_name("00000001.st0j"), 1U);
  EXPECT_EQ(segment_of_name("123456789.st0j"), 123'456'789U);
  EXPECT_EQ(segment_name(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615.st0j");

  for (const char* name : {"1.st0j", "00000000.st0j", "00000001", "00000001.st0j.bak",
                           "000000001.st0j", "+0000001.st0j", "99999999999999999999.st0j", ".st0j"})
    EXPECT_FALSE(segment_of_name(name)) << name;
}

}  // namespace
}  // namespace st0ck::kernel
