#include "src/app/run_records.hpp"

#include "st0ck/core/assert.hpp"

#include <utility>

namespace st0ck::app {

RunRecords::RunRecords(std::unique_ptr<kernel::JournalWriter> journal,
                       std::unique_ptr<storage::TradeLog> trade_log)
    : journal_{std::move(journal)}, trade_log_{std::move(trade_log)} {}

RunRecords::~RunRecords() = default;

void RunRecords::append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
                        std::span<const std::byte> payload) {
  const bool was_reexecuting = is_reexecuting();
  if (journal_ != nullptr) {
    if (!journal_->append(static_cast<std::uint16_t>(kind), time, payload)) return;
    ST0CK_ASSERT(journal_->last_sequence() == sequence, "journal and kernel count alike");
  }
  if (trade_log_ != nullptr) trade_log_->append(kind, sequence, time, payload);
  if (was_reexecuting && !is_reexecuting() && recovered_) recovered_();
}

bool RunRecords::is_reexecuting() const {
  return journal_ != nullptr && journal_->is_reexecuting();
}

core::Status RunRecords::status() const {
  // A trade log that cannot be written just now holds nobody up: its rows are in the journal.
  if (journal_ != nullptr) return journal_->status();
  return trade_log_ == nullptr ? core::Status{} : trade_log_->status();
}

core::Status RunRecords::trade_log_status() const {
  return trade_log_ == nullptr ? core::Status{} : trade_log_->status();
}

core::Sequence RunRecords::last_sequence() const {
  return journal_ == nullptr ? core::Sequence{} : journal_->last_sequence();
}

core::Sequence RunRecords::durable_up_to() const {
  return journal_ == nullptr ? core::Sequence{} : journal_->durable_up_to();
}

void RunRecords::request_sync() {
  if (journal_ != nullptr) journal_->request_sync(journal_->last_sequence());
}

std::optional<storage::TradeLogMetrics> RunRecords::trade_log_metrics() const {
  if (trade_log_ == nullptr) return std::nullopt;
  return trade_log_->metrics();
}

core::Status RunRecords::make_durable() {
  return journal_ == nullptr ? core::Status{} : journal_->wait_durable(journal_->last_sequence());
}

core::Status RunRecords::finish() {
  if (journal_ != nullptr)
    if (auto finished = journal_->finish(); !finished) return finished;
  return trade_log_ == nullptr ? core::Status{} : trade_log_->finish();
}

core::Status RunRecords::close() {
  if (journal_ != nullptr)
    if (auto closed = journal_->close(); !closed) return closed;
  return trade_log_ == nullptr ? core::Status{} : trade_log_->finish();
}

}  // namespace st0ck::app
