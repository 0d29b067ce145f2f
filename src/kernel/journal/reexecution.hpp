#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/journal/recovery.hpp"
#include "st0ck/kernel/journal/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace st0ck::kernel {

/// Compares records that are made again with those that a journal holds.
class Reexecution {
 public:
  /// `settings` must outlive it.
  Reexecution(JournalReader reader, const JournalSettings& settings, const JournalState& found);

  /// Errc::Diverged when this is not the next record of the journal, byte for byte.
  core::Status compare(std::uint16_t kind, core::Timestamp time,
                       std::span<const std::byte> payload);

  /// Errc::Diverged unless all records were met and the journal ends with its end record here.
  core::Status check_end();

  /// Whether all stored records were met and new ones may follow.
  bool is_exhausted() const {
    return !finished_ && reader_.next_sequence().value() > last_sequence_;
  }

 private:
  std::string described(std::uint16_t kind, core::Timestamp time,
                        std::span<const std::byte> payload) const;

  JournalReader reader_;
  const JournalSettings& settings_;
  std::uint64_t last_sequence_;
  bool finished_;
};

}  // namespace st0ck::kernel
