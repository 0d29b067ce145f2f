#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/journal/file_operations.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace st0ck::kernel {

/// What of a journal is kept; whatever is absent sets no limit. The last segment always stays.
struct JournalRetention {
  std::optional<std::uint64_t> segments_max{};
  std::optional<std::uint64_t> bytes_max{};
  std::optional<core::Timestamp> keep_since{};  ///< Event time: records from then on stay.
};

struct RetentionOutcome {
  std::uint64_t segments_removed = 0;
  std::uint64_t bytes_removed = 0;
};

/// Deletes the oldest whole segments that `retention` does not keep.
///
/// No record from `protect_from` on is deleted: the first of the present session. Without it the
/// journal must be finished, else Errc::Refused. A mark with a checksum says where the journal
/// begins from then on, so that a segment that is missing without it is found. Blocks on the disk;
/// not for the core thread. The journal may be appended to at the same time, by one writer.
core::Result<RetentionOutcome> retain_journal(const std::filesystem::path& directory,
                                              const JournalRetention& retention,
                                              std::optional<core::Sequence> protect_from = {},
                                              FileOperations& files = posix_file_operations());

}  // namespace st0ck::kernel
