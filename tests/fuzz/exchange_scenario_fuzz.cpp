// Reads any bytes as a scenario of the exchange. Whatever reads without a problem makes a plan that
// judges messages within its bounds, and a second one of the same text judges all of them alike.

#include "src/app/exchange/faults/fault_plan.hpp"
#include "src/app/exchange/scenario.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/core/time_text.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace st0ck;
  using namespace st0ck::app::exchange;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const LoadedScenario loaded = parse_scenario(text, "fuzz");
  if (!loaded.problems.empty()) return 0;
  const auto seed = static_cast<std::uint64_t>(loaded.scenario.seed);
  FaultPlan plan{loaded.scenario.faults, seed};
  FaultPlan twin{loaded.scenario.faults, seed};
  const auto start = core::parse_timestamp("2025-06-02T13:29:00Z").value();
  for (int message = 0; message < 60; ++message) {
    const core::Timestamp before = start + std::chrono::minutes{30 * message};
    const core::Timestamp now = before + std::chrono::minutes{30};
    ST0CK_ASSERT(plan.clock_offset(now) == twin.clock_offset(now), "one seed, one clock");
    (void)plan.restart(before, now);
    for (std::size_t i = 0; i < kFaultPoints; ++i) {
      const auto point = static_cast<FaultPoint>(i);
      for (const bool is_silent : {false, true}) {
        const auto judged = [&](FaultPlan& by) {
          return is_silent ? by.judge_silent(point, before, now) : by.judge(point, now);
        };
        const FaultVerdict verdict = judged(plan);
        const FaultVerdict again = judged(twin);
        ST0CK_ASSERT(static_cast<bool>(verdict) == static_cast<bool>(again) &&
                         verdict.delay == again.delay && verdict.message == again.message,
                     "one seed, one verdict");
        if (!verdict) continue;
        ST0CK_ASSERT(can_happen(verdict.rule->kind, point), "a fault happens where it can");
        ST0CK_ASSERT(verdict.delay >= core::Duration{} && verdict.delay < std::chrono::seconds{30},
                     "no fault waits for longer than an answer may take");
      }
    }
  }
  return 0;
}
