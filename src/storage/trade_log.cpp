#include "st0ck/storage/trade_log.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/storage/schema.hpp"
#include "trade_log_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace st0ck::storage {

namespace {

core::Status check(const TradeLogSettings& settings, const CatchUp& catch_up) {
  const std::string place = settings.path.string();
  if (settings.batch_rows == 0 || settings.batch_age <= core::Duration::zero()) {
    return core::fail(core::Errc::OutOfRange,
                      "{}: a batch of {} rows and {} ns, expected at least 1 of each", place,
                      settings.batch_rows, settings.batch_age.count());
  }
  if (settings.queue_size.bytes < static_cast<std::int64_t>(FrameRing::kCapacityMin)) {
    return core::fail(core::Errc::OutOfRange, "{}: a queue of {}, expected at least {} bytes",
                      place, core::to_string(settings.queue_size), FrameRing::kCapacityMin);
  }
  if (settings.when_full == WhenFull::CatchUp && !catch_up) {
    return core::fail(core::Errc::BadInput,
                      "{}: a full queue without a journal to catch up from, expected one or to "
                      "wait, which only simulated time allows",
                      place);
  }
  return {};
}

core::Status use_wal(Database& database) {
  auto statement = database.prepare("PRAGMA journal_mode=WAL");
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  if (statement->text(0) == "wal") return {};
  return core::fail(core::Errc::Io, "{}: the journal mode is {}, expected a file system for wal",
                    database.path(), statement->text(0));
}

std::string pragmas(const TradeLogSettings& settings) {
  std::string sql = fmt::format("PRAGMA synchronous={};PRAGMA foreign_keys=ON;",
                                settings.synchronous == Synchronous::Full ? "FULL" : "NORMAL");
  if (settings.size_max) {
    constexpr std::int64_t kPageSize = 4096;
    sql += fmt::format("PRAGMA max_page_count={};",
                       std::max(settings.size_max->bytes / kPageSize, std::int64_t{1}));
  }
  return sql;
}

core::Result<Database> open_database(const TradeLogSettings& settings) {
  auto database = Database::open(settings.path, Database::Access::ReadWrite, settings.busy_timeout);
  if (!database) return database;
  if (database->is_read_only()) {
    return core::fail(core::Errc::ReadOnly,
                      "{}: the file cannot be written; give the user write permission",
                      database->path());
  }
  if (auto s = check_migratable(*database); !s) return tl::unexpected(s.error());
  // WAL first: then making the tables needs one write to the disk instead of a dozen.
  if (auto s = use_wal(*database); !s) return tl::unexpected(s.error());
  if (auto s = database->execute(pragmas(settings)); !s) return tl::unexpected(s.error());
  if (auto s = migrate(*database); !s) return tl::unexpected(s.error());
  return database;
}

}  // namespace

struct TradeLog::Parts {
  Parts(const TradeLogSettings& settings, CatchUp catch_up, Database database)
      : channel{static_cast<std::size_t>(settings.queue_size.bytes)},
        writer{settings, std::move(catch_up), std::move(database), channel},
        batch_rows{settings.batch_rows},
        when_full{settings.when_full} {}

  TradeLogChannel channel;
  TradeLogWriter writer;
  std::thread thread;

  // The core thread's own.
  std::size_t batch_rows;
  WhenFull when_full;
  core::Sequence committed_at_open;
  core::Sequence newest;
  std::size_t rows_since_wake = 0;
  bool is_woken_by_half = false;
};

core::Result<std::unique_ptr<TradeLog>> TradeLog::open(const TradeLogSettings& settings,
                                                       CatchUp catch_up) {
  if (auto status = check(settings, catch_up); !status) return tl::unexpected(status.error());
  auto database = open_database(settings);
  if (!database) return tl::unexpected(database.error());
  auto parts = std::make_unique<Parts>(settings, std::move(catch_up), std::move(*database));
  if (auto status = parts->writer.prepare(); !status) return tl::unexpected(status.error());
  parts->committed_at_open = core::Sequence{parts->channel.committed.load()};
  try {
    parts->thread = std::thread([&writer = parts->writer] { writer.run(); });
  } catch (const std::system_error& error) {
    return core::fail(core::Errc::Io, "{}: cannot start the writer thread: {}",
                      settings.path.string(), error.what());
  }
  return std::unique_ptr<TradeLog>(new TradeLog(std::move(parts)));
}

