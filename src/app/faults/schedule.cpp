#include "src/app/faults/schedule.hpp"

#include "src/app/faults/draws.hpp"
#include "src/app/faults/fault_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;
using adapters::sim::Random;
using exchange::FaultKind;
using exchange::FaultRule;

constexpr std::int64_t kOvernightOneIn = 100;
constexpr std::int64_t kHangingDiskOneIn = 6;

/// From a quarter of an hour before the close until the next morning: through the close, the night
/// and the exchange's change of its day.
void go_through_the_night(Schedule& schedule) {
  constexpr core::Duration kBegins = 15h + 46min;
  constexpr core::Duration kUntilClose = 16h - kBegins;
  constexpr core::Duration kUntilMidnight = 24h - kBegins;
  constexpr core::Duration kUntilOpen = kUntilMidnight + 9h + 30min;
  schedule.market.begins = core::TimeOfDay{kBegins};
  schedule.scenario.around_midnight = 9h + 30min;  // No closed hour is left out.
  schedule.entries_for = kUntilOpen + 6min;
  schedule.flat_after = kUntilOpen + 8min;
  schedule.calm_after = kUntilOpen + 10min;
  schedule.stretches = {{0s, kUntilClose + 2min},
                        {kUntilClose + 2min, kUntilMidnight - 4min},
                        {kUntilOpen - 4min, schedule.calm_after}};
}

/// A moment of one of the stretches, `early` after its begin at the earliest.
core::Duration moment_of(const Schedule& schedule, Random& random, core::Duration early) {
  const Stretch stretch = stretch_of(schedule, random);
  return between(random, stretch.begin + early, stretch.end);
}

/// What somebody's scenario has beyond the calm is cut off.
void end_at_calm(exchange::Scenario& scenario, const Schedule& schedule) {
  std::erase_if(scenario.faults, [&](FaultRule& rule) {
    const core::Duration end = schedule.market.begins.since_midnight + schedule.calm_after;
    if (!rule.from && rule.kind == FaultKind::Halt) return false;
    if (!rule.from) rule.from = schedule.market.begins;
    const core::Duration begin = rule.from->since_midnight;
    if (begin >= end) return true;
    rule.lasts = std::min(rule.lasts.value_or(end - begin), end - begin);
    return false;
  });
}

/// A scenario may be written for other symbols than the day trades: each of those names stands for
/// one of the day's.
void name_symbols_of_day(exchange::Scenario& scenario, const FaultMarket& market) {
  const std::vector<core::Symbol> traded = symbols_of(market);
  std::vector<core::Symbol> named;
  for (FaultRule& rule : scenario.faults)
    for (core::Symbol& symbol : rule.symbols) {
      if (std::ranges::find(traded, symbol) != traded.end()) continue;
      auto found = std::ranges::find(named, symbol);
      if (found == named.end()) found = named.insert(named.end(), symbol);
      symbol = traded[static_cast<std::size_t>(found - named.begin()) % traded.size()];
    }
}

void draw_crashes(Schedule& schedule, Random& random) {
  if (random.below(2) == 0) return;
  for (std::int64_t left = 1 + random.below(3); left > 0; --left)
    schedule.crashes.push_back({moment_of(schedule, random, 1s), between(random, 50ms, 20s),
                                random.below(3) == 0 ? Death::PowerLoss : Death::Kill});
  // The moments about a sending are those that matter.
  for (Crash& crash : schedule.crashes) {
    if (random.below(2) == 0) continue;
    crash.order_request = static_cast<std::uint64_t>(1 + random.below(80));
    crash.at = between(random, 0s, 60ms);
  }
  std::ranges::sort(schedule.crashes, {}, &Crash::at);
}

/// A disk that hangs for seconds keeps entries back and no exit: what the power takes then has no
/// record.
void draw_hanging_disk(Schedule& schedule) {
  Random random = Random::for_name(schedule.seed, "disk");
  if (random.below(kHangingDiskOneIn) != 0) return;
  schedule.disk.stall_one_in = 15;
  schedule.disk.stall = between(random, 1s, 20s);
  if (random.below(2) == 0) return;
  Crash crash{between(random, 0s, 60ms), between(random, 50ms, 20s), Death::PowerLoss};
  crash.is_after_undurable_exit = true;
  schedule.crashes.push_back(crash);
}

