#pragma once

#include "src/app/exchange/faults/fault_note.hpp"
#include "src/app/exchange/faults/fault_plan.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/net/scheduler.hpp"

namespace st0ck::app::exchange {

/// What everything that applies a scenario's faults works with; all of it outlives them.
struct FaultParts {
  FaultPlan& plan;
  net::Scheduler& scheduler;
  const core::Clock& clock;  ///< The exchange's own, right one.
  FaultLog log;

  /// Judges a message, and logs what strikes it.
  FaultVerdict judge(FaultPoint point, std::string_view message) const {
    const FaultVerdict verdict = plan.judge(point, clock.now());
    if (verdict && log) log(fault_note(clock.now(), verdict, point, message));
    return verdict;
  }
};

}  // namespace st0ck::app::exchange
