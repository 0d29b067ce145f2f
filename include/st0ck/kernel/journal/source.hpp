#pragma once

#include "st0ck/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::kernel {

/// One segment, as bytes that may still grow.
class SegmentSource {
 public:
  virtual ~SegmentSource() = default;

  /// Fills `out` from `offset` as far as there are bytes; 0 at the end.
  virtual core::Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) = 0;

  /// Bytes there are now.
  virtual core::Result<std::uint64_t> size() = 0;
};

/// What retention has left: the segments below `segment` were deleted on purpose.
struct RetentionMark {
  std::uint64_t segment = 0;
  std::uint64_t first_sequence = 0;
  std::uint32_t chain = 0;
};

/// Where a reader finds segments: a folder, or memory in tests and fuzzing.
class JournalSource {
 public:
  virtual ~JournalSource() = default;

  /// The numbers of the segments there, ascending. Any other file is Errc::Corrupt.
  virtual core::Result<std::vector<std::uint64_t>> segments() = 0;
  virtual core::Result<std::optional<RetentionMark>> retention_mark() = 0;

  /// Null where there is no such segment (yet).
  virtual core::Result<std::unique_ptr<SegmentSource>> open(std::uint64_t segment) = 0;

  /// The segment's file, for messages.
  virtual std::string name(std::uint64_t segment) const = 0;
};

std::unique_ptr<JournalSource> directory_source(std::filesystem::path directory);

/// Segments 1, 2, ... in memory; the bytes must outlive the source.
std::unique_ptr<JournalSource> memory_source(std::vector<std::span<const std::byte>> segments);

/// The file that holds the retention mark, and the name it is written under before it is whole.
inline constexpr std::string_view kRetentionMarkName = "retained.st0j";
inline constexpr std::string_view kRetentionMarkDraft = "retained.tmp";

std::string encode_retention_mark(const RetentionMark& mark);

/// Nothing when the bytes are no sound mark.
std::optional<RetentionMark> decode_retention_mark(std::span<const std::byte> bytes);

}  // namespace st0ck::kernel
