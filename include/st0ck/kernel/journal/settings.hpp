#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/journal/file_operations.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace st0ck::kernel {

/// What `append` does when the disk is so far behind that the buffer is full.
enum class WhenFull : std::uint8_t {
  Wait,  ///< The caller waits: for a simulated clock, which waits with it.
  Fail,  ///< The journal fails, and says so: for the live clock, which waits for nobody.
};

/// What the journal thread tells its owner.
struct JournalProgress {
  core::Sequence durable_up_to;
  bool failed = false;  ///< The reason is in JournalWriter::status.
  /// The disk is full, and the journal waits for space: told when that begins and ends.
  bool is_stalled = false;
};

/// Where a journal lies, whose it is, and how it is written.
struct JournalSettings {
  std::filesystem::path directory{};  ///< Made if absent; its parent must be there.
  std::string
      identity;  ///< Which run the journal belongs to; at most 4096 bytes, the same each time.

  std::uint64_t segment_size_max = std::uint64_t{64}
                                   << 20;          ///< Bytes; a larger record has its own.
  std::size_t buffer_size = std::size_t{4} << 20;  ///< Bytes, brought up to a power of two.
  core::Duration flush_age = std::chrono::milliseconds{50};  ///< Longest stay in the buffer.
  WhenFull when_full = WhenFull::Wait;

  /// Whether a full disk is waited for, as far as the buffer lasts, instead of ending the journal.
  bool waits_for_space = false;

  /// Whether syncs reach the disk. Without, the journal outlives the process but not the machine,
  /// which is enough for runs that can be repeated.
  bool durable = true;

  /// How long a thread looks again before it sleeps; a wake-up costs 20 to 45 us in a virtual
  /// machine. Burns processor time.
  core::Duration spin{0};

  /// Called on the journal thread when a requested sync is done, once when the journal
  /// fails, and when it begins and ends to wait for space.
  /// Must not block or throw; an owner with an event loop posts to it from here.
  std::function<void(const JournalProgress&)> on_progress{};

  /// Names a record in the message about a divergence; without, its kind is given as a number.
  std::function<std::string(std::uint16_t kind, std::span<const std::byte> payload)> describe{};

  FileOperations* files = &posix_file_operations();
};

}  // namespace st0ck::kernel
