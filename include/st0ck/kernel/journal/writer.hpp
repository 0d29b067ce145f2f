#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/journal/format.hpp"
#include "st0ck/kernel/journal/recovery.hpp"
#include "st0ck/kernel/journal/retention.hpp"
#include "st0ck/kernel/journal/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace st0ck::kernel {

class JournalThread;
class Reexecution;

/// What is done with records that are in the journal already. An empty folder begins a journal.
enum class JournalMode : std::uint8_t {
  Append,     ///< They stay, and new ones follow. A finished journal is Errc::Refused.
  Reexecute,  ///< They are appended again, compared byte for byte, and new ones follow.
};

/// Appends records to a journal. Belongs to the core thread but for what says otherwise.
///
/// Which record begins a new segment follows from the records alone (their sizes and `rotate`), so
/// that a journal continued after a death has the same bytes as one that was never interrupted.
///
/// Once a call has failed the journal takes nothing more, and `status` says why: a record that is
/// missing must not be followed by others.
class JournalWriter {
 public:
  /// Checks the journal that is there, cuts a torn tail off (see `found`), and starts the journal
  /// thread when there is something to write. Blocks on the disk. Fails with Errc::Corrupt or
  /// TooNew as the reader does, with Mismatch when the journal has another identity, and with
  /// ReadOnly, NoSpace or Io.
  static core::Result<std::unique_ptr<JournalWriter>> open(JournalSettings settings,
                                                           JournalMode mode);

  /// Closes.
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// What was there at the opening.
  const JournalState& found() const { return found_; }

  /// Adds a record with the next sequence, which `last_sequence` then gives. `kind` must not be
  /// 0xFFFF. While re-executing it compares instead. False when it fails.
  ///
  /// About 30 ns for the size of a quote; allocates nothing and makes no system call, but to wake
  /// the journal thread when 128 KiB have gathered while it slept, or when it waits for room.
  [[nodiscard]] bool append(std::uint16_t kind, core::Timestamp time,
                            std::span<const std::byte> payload);

  /// Makes the next record begin a new segment, unless the present one is empty.
  void rotate() { rotate_requested_ = true; }

  core::Sequence last_sequence() const { return core::Sequence{last_sequence_}; }

  /// Asks for the records up to `sequence` to be made durable; `on_progress` tells when. Asks for
  /// nothing, and nothing is told, when they are. Several requests share one sync.
  void request_sync(core::Sequence sequence);

  /// Asks for everything appended so far to be written, so that a reader finds it.
  void request_flush();

  /// Asks for it and waits for it; for simulated time, tests and the end.
  core::Status wait_durable(core::Sequence sequence);
  core::Status wait_flushed();

  /// Up to here no loss of power takes a record away. Any thread.
  core::Sequence durable_up_to() const;

  /// Up to here a JournalReader finds the records. Any thread.
  core::Sequence flushed_up_to() const;

  /// Whether the next record is one that the journal has already.
  bool is_reexecuting() const { return reexecution_ != nullptr; }

  bool is_finished() const { return finished_; }

  /// Writes the end record and closes. A re-execution of a finished journal must have come to the
  /// same end, else Errc::Diverged.
  core::Status finish();

  /// Writes and syncs what there is and ends the journal thread; the journal can be continued.
  core::Status close();

  /// Why nothing more is taken; good while all is well.
  core::Status status() const;

  /// Deletes old segments as retain_journal does; Errc::Refused while re-executing, which reads
  /// them. Blocks on the disk.
  core::Result<RetentionOutcome> retain(const JournalRetention& retention,
                                        std::optional<core::Sequence> protect_from = {});

 private:
  explicit JournalWriter(JournalSettings settings);

  core::Status prepare(JournalMode mode);
  core::Status adopt(JournalMode mode);
  core::Status begin_reexecution();
  core::Status start_thread();
  bool append_new(std::uint16_t kind, core::Timestamp time, std::span<const std::byte> payload);
  bool append_again(std::uint16_t kind, core::Timestamp time, std::span<const std::byte> payload);
  bool make_room(std::size_t payload_size);
  void begin_segment();
  core::Status finish_reexecution();
  bool give_up(const core::Error& error);

  JournalSettings settings_;
  JournalState found_;
  std::unique_ptr<JournalThread> thread_;
  std::unique_ptr<Reexecution> reexecution_;

  std::uint64_t last_sequence_ = 0;
  core::Timestamp last_time_{};
  SegmentHeader segment_header_;
  std::string segment_header_bytes_;
  std::uint64_t segment_ = 0;  // 0 before the first.
  std::uint64_t segment_size_ = 0;
  std::uint64_t segment_records_ = 0;
  std::uint32_t chain_ = 0;
  std::size_t payload_size_max_ = kPayloadSizeMax;
  bool rotate_requested_ = false;
  bool finished_ = false;
  bool closed_ = false;
  std::optional<core::Error> error_;
};

}  // namespace st0ck::kernel
