#pragma once

#include "row_writer.hpp"
#include "sqlite.hpp"
#include "st0ck/storage/frame_ring.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "wakeup.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace st0ck::storage {

/// What the core thread and the writer thread share.
///
/// `missed` decides who feeds the writer. While it is 0, the queue does. The core thread sets it to
/// the sequence of the first row that found no room and keeps it at the newest one; from then on it
/// pushes nothing. The writer empties the queue, reads the journal up to `missed` and sets it back
/// to 0 by compare-exchange, which fails when another row was missed meanwhile. So every row goes
/// exactly one way, and neither side waits for the other.
struct TradeLogChannel {
  explicit TradeLogChannel(std::size_t capacity) : ring{capacity} {}

  FrameRing ring;
  Wakeup work;  ///< Wakes the writer.
  Wakeup room;  ///< Wakes the core thread that waits for room.

  // The core thread's.
  alignas(64) std::atomic<std::uint64_t> missed{0};
  std::atomic<std::uint64_t> offered{0};
  std::atomic<std::uint64_t> rows_pushed{0};
  std::atomic<bool> is_stopping{false};
  std::atomic<bool> is_core_waiting{false};

  // The writer thread's.
  alignas(64) std::atomic<std::uint64_t> committed{0};
  std::atomic<std::uint64_t> rows_released{0};
  std::atomic<std::uint64_t> rows_written{0};
  std::atomic<std::uint64_t> batches{0};
  std::atomic<std::uint64_t> failures{0};
  std::atomic<std::uint64_t> catch_ups{0};
  std::atomic<const core::Error*> error{nullptr};  ///< Set once; the writer owns it.
};

/// The writer thread's side: empties the queue into the database, batch by batch.
class TradeLogWriter final : private kernel::RecordSink {
 public:
  TradeLogWriter(const TradeLogSettings& settings, CatchUp catch_up, Database database,
                 TradeLogChannel& channel);

  /// Prepares the statements and finds out how far the database is.
  core::Status prepare();

  /// The thread's function: returns once stopped, and everything is written or cannot be.
  void run();

  /// After `run`: whether everything is written.
  const core::Status& outcome() const { return outcome_; }

 private:
  using SteadyClock = std::chrono::steady_clock;
  enum class Progress : std::uint8_t { Complete, MoreMissed, NotInJournalYet };

  core::Result<Progress> write(bool is_flush, bool is_last);
  core::Status write_queue(bool is_flush);
  core::Status write_batch();
  bool has_reason_to_write() const;
  core::Result<Progress> catch_up(bool is_last);
  core::Status read_journal(core::Sequence last);
  core::Status commit();
  void fail(const core::Error& error);
  void pause_after_failure();

  /// Takes the journal's records while catching up.
  void append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
              std::span<const std::byte> payload) override;

  std::size_t batch_rows_;
  core::Duration batch_age_;
  CatchUp catch_up_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<RowWriter> rows_;
  TradeLogChannel& channel_;
  core::Status journal_status_;
  core::Sequence taken_;  ///< The newest record taken from queue or journal, committed or not.
  std::unique_ptr<core::Error> error_;
  core::Status outcome_;
};

}  // namespace st0ck::storage
