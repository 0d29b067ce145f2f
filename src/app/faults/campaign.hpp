#pragma once

#include "src/app/exchange/scenario.hpp"
#include "src/app/faults/day_figures.hpp"
#include "src/app/faults/fault_day.hpp"
#include "src/app/faults/shrink.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace st0ck::app::faults {

struct CampaignSettings {
  std::uint64_t seeds = 100;
  std::uint64_t first = 1;
  std::optional<exchange::Scenario> scenario{};
  std::optional<std::set<std::string>> kept{};  ///< Pieces; absent is all of them.
  std::optional<core::Duration> entries_for{};  ///< Other than the schedule's.
  Wires wires = Wires::Memory;
  std::uint32_t jobs = 1;           ///< Threads; days share nothing.
  std::uint64_t failures_max = 20;  ///< Then no new day is begun.
  /// Told after each day, from one thread at a time, in no order.
  std::function<void(std::uint64_t done, std::uint64_t failed)> on_progress{};
};

struct FailedDay {
  std::uint64_t seed = 0;
  std::vector<Violation> violations;
};

struct CampaignFigures {
  std::uint64_t schedules = 0;
  DayFigures sum;                 ///< Of all days; without their violations.
  std::vector<FailedDay> failed;  ///< By seed.
};

/// The schedule of one seed of a campaign.
Schedule schedule_of(const CampaignSettings& settings, std::uint64_t seed);

/// Plays one day after the other. The figures do not hang on the number of jobs, but where the
/// most failures were reached.
CampaignFigures run_campaign(const CampaignSettings& settings);

}  // namespace st0ck::app::faults
