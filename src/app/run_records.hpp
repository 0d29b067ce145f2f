#pragma once

#include "src/app/intent_gate.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/storage/trade_log.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace st0ck::app {

/// Where the records of a run go: into the journal first, then into the trade log. Either may be
/// absent.
class RunRecords final : public kernel::RecordSink, public DurableRecords {
 public:
  RunRecords(std::unique_ptr<kernel::JournalWriter> journal,
             std::unique_ptr<storage::TradeLog> trade_log);
  ~RunRecords() override;

  void append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
              std::span<const std::byte> payload) override;

  /// Whether the records are those of an earlier run still.
  bool is_reexecuting() const;

  /// Calls it once the records are those of an earlier run no longer, right after the last of them.
  void on_recovered(std::function<void()> told) { recovered_ = std::move(told); }

  /// Why no more records can be kept; good while all is well.
  core::Status status() const;

  /// Why the trade log lags behind the journal; good while it does not.
  core::Status trade_log_status() const;

  core::Sequence last_sequence() const override;
  core::Sequence durable_up_to() const override;
  void request_sync() override;
  bool has_failed() const override { return !status(); }

  /// Nothing where no trade log is written.
  std::optional<storage::TradeLogMetrics> trade_log_metrics() const;

  /// Waits until no loss of power takes away what the journal has been given.
  core::Status make_durable();

  /// Ends both, the run being over.
  core::Status finish();

  /// Ends both so that the run can be continued.
  core::Status close();

 private:
  std::unique_ptr<kernel::JournalWriter> journal_;
  std::unique_ptr<storage::TradeLog> trade_log_;
  std::function<void()> recovered_;
};

}  // namespace st0ck::app
