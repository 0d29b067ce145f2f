#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace st0ck::kernel {

/// The bytes of a journal, as docs/journal-format.md describes them. All integers are
/// little-endian.
inline constexpr std::uint32_t kJournalVersion = 2;
inline constexpr std::string_view kJournalMagic = "st0ckjnl";

/// Magic, version and their own checksum: the part of a header that every version begins with.
inline constexpr std::size_t kPreambleSize = 16;
inline constexpr std::size_t kSegmentHeaderSizeMin = 44;
inline constexpr std::size_t kIdentitySizeMax = 4096;
inline constexpr std::size_t kFrameHeaderSize = 28;

/// What a payload may hold at most; a larger length field is never believed.
inline constexpr std::size_t kPayloadSizeMax = std::size_t{1} << 20;

/// The kind of the end record, which the journal writes itself. Callers use smaller ones.
inline constexpr std::uint16_t kJournalEndKind = 0xFFFF;
inline constexpr std::string_view kJournalEndPayload = "end of journal";

/// The fixed part of a record.
struct FrameHeader {
  std::uint64_t sequence = 0;
  core::Timestamp time{};
  std::uint16_t kind = 0;
  std::uint32_t payload_size = 0;
  std::uint32_t checksum = 0;

  std::size_t frame_size() const { return kFrameHeaderSize + payload_size; }
};

/// Writes the 28 bytes of a frame's header, its checksum computed over header and payload.
/// Returns the checksum. Not more than 100 ns for the payloads of events.
std::uint32_t encode_frame_header(std::span<std::byte, kFrameHeaderSize> out, std::uint64_t segment,
                                  const FrameHeader& header, std::span<const std::byte> payload);

enum class FrameFinding : std::uint8_t { Whole, Incomplete, Bad };

/// Reads the frame at the begin of `bytes`. Incomplete: the bytes end before the frame does.
/// `header` is filled as far as its bytes are there.
FrameFinding decode_frame(std::span<const std::byte> bytes, std::uint64_t segment,
                          FrameHeader& header);

/// Whether `bytes` begins with a whole frame whose sequence is in [`sequence_min`,
/// `sequence_max`]. Meant for searching: nearly every wrong place costs one comparison.
bool is_frame(std::span<const std::byte> bytes, std::uint64_t segment, std::uint64_t sequence_min,
              std::uint64_t sequence_max);

/// What the begin of a segment says.
struct SegmentHeader {
  std::uint64_t segment = 0;         ///< Its number, counted from 1; also its file's name.
  std::uint64_t first_sequence = 0;  ///< Of the first record in it, or of the next to come.
  std::uint32_t chain = 0;           ///< Checksum of the record before; 0 in segment 1.
  std::string identity{};            ///< The caller's words: which run this journal belongs to.

  std::size_t size() const { return kSegmentHeaderSizeMin + identity.size(); }
};

/// Puts the bytes of a header into `out`, which keeps its memory from one time to the next. The
/// identity must not be longer than kIdentitySizeMax.
void encode_segment_header(const SegmentHeader& header, std::string& out);

/// What reading a header came to, when it is not a header.
struct HeaderFault {
  core::Errc code = core::Errc::Corrupt;  ///< Corrupt or TooNew.
  std::size_t offset = 0;                 ///< Of the first part that is wrong.
  std::string_view finding;               ///< For a message.
  bool incomplete = false;                ///< The bytes end too early; otherwise they are wrong.
};

/// Reads a segment's header. Nothing when it is sound.
std::optional<HeaderFault> decode_segment_header(std::span<const std::byte> bytes,
                                                 SegmentHeader& header);

/// The file name of a segment: `00000001.st0j`.
std::string segment_name(std::uint64_t segment);

/// The number in a segment's file name; nothing for any other name.
std::optional<std::uint64_t> segment_of_name(std::string_view name);

/// The end record that follows the given last record; the whole frame.
std::string encode_end_frame(std::uint64_t segment, std::uint64_t sequence, core::Timestamp time);

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

}  // namespace st0ck::kernel
