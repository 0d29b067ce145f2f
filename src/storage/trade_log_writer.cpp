#include "trade_log_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::storage {

namespace {

// How long to leave the journal alone when it does not hold a missed row yet. Its own thread
// flushes within milliseconds.
constexpr std::chrono::milliseconds kJournalPause{5};

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

TradeLogWriter::TradeLogWriter(const TradeLogSettings& settings, CatchUp catch_up,
                               Database database, TradeLogChannel& channel)
    : batch_rows_{settings.batch_rows},
      batch_age_{settings.batch_age},
      catch_up_{std::move(catch_up)},
      database_{std::make_unique<Database>(std::move(database))},
      channel_{channel} {}

core::Status TradeLogWriter::prepare() {
  auto rows = RowWriter::open(*database_);
  if (!rows) return tl::unexpected(rows.error());
  rows_ = std::make_unique<RowWriter>(std::move(*rows));
  taken_ = rows_->committed();
  channel_.committed = taken_.value();
  return {};
}

void TradeLogWriter::run() {
  auto flush_at = SteadyClock::now() + batch_age_;
  while (true) {
    // Read first: what was handed over before the stop is then seen below.
    const bool is_last = channel_.is_stopping.load(std::memory_order_acquire);
    const bool is_flush = is_last || SteadyClock::now() >= flush_at;
    if (is_flush) flush_at = SteadyClock::now() + batch_age_;
    const auto progress = write(is_flush, is_last);
    if (!progress) fail(progress.error());
    if (is_last && (!progress || *progress == Progress::Complete)) {
      // The first failure is the cause; later ones may only follow from it.
      if (!progress) outcome_ = tl::unexpected<core::Error>(*error_);
      break;
    }
    if (!progress) {
      pause_after_failure();
    } else if (*progress == Progress::Complete) {
      channel_.work.wait_for(flush_at - SteadyClock::now());
    } else if (*progress == Progress::NotInJournalYet) {
      channel_.work.wait_for(kJournalPause);
    }
  }
  // Closing the last connection moves the WAL into the database, so that one file is left.
  rows_.reset();
  database_.reset();
}

core::Result<TradeLogWriter::Progress> TradeLogWriter::write(bool is_flush, bool is_last) {
  if (auto status = write_queue(is_flush); !status) return tl::unexpected(status.error());
  return catch_up(is_last);
}

bool TradeLogWriter::has_reason_to_write() const {
  const std::uint64_t rows =
      channel_.rows_pushed.load(std::memory_order_acquire) - channel_.rows_released.load(kRelaxed);
  return rows >= batch_rows_ ||
         (rows > 0 && (channel_.ring.is_half_full() || channel_.is_core_waiting.load()));
}

core::Status TradeLogWriter::write_queue(bool is_flush) {
  // A flush ends with the rows that were there at its begin, or a steady trickle of rows would
  // keep it going in small batches.
  const std::uint64_t flushed =
      is_flush ? channel_.rows_pushed.load(std::memory_order_acquire) : std::uint64_t{0};
  while (channel_.rows_released.load(kRelaxed) < flushed || has_reason_to_write()) {
    if (auto status = write_batch(); !status) return status;
  }
  if (channel_.is_core_waiting.exchange(false)) channel_.room.wake();
  return {};
}

core::Status TradeLogWriter::write_batch() {
  std::size_t rows = 0;
  while (rows < batch_rows_) {
    const auto frame = channel_.ring.read();
    if (!frame) break;
    ++rows;
    taken_ = std::max(taken_, frame->sequence);
    if (auto status = rows_->write(frame->kind, frame->sequence, frame->time, frame->payload);
        !status) {
      return status;
    }
  }
  if (auto status = commit(); !status) return status;
  channel_.ring.release();
  channel_.rows_released.fetch_add(rows, std::memory_order_release);
  return {};
}

core::Result<TradeLogWriter::Progress> TradeLogWriter::catch_up(bool is_last) {
  std::uint64_t missed = channel_.missed.load(std::memory_order_acquire);
  if (missed == 0) return Progress::Complete;
  if (!catch_up_) {
    return core::fail(core::Errc::Unavailable,
                      "{}: record {} did not go through the queue of {} bytes, and there is no "
                      "journal to take it from",
                      database_->path(), missed, channel_.ring.capacity());
  }
  // While a row is missed the core thread pushes nothing, so this empties the queue.
  if (auto status = write_queue(true); !status) return tl::unexpected(status.error());
  if (auto status = read_journal(core::Sequence{missed}); !status)
    return tl::unexpected(status.error());
  if (taken_.value() < missed) {
    if (!is_last) return Progress::NotInJournalYet;
    return core::fail(core::Errc::Unavailable,
                      "{}: the journal ends at record {}, expected it to hold record {}",
                      database_->path(), taken_.value(), missed);
  }
  if (!channel_.missed.compare_exchange_strong(missed, 0, std::memory_order_acq_rel))
    return Progress::MoreMissed;
  channel_.catch_ups.fetch_add(1, kRelaxed);
  return Progress::Complete;
}

core::Status TradeLogWriter::read_journal(core::Sequence last) {
  if (taken_ >= last) return {};
  journal_status_ = {};
  const auto status = catch_up_(taken_, last, *this);
  if (!journal_status_) return journal_status_;
  if (!status) return status;
  return commit();
}

void TradeLogWriter::append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
                            std::span<const std::byte> payload) {
  if (!journal_status_ || sequence <= taken_) return;
  taken_ = sequence;
  if (!kernel::is_trade_log_row(kind)) return;
  journal_status_ = rows_->write(kind, sequence, time, payload);
  if (journal_status_ && rows_->rows_pending() >= batch_rows_) journal_status_ = commit();
}

core::Status TradeLogWriter::commit() {
  const std::size_t rows = rows_->rows_pending();
  if (rows == 0) return {};
  if (auto status = rows_->commit(); !status) return status;
  channel_.committed.store(rows_->committed().value(), std::memory_order_release);
  channel_.rows_written.fetch_add(rows, kRelaxed);
  channel_.batches.fetch_add(1, kRelaxed);
  return {};
}

void TradeLogWriter::fail(const core::Error& error) {
  rows_->roll_back();
  channel_.ring.rewind();
  taken_ = rows_->committed();
  if (!error_) {
    error_ = std::make_unique<core::Error>(error);
    channel_.error.store(error_.get(), std::memory_order_release);
  }
  // After the error: who sees the count sees why.
  channel_.failures.fetch_add(1, std::memory_order_release);
  if (channel_.is_core_waiting.exchange(false)) channel_.room.wake();
}

void TradeLogWriter::pause_after_failure() {
  const auto until = SteadyClock::now() + batch_age_;
  while (SteadyClock::now() < until && !channel_.is_stopping.load(std::memory_order_acquire))
    channel_.work.wait_for(until - SteadyClock::now());
}

}  // namespace st0ck::storage
