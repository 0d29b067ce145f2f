#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/journal/file_operations.hpp"
#include "st0ck/kernel/journal/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace st0ck::kernel {

/// What a journal holds, after every byte of it was checked.
struct JournalState {
  JournalEnd end = JournalEnd::Open;
  std::optional<TornTail> torn_tail;
  std::uint64_t segments = 0;
  core::Sequence last_sequence;  ///< 0 when there is no record.
  core::Timestamp last_time{};
  std::string identity;

  std::uint64_t segment = 0;          ///< The last one with a whole header; 0 when there is none.
  std::uint64_t segment_size = 0;     ///< Its sound bytes.
  std::uint64_t segment_records = 0;  ///< Its records.
  std::uint32_t chain = 0;            ///< The checksum of the last record.
};

/// Reads the whole journal in `directory`. A torn tail is no error; damage is.
core::Result<JournalState> verify_journal(const std::filesystem::path& directory);

/// Removes the torn tail that `state` tells of.
core::Status cut_torn_tail(const JournalState& state, FileOperations& files);

/// Waits until what stays of a journal is on the disk; the writer that died may not have come to
/// it.
core::Status sync_remainder(const std::filesystem::path& directory, const JournalState& state,
                            FileOperations& files);

}  // namespace st0ck::kernel
