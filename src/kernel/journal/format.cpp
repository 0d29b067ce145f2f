#include "st0ck/kernel/journal/format.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace st0ck::kernel {

namespace {

static_assert(std::endian::native == std::endian::little,
              "the journal's integers are stored as they lie in memory");

constexpr std::size_t kChecksummedSize = 24;
constexpr std::size_t kSegmentNameDigits = 8;
constexpr std::string_view kSegmentExtension = ".st0j";

template <typename T>
T load(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <typename T>
void store(std::span<std::byte> bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

template <typename T>
void append_to(std::string& out, T value) {
  std::array<char, sizeof value> raw;
  std::memcpy(raw.data(), &value, sizeof value);
  out.append(raw.data(), raw.size());
}

// The segment's number takes part in every checksum, so that a frame counts only in its segment.
std::uint32_t frame_checksum(std::span<const std::byte> fields, std::uint64_t segment,
                             std::span<const std::byte> payload) {
  const auto seed = static_cast<std::uint32_t>(segment * 0x9E3779B1U);
  return core::crc32c(payload, core::crc32c(fields, seed));
}

FrameHeader load_frame_header(std::span<const std::byte> bytes) {
  return FrameHeader{.sequence = load<std::uint64_t>(bytes, 0),
                     .time = core::timestamp_from_ns(load<std::int64_t>(bytes, 8)),
                     .kind = load<std::uint16_t>(bytes, 20),
                     .payload_size = load<std::uint32_t>(bytes, 16),
                     .checksum = load<std::uint32_t>(bytes, 24)};
}

HeaderFault incomplete_header(std::size_t offset) {
  return {.offset = offset, .finding = "the segment's header is cut short", .incomplete = true};
}

// Every version begins with the same 16 bytes, so that a newer one is told from a damaged one.
std::optional<HeaderFault> check_preamble(std::span<const std::byte> bytes) {
  if (bytes.size() < kPreambleSize) return incomplete_header(bytes.size());
  if (!std::ranges::equal(bytes.first(kJournalMagic.size()), bytes_of(kJournalMagic)))
    return HeaderFault{.offset = 0, .finding = "the header does not begin with st0ckjnl"};
  if (core::crc32c(bytes.first(12)) != load<std::uint32_t>(bytes, 12))
    return HeaderFault{.offset = 8, .finding = "the version fails its checksum"};
  const auto version = load<std::uint32_t>(bytes, 8);
  if (version > kJournalVersion)
    return HeaderFault{.code = core::Errc::TooNew,
                       .offset = 8,
                       .finding = "the format is newer than this program reads"};
  if (version == 0) return HeaderFault{.offset = 8, .finding = "there is no format version 0"};
  if (version < kJournalVersion)
    return HeaderFault{.code = core::Errc::Mismatch,
                       .offset = 8,
                       .finding =
                           "an older st0ck wrote it, with records that this one does not "
                           "read; the same command on a new state directory makes the run "
                           "again"};
  return std::nullopt;
}

}  // namespace

std::uint32_t encode_frame_header(std::span<std::byte, kFrameHeaderSize> out, std::uint64_t segment,
                                  const FrameHeader& header, std::span<const std::byte> payload) {
  store(out, 0, header.sequence);
  store(out, 8, core::to_ns(header.time));
  store(out, 16, static_cast<std::uint32_t>(payload.size()));
  store(out, 20, header.kind);
  store(out, 22, std::uint16_t{0});
  const auto checksum = frame_checksum(out.first(kChecksummedSize), segment, payload);
  store(out, 24, checksum);
  return checksum;
}

FrameFinding decode_frame(std::span<const std::byte> bytes, std::uint64_t segment,
                          FrameHeader& header) {
  if (bytes.size() < kFrameHeaderSize) return FrameFinding::Incomplete;
  header = load_frame_header(bytes);
  if (header.payload_size > kPayloadSizeMax) return FrameFinding::Bad;
  if (bytes.size() < header.frame_size()) return FrameFinding::Incomplete;
  const auto checksum = frame_checksum(bytes.first(kChecksummedSize), segment,
                                       bytes.subspan(kFrameHeaderSize, header.payload_size));
  // A sum can be right by writing nonsense; the reserved bytes must be what we write there.
  const bool sound = checksum == header.checksum && load<std::uint16_t>(bytes, 22) == 0;
  return sound ? FrameFinding::Whole : FrameFinding::Bad;
}

bool is_frame(std::span<const std::byte> bytes, std::uint64_t segment, std::uint64_t sequence_min,
              std::uint64_t sequence_max) {
  if (bytes.size() < kFrameHeaderSize) return false;
  const auto sequence = load<std::uint64_t>(bytes, 0);
  if (sequence < sequence_min || sequence > sequence_max) return false;
  FrameHeader header;
  return decode_frame(bytes, segment, header) == FrameFinding::Whole;
}

void encode_segment_header(const SegmentHeader& header, std::string& out) {
  ST0CK_ASSERT(header.identity.size() <= kIdentitySizeMax,
               "a run's identity is at most 4096 bytes");
  out = kJournalMagic;
  append_to(out, kJournalVersion);
  append_to(out, core::crc32c(bytes_of(out)));
  append_to(out, static_cast<std::uint32_t>(header.identity.size()));
  append_to(out, header.chain);
  append_to(out, header.segment);
  append_to(out, header.first_sequence);
  out += header.identity;
  append_to(out, core::crc32c(bytes_of(out)));
}

std::optional<HeaderFault> decode_segment_header(std::span<const std::byte> bytes,
                                                 SegmentHeader& header) {
  if (const auto fault = check_preamble(bytes)) return fault;
  if (bytes.size() < kSegmentHeaderSizeMin) return incomplete_header(bytes.size());
  const std::size_t identity_size = load<std::uint32_t>(bytes, 16);
  if (identity_size > kIdentitySizeMax)
    return HeaderFault{.offset = 16, .finding = "the run's identity claims over 4096 bytes"};
  const std::size_t size = kSegmentHeaderSizeMin + identity_size;
  if (bytes.size() < size) return incomplete_header(bytes.size());
  const std::size_t summed = size - sizeof(std::uint32_t);
  if (core::crc32c(bytes.first(summed)) != load<std::uint32_t>(bytes, summed))
    return HeaderFault{.offset = kPreambleSize, .finding = "the header fails its checksum"};
  header.chain = load<std::uint32_t>(bytes, 20);
  header.segment = load<std::uint64_t>(bytes, 24);
  header.first_sequence = load<std::uint64_t>(bytes, 32);
  header.identity.resize(identity_size);
  std::ranges::copy(bytes.subspan(40, identity_size),
                    std::as_writable_bytes(std::span{header.identity}).begin());
  return std::nullopt;
}

std::string segment_name(std::uint64_t segment) {
  return fmt::format("{:08}{}", segment, kSegmentExtension);
}

std::optional<std::uint64_t> segment_of_name(std::string_view name) {
  if (!name.ends_with(kSegmentExtension)) return std::nullopt;
  const auto digits = name.substr(0, name.size() - kSegmentExtension.size());
  std::uint64_t segment = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), segment);
  const bool whole = problem == std::errc{} && end == digits.data() + digits.size();
  if (!whole || segment == 0 || digits.size() < kSegmentNameDigits) return std::nullopt;
  if (segment_name(segment) != name) return std::nullopt;
  return segment;
}

std::string encode_end_frame(std::uint64_t segment, std::uint64_t sequence, core::Timestamp time) {
  std::array<std::byte, kFrameHeaderSize> header;
  const auto payload = bytes_of(kJournalEndPayload);
  encode_frame_header(header, segment,
                      {.sequence = sequence, .time = time, .kind = kJournalEndKind}, payload);
  std::string out(kFrameHeaderSize, '\0');
  std::memcpy(out.data(), header.data(), header.size());
  return out.append(kJournalEndPayload);
}

}  // namespace st0ck::kernel
