#pragma once

#include "src/app/intent_gate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace st0ck::app::faults {

/// The disk under a journal in memory: how long a sync takes, drawn by the seed.
struct DiskSettings {
  core::Duration sync_min = std::chrono::microseconds{300};
  core::Duration sync_max = std::chrono::milliseconds{4};
  std::int64_t stall_one_in = 400;  ///< Of syncs, so many take as long as a stall.
  core::Duration stall = std::chrono::milliseconds{120};
  std::uint64_t seed = 1;
};

/// How a process ends without a word.
enum class Death : std::uint8_t {
  Kill,       ///< What was written outlives it: all but the last moment.
  PowerLoss,  ///< What was not synced may be lost.
};

/// A journal in memory, in the bytes of one on a disk, with the same promises: what was synced
/// outlives a crash, what was not may be lost from some record on; a process that comes after
/// gives its records again, and they are compared (ADR 24).
class MemoryJournal final : public kernel::RecordSink, public DurableRecords {
 public:
  MemoryJournal(net::Scheduler& scheduler, const DiskSettings& settings);

  /// Hears when more is durable; of the process that runs.
  std::function<void()> on_progress{};

  /// Hears each record that no process gave before; may be empty.
  using OnRecord = std::function<void(kernel::RecordKind kind, core::Sequence sequence,
                                      core::Timestamp time, std::span<const std::byte> payload)>;
  OnRecord on_record{};

  void append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
              std::span<const std::byte> payload) override;
  core::Sequence last_sequence() const override { return core::Sequence{next_}; }
  core::Sequence durable_up_to() const override { return core::Sequence{durable_}; }
  void request_sync() override;
  bool has_failed() const override { return !status_; }

  /// Good, or the first record that a process after a crash has given otherwise.
  const core::Status& status() const { return status_; }

  /// The process has died: records that may be lost are, from a point on that the seed draws.
  /// Returns the last one that is left. Whoever comes next gives all of them again.
  core::Sequence crash(Death death);

  /// What is there now, to be read; the bytes are copied.
  core::Result<kernel::JournalReader> read();

  std::size_t records() const { return frames_.size(); }

 private:
  void append_new(kernel::RecordKind kind, core::Timestamp time,
                  std::span<const std::byte> payload);
  void compare(kernel::RecordKind kind, core::Timestamp time, std::span<const std::byte> payload);
  void sync_later();

  net::Scheduler& scheduler_;
  DiskSettings settings_;
  std::mt19937_64 random_;
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> frames_;          ///< Where each record begins, ...
  std::vector<core::Duration> appended_at_;  ///< ... and when it came, by the scheduler.
  std::vector<std::byte> copy_;              ///< What a reader reads.
  std::uint64_t next_ = 0;                   ///< Records given by the process that runs.
  std::uint64_t durable_ = 0;
  std::uint64_t syncing_ = 0;  ///< Up to where the sync under way reaches; 0 without one.
  std::uint64_t wanted_ = 0;
  net::TaskId sync_task_{};
  core::Status status_;
  net::CallbackGuard guard_;
};

}  // namespace st0ck::app::faults
