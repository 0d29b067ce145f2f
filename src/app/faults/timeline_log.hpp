#pragma once

#include "src/app/faults/timeline.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/records.hpp"

#include <span>

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

}  // namespace st0ck::app::faults
