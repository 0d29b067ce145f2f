#pragma once

#include "st0ck/core/byte_size.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace st0ck::storage {

/// How much SQLite waits for the disk. With `Normal` a power cut may take the last batches, which
/// the journal then gives again; with `Full` a committed batch is on the disk.
enum class Synchronous : std::uint8_t { Normal, Full };

/// What the core thread does when the queue is full.
enum class WhenFull : std::uint8_t {
  CatchUp,  ///< Goes on; the writer reads the missed records from the journal. Needs a journal.
  Wait,     ///< Waits for the writer. For simulated time only: in live trading it would block.
};

struct TradeLogSettings {
  std::filesystem::path path;
  core::ByteSize queue_size = core::mebibytes(4);
  std::size_t batch_rows = 1000;
  core::Duration batch_age = std::chrono::seconds{1};
  Synchronous synchronous = Synchronous::Normal;
  core::Duration busy_timeout = std::chrono::seconds{5};
  WhenFull when_full = WhenFull::CatchUp;
  /// The largest size of the database; none is as large as the disk.
  std::optional<core::ByteSize> size_max;
};

/// Gives the journal's records after `after`, up to `last`, in their order, as far as they can be
/// read yet; called on the writer thread. An error is permanent: records that are merely not
/// flushed yet are none.
using CatchUp = std::function<core::Status(core::Sequence after, core::Sequence last,
                                           kernel::RecordSink& rows)>;

/// Figures of a trade log for metrics.
struct TradeLogMetrics {
  std::size_t queue_bytes = 0;
  std::uint64_t queue_rows = 0;    ///< In the queue and not committed yet.
  std::uint64_t rows_written = 0;  ///< Committed in this run.
  std::uint64_t batches = 0;       ///< Committed in this run.
  std::uint64_t failures = 0;      ///< Batches that did not commit and are tried again.
  std::uint64_t catch_ups = 0;     ///< Times that the queue was full and the journal was read.
  core::Sequence offered;          ///< The newest row that the core thread handed over.
  core::Sequence committed;        ///< The newest record that is in the database.
};

/// The trade log: those journal records that it keeps rows of, in SQLite, written by a thread of
/// its own.
///
/// It is a projection of the journal. The core thread hands over each record as encoded; the
/// writer decodes and commits rows in batches, by count or age, whichever comes first. A batch and
/// the number of its last record are one transaction, and a record that the database holds is
/// skipped: a run that was killed and is executed again leaves the same content as one that was
/// not. When the queue is full the core goes on and the writer takes what it missed from the
/// journal, so that no row is dropped and none comes twice.
///
/// The first failure to write (full disk, no permission, a lock held by another program) stays in
/// `status`. The writer tries the same batch again once per `batch_age`, and the core thread
/// never waits for a log that has failed; what is missing comes from the journal at the next start.
class TradeLog final : public kernel::RecordSink {
 public:
  /// Opens or creates the database, migrates it, and starts the writer. Without `catch_up` only
  /// WhenFull::Wait is possible.
  static core::Result<std::unique_ptr<TradeLog>> open(const TradeLogSettings& settings,
                                                      CatchUp catch_up = {});

  /// Finishes, if `finish` was not called.
  ~TradeLog() override;

  /// Core thread. Copies a record that the trade log has a row for, other kinds are ignored;
  /// sequences must go up. No allocation; p99 below 500 ns; never waits unless WhenFull::Wait.
  void append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
              std::span<const std::byte> payload) override;

  /// Core thread. Has the writer take all rows up to the record `last` from the journal; for a
  /// start after a crash that does not execute the records again. Needs `catch_up`.
  void catch_up_to(core::Sequence last);

  /// Core thread. Writes everything handed over and stops the writer; then the database holds all
  /// rows or the error says why not. The journal must be flushed before. No `append` afterwards.
  core::Status finish();

  /// Any thread. The first failure to write, for good.
  core::Status status() const;

  /// Any thread.
  TradeLogMetrics metrics() const;

  /// The newest record that the database held when it was opened.
  core::Sequence committed_at_open() const;

 private:
  struct Parts;

  explicit TradeLog(std::unique_ptr<Parts> parts);
  bool miss(core::Sequence sequence);
  void wait_for_room();

  std::unique_ptr<Parts> parts_;
};

}  // namespace st0ck::storage
