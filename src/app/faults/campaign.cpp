#include "src/app/faults/campaign.hpp"

#include "src/app/faults/pieces.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace st0ck::app::faults {

namespace {

void add(DayFigures& sum, const DayFigures& day) {
  sum.orders += day.orders;
  sum.fills += day.fills;
  sum.requests += day.requests;
  sum.records += day.records;
  sum.crashes += day.crashes;
  sum.exits_recovered += day.exits_recovered;
  sum.states_compared += day.states_compared;
  sum.commands += day.commands;
  sum.unknown += day.unknown;
  for (const auto& [kind, count] : day.faults) sum.faults[kind] += count;
  sum.unprotected_max = std::max(sum.unprotected_max, day.unprotected_max);
}

}  // namespace

Schedule schedule_of(const CampaignSettings& settings, std::uint64_t seed) {
  Schedule schedule = schedule_of(seed, settings.scenario);
  if (settings.kept) schedule = with_only(schedule, *settings.kept);
  if (settings.entries_for) schedule.entries_for = *settings.entries_for;
  return schedule;
}

CampaignFigures run_campaign(const CampaignSettings& settings) {
  CampaignFigures figures;
  std::mutex mutex;
  std::atomic<std::uint64_t> next = 0;
  std::atomic<bool> is_enough = false;
  const auto work = [&] {
    while (!is_enough) {
      const std::uint64_t number = next++;
      if (number >= settings.seeds) return;
      const std::uint64_t seed = settings.first + number;
      DayFigures day = play_day(schedule_of(settings, seed), nullptr, settings.wires);
      const std::lock_guard lock{mutex};
      ++figures.schedules;
      add(figures.sum, day);
      if (!day.violations.empty()) figures.failed.push_back({seed, std::move(day.violations)});
      if (figures.failed.size() >= settings.failures_max) is_enough = true;
      if (settings.on_progress) settings.on_progress(figures.schedules, figures.failed.size());
    }
  };
  std::vector<std::jthread> threads;
  for (std::uint32_t i = 1; i < settings.jobs; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  std::ranges::sort(figures.failed, {}, &FailedDay::seed);
  return figures;
}

}  // namespace st0ck::app::faults