void draw_commands(Schedule& schedule, Random& random) {
  if (random.below(2) == 0) return;
  using enum trading::OperatorCommandKind;
  constexpr std::array<std::string_view, 3> kWhom{"", "ann", "bob"};
  core::Duration at{};
  for (std::int64_t number = 1 + random.below(3); number > 0; --number) {
    at += between(random, 20s, 6min);
    const core::BotId bot{kWhom[static_cast<std::size_t>(random.below(3))]};
    OperatorAct act;
    act.at = at;
    act.command.bot = bot;
    act.command.kind = random.below(3) == 0 ? Flatten : Halt;
    if (random.below(4) == 0) {
      act.command.kind = Close;
      act.command.symbol = symbols_of(schedule.market).front();
    }
    act.command.reason = "a fault day";
    schedule.commands.push_back(act);
    if (act.command.kind == Close) continue;
    at += between(random, 5s, 3min);
    act.at = at;
    act.command.kind = Resume;
    schedule.commands.push_back(act);
  }
  std::uint64_t id = 0;
  for (OperatorAct& act : schedule.commands) act.command.id = fmt::format("c{}", ++id);
}

void draw_foreign(Schedule& schedule, Random& random) {
  if (random.below(5) != 0) return;
  for (std::int64_t left = 1 + random.below(4); left > 0; --left)
    schedule.foreign.push_back(
        {moment_of(schedule, random, 5s),
         static_cast<std::uint32_t>(random.below(std::int64_t{schedule.market.symbols})),
         random.below(2) == 0 ? trading::Side::Buy : trading::Side::Sell,
         core::Quantity::whole(1 + random.below(30))});
}

}  // namespace

core::TimeOfDay time_of_day(const Schedule& schedule, core::Duration since_begin) {
  return core::TimeOfDay{(schedule.market.begins.since_midnight + since_begin) %
                         core::Duration{24h}};
}

Schedule schedule_of(std::uint64_t seed, const std::optional<exchange::Scenario>& scenario) {
  Schedule schedule;
  Random random = Random::for_name(seed, "schedule");
  schedule.seed = seed;
  schedule.market.seed = seed;
  schedule.disk.seed = seed;
  if (random.below(12) == 0) {
    schedule.entries_for = 40min;
    schedule.flat_after = 42min;
    schedule.calm_after = 45min;
  }
  schedule.stretches = {{0s, schedule.calm_after}};
  if (!scenario && Random::for_name(seed, "overnight").below(kOvernightOneIn) == 0)
    go_through_the_night(schedule);
  if (random.below(4) == 0) schedule.disk.stall_one_in = 15;
  if (random.below(4) == 0) schedule.clock_ahead = between(random, 0s, 1600ms) - 800ms;
  if (scenario) {
    schedule.scenario = *scenario;
    end_at_calm(schedule.scenario, schedule);
    name_symbols_of_day(schedule.scenario, schedule.market);
  } else {
    schedule.scenario.requests_per_minute = random.below(3) == 0 ? 120 : 200;
    schedule.scenario.latency = between(random, 0s, 40ms);
    schedule.scenario.jitter = between(random, 0s, 60ms);
    const std::int64_t rules = random.below(9);
    for (std::int64_t i = 0; i < rules; ++i)
      schedule.scenario.faults.push_back(draw_fault_rule(i, schedule, random));
  }
  schedule.scenario.seed = static_cast<std::int64_t>(seed >> 1U);
  // From a source of its own, so that the other draws stay as they are.
  if (Random clock = Random::for_name(seed, "clock"); clock.below(4) == 0)
    schedule.acts_every = between(clock, 2s, 9s);
  draw_crashes(schedule, random);
  draw_hanging_disk(schedule);
  draw_commands(schedule, random);
  draw_foreign(schedule, random);
  return schedule;
}

}  // namespace st0ck::app::faults
