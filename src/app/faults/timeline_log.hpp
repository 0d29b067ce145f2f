#pragma once

#include "src/app/faults/timeline.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/records.hpp"

#include <span>
#include <string>
#include <string_view>

namespace st0ck::app::faults {

/// Puts what the trader logs into a timeline; nowhere without one.
class TimelineLog final : public core::LogSink {
 public:
  explicit TimelineLog(Timeline* timeline)
      : core::LogSink{timeline == nullptr ? core::LogLevel::Off : core::LogLevel::Info},
        timeline_{timeline} {}

  void write(const core::LogRecord& record) override;

 private:
  Timeline* timeline_;
};

/// Tells a record of the journal, where it is about an order, a decision or a halt.
void tell_record(Timeline& timeline, core::Timestamp time, kernel::RecordKind kind,
                 std::span<const std::byte> payload);

/// What happened to an order at the exchange, in a line.
std::string line_of(const alpaca::TradeUpdate& update);

/// The kind in a fault's line: `fault 2025-06-02 09:30:01 -04:00 NAME KIND ...`.
std::string fault_kind_in(std::string_view line);

}  // namespace st0ck::app::faults
