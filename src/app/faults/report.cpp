#include "src/app/faults/report.hpp"

#include "src/app/faults/scenario_text.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

std::uint64_t per_minute(std::uint64_t count, core::Duration took) {
  const double minutes = static_cast<double>(took.count()) / static_cast<double>((1min / 1ns));
  return minutes <= 0 ? 0 : static_cast<std::uint64_t>(static_cast<double>(count) / minutes);
}

}  // namespace

std::string text_of(const CampaignFigures& figures, core::Duration took) {
  const DayFigures& sum = figures.sum;
  std::string faults;
  std::uint64_t struck = 0;
  for (const auto& [kind, count] : sum.faults) {
    faults += fmt::format("{}{} {}", faults.empty() ? "" : ", ", kind, count);
    struck += count;
  }
  return fmt::format(
      "{} schedules, {} orders, {} fills, {} unknown orders, {} crashes, {} exits "
      "without a record taken in again, {} states compared, {} commands; {} faults "
      "struck: {}\n{} violations; unprotected at most {} ms; {} schedules a minute\n",
      figures.schedules, sum.orders, sum.fills, sum.unknown, sum.crashes, sum.exits_recovered,
      sum.states_compared, sum.commands, struck, faults.empty() ? "none" : faults,
      figures.failed.size(), sum.unprotected_max / 1ms, per_minute(figures.schedules, took));
}

std::string json_of(const CampaignSettings& settings, const CampaignFigures& figures,
                    core::Duration took) {
  const DayFigures& sum = figures.sum;
  Json json{{"first", settings.first},
            {"schedules", figures.schedules},
            {"orders", sum.orders},
            {"fills", sum.fills},
            {"requests", sum.requests},
            {"records", sum.records},
            {"unknown_orders", sum.unknown},
            {"crashes", sum.crashes},
            {"exits_recovered", sum.exits_recovered},
            {"states_compared", sum.states_compared},
            {"commands", sum.commands},
            {"faults", sum.faults},
            {"unprotected_ms_max", sum.unprotected_max / 1ms},
            {"schedules_per_minute", per_minute(figures.schedules, took)},
            {"failed", Json::array()}};
  for (const FailedDay& failed : figures.failed) {
    Json violations = Json::array();
    for (const Violation& violation : failed.violations)
      violations.push_back({{"rule", violation.rule},
                            {"what", violation.what},
                            {"time", core::format_new_york(violation.time)}});
    json["failed"].push_back({{"seed", failed.seed}, {"violations", violations}});
  }
  return json.dump(2) + "\n";
}

std::string text_of(const FailedDay& failed) {
  std::string text;
  for (const Violation& violation : failed.violations)
    text += fmt::format("seed {}: {} {}: {}\n", failed.seed, core::format_new_york(violation.time),
                        violation.rule, violation.what);
  return text;
}

std::string text_of(const Shrunk& shrunk, const std::string& scenario) {
  const std::string kept =
      shrunk.kept.empty() ? "none" : fmt::format("{}", fmt::join(shrunk.kept, ","));
  return fmt::format(
      "  the least that breaks {} ({} days tried): {}\n  {}: {}\n  again: st0ck-faults --first {} "
      "--seeds 1{} --keep {} --entries-for {}s --timeline\n{}",
      shrunk.violation.rule, shrunk.tries, kept, core::format_new_york(shrunk.violation.time),
      shrunk.violation.what, shrunk.schedule.seed,
      scenario.empty() ? "" : " --scenario " + scenario, kept, shrunk.schedule.entries_for / 1s,
      shrunk.schedule.scenario.faults.empty() ? "" : text_of(shrunk.schedule.scenario));
}

}  // namespace st0ck::app::faults