TradeLog::TradeLog(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

TradeLog::~TradeLog() {
  // Whoever wants to know the outcome has called it.
  [[maybe_unused]] const auto ignored = finish();
}

void TradeLog::append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
                      std::span<const std::byte> payload) {
  if (!kernel::is_trade_log_row(kind)) return;
  Parts& parts = *parts_;
  TradeLogChannel& channel = parts.channel;
  ST0CK_ASSERT(!channel.is_stopping.load(std::memory_order_relaxed),
               "rows come before the trade log is finished");
  ST0CK_ASSERT(sequence > parts.newest, "journal sequences go up");
  parts.newest = sequence;
  channel.offered.store(sequence.value(), std::memory_order_relaxed);
  if (sequence <= parts.committed_at_open || miss(sequence)) return;

  const Frame frame{kind, sequence, time, payload};
  while (!channel.ring.push(frame)) {
    const bool may_wait = parts.when_full == WhenFull::Wait &&
                          channel.error.load(std::memory_order_acquire) == nullptr &&
                          channel.ring.can_hold(payload.size());
    if (!may_wait) {
      channel.missed.store(sequence.value(), std::memory_order_release);
      channel.work.wake();
      return;
    }
    wait_for_room();
  }
  channel.rows_pushed.fetch_add(1, std::memory_order_release);

  // One system call per batch or filled half, not per row.
  const bool is_half_full = channel.ring.is_half_full();
  const bool is_newly_half_full = is_half_full && !parts.is_woken_by_half;
  parts.is_woken_by_half = is_half_full;
  if (++parts.rows_since_wake < parts.batch_rows && !is_newly_half_full) return;
  parts.rows_since_wake = 0;
  channel.work.wake();
}

/// Leaves the row to the writer's reading of the journal, while it is catching up.
bool TradeLog::miss(core::Sequence sequence) {
  std::atomic<std::uint64_t>& missed = parts_->channel.missed;
  std::uint64_t newest = missed.load(std::memory_order_acquire);
  while (newest != 0) {
    if (missed.compare_exchange_weak(newest, std::max(newest, sequence.value()),
                                     std::memory_order_acq_rel)) {
      return true;
    }
  }
  return false;
}

void TradeLog::wait_for_room() {
  TradeLogChannel& channel = parts_->channel;
  channel.is_core_waiting.store(true);
  channel.work.wake();
  channel.room.wait_for(std::chrono::seconds{1});
}

void TradeLog::catch_up_to(core::Sequence last) {
  if (last <= parts_->committed_at_open || miss(last)) return;
  parts_->channel.missed.store(last.value(), std::memory_order_release);
  parts_->channel.work.wake();
}

core::Status TradeLog::finish() {
  if (parts_->thread.joinable()) {
    parts_->channel.is_stopping.store(true, std::memory_order_release);
    parts_->channel.work.wake();
    parts_->thread.join();
  }
  return parts_->writer.outcome();
}

core::Status TradeLog::status() const {
  const core::Error* error = parts_->channel.error.load(std::memory_order_acquire);
  if (error != nullptr) return tl::unexpected<core::Error>(*error);
  return {};
}

TradeLogMetrics TradeLog::metrics() const {
  const TradeLogChannel& channel = parts_->channel;
  TradeLogMetrics metrics;
  metrics.queue_bytes = channel.ring.size();
  const std::uint64_t released = channel.rows_released.load();
  metrics.queue_rows = channel.rows_pushed.load() - released;
  metrics.rows_written = channel.rows_written.load();
  metrics.batches = channel.batches.load();
  metrics.failures = channel.failures.load(std::memory_order_acquire);
  metrics.catch_ups = channel.catch_ups.load();
  metrics.offered = core::Sequence{channel.offered.load()};
  metrics.committed = core::Sequence{channel.committed.load()};
  return metrics;
}

core::Sequence TradeLog::committed_at_open() const { return parts_->committed_at_open; }

}  // namespace st0ck::storage
