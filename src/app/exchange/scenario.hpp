#pragma once

#include "src/app/exchange/faults/fault_rule.hpp"
#include "st0ck/core/settings/setting_problem.hpp"
#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// How the exchange behaves towards its clients.
struct Scenario {
  std::int64_t requests_per_minute = 200;  ///< Of one key, over a sliding minute.
  core::Duration latency{};                ///< Before each answer, in real time.
  core::Duration jitter{};                 ///< Up to so much more, drawn anew for each answer.
  std::int64_t reject_one_in = 0;          ///< New orders: every so many-th one; 0 is none.
  std::int64_t reject_status = 503;        ///< The HTTP status that it is turned down with.
  std::int64_t seed = 1;                   ///< Of the jitter and of all faults.
  /// How long before and after midnight the exchange is there; closed hours are left out else.
  core::Duration around_midnight{};
  std::vector<FaultRule> faults{};
};

struct LoadedScenario {
  Scenario scenario;
  std::vector<core::SettingProblem> problems;
};

/// Reads a scenario file; problems name file, line and key.
LoadedScenario load_scenario(const std::filesystem::path& file);
LoadedScenario parse_scenario(std::string_view text, std::string_view name);

}  // namespace st0ck::app::exchange
