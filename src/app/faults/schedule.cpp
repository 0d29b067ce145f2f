#include "src/app/faults/schedule.hpp"

#include "st0ck/adapters/sim/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;
using adapters::sim::Random;
using exchange::FaultKind;
using exchange::FaultPoint;
using exchange::FaultRule;

constexpr core::Duration kOpen = 9h + 30min;

/// A whole number of milliseconds in [least, most].
core::Duration between(Random& random, core::Duration least, core::Duration most) {
  return least + 1ms * random.below((most - least) / 1ms + 1);
}

constexpr std::array kMessageKinds{
    FaultKind::Lose,       FaultKind::Delay,  FaultKind::Duplicate, FaultKind::Truncate,
    FaultKind::Hang,       FaultKind::Status, FaultKind::LoseReply, FaultKind::DelayRequest,
    FaultKind::Overtake,   FaultKind::Close,  FaultKind::Forget,    FaultKind::Reject,
    FaultKind::RejectLater};

constexpr std::array kReasons{
    exchange::RejectReason::BuyingPower,    exchange::RejectReason::QuantityHeld,
    exchange::RejectReason::WashTrade,      exchange::RejectReason::NotShortable,
    exchange::RejectReason::DayTrade,       exchange::RejectReason::Halted,
    exchange::RejectReason::NotTradable,    exchange::RejectReason::NotCancelable,
    exchange::RejectReason::NotReplaceable, exchange::RejectReason::NotFound,
    exchange::RejectReason::Malformed,      exchange::RejectReason::Forbidden,
    exchange::RejectReason::DuplicateId,    exchange::RejectReason::MarketClosed};

/// Where a kind can strike, drawn: one place, two, or all of them.
std::vector<FaultPoint> places_of(FaultKind kind, Random& random) {
  std::vector<FaultPoint> all;
  for (std::size_t i = 0; i < exchange::kFaultPoints; ++i)
    if (exchange::can_happen(kind, static_cast<FaultPoint>(i)))
      all.push_back(static_cast<FaultPoint>(i));
  if (random.below(4) == 0) return all;
  std::vector<FaultPoint> some;
  for (std::int64_t left = 1 + random.below(2); left > 0; --left)
    some.push_back(
        all[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(all.size())))]);
  std::ranges::sort(some);
  some.erase(std::unique(some.begin(), some.end()), some.end());
  return some;
}

/// The part of the day in which faults come.
void draw_window(FaultRule& rule, const Schedule& schedule, Random& random) {
  const core::Duration begin = between(random, 0s, schedule.calm_after - 30s);
  rule.from = core::TimeOfDay{kOpen + std::chrono::floor<std::chrono::seconds>(begin)};
  const core::Duration most = schedule.calm_after - begin;
  const core::Duration lasts =
      random.below(3) == 0 ? most : between(random, 5s, std::min<core::Duration>(most, 4min));
  rule.lasts = std::max<core::Duration>(std::chrono::floor<std::chrono::seconds>(lasts), 1s);
}

void draw_message_rule(FaultRule& rule, Random& random) {
  rule.kind =
      kMessageKinds[static_cast<std::size_t>(random.below(std::int64_t{kMessageKinds.size()}))];
  rule.where = places_of(rule.kind, random);
  // A hang or a cut of every other message leaves nothing to look at.
  const bool is_cut = rule.kind == FaultKind::Hang || rule.kind == FaultKind::Close ||
                      rule.kind == FaultKind::Forget;
  const std::int64_t most = is_cut ? 30 : 400;
  rule.share = core::Rate::from_raw((1 + random.below(most)) * 1'000'000);
  if (random.below(3) == 0) rule.share = core::Rate::whole(1);
  if (rule.share == core::Rate::whole(1)) rule.count = 1 + random.below(is_cut ? 3 : 12);
  rule.delay = between(random, 20ms, random.below(3) == 0 ? 12s : 2500ms);
  rule.jitter = between(random, 0s, 2s);
  rule.copies = 1 + random.below(2);
  rule.places = 1 + random.below(4);
  rule.bytes = random.below(200);
  constexpr std::array kStatuses{429, 500, 502, 503, 504};
  rule.status = kStatuses[static_cast<std::size_t>(random.below(std::int64_t{kStatuses.size()}))];
  if (rule.status == 429 && random.below(2) == 0) rule.retry_after = 1s * (1 + random.below(5));
  // Who is turned away at the gate has done nothing; a gateway may not know.
  rule.acts = random.below(3) == 0 && rule.status != 429;
  rule.says = random.below(2) == 0;
  rule.code = random.below(2) == 0 ? 0 : 1001;
  rule.hangs_for = between(random, 5s, 60s);
  rule.reason = kReasons[static_cast<std::size_t>(random.below(std::int64_t{kReasons.size()}))];
}

void draw_exchange_rule(FaultRule& rule, const Schedule& schedule, Random& random) {
  switch (random.below(4)) {
    case 0:
      rule.kind = FaultKind::Halt;
      rule.halt_code = random.below(2) == 0 ? "T1" : "LUDP";
      rule.lasts = between(random, 10s, 3min);
      break;
    case 1:
      rule.kind = FaultKind::PartialFill;
      rule.shares = core::Quantity::whole(1 + random.below(6));
      rule.pause = between(random, 100ms, 8s);
      break;
    case 2:
      rule.kind = FaultKind::Clock;
      rule.offset = between(random, 0s, 8s) - 4s;
      break;
    default:
      rule.kind = FaultKind::Restart;
      rule.down = between(random, 100ms, 25s);
      break;
  }
  if (rule.kind == FaultKind::Halt && random.below(2) == 0)
    rule.symbols = {symbols_of(schedule.market).front()};
}

FaultRule rule_of(std::int64_t number, const Schedule& schedule, Random& random) {
  FaultRule rule;
  rule.name = fmt::format("f{}", number);
  if (random.below(4) == 0)
    draw_exchange_rule(rule, schedule, random);
  else
    draw_message_rule(rule, random);
  const auto lasts = rule.lasts;
  draw_window(rule, schedule, random);
  if (rule.kind == FaultKind::Halt) rule.lasts = std::min(*rule.lasts, *lasts);
  return rule;
}

/// What somebody's scenario has beyond the calm is cut off.
void end_at_calm(exchange::Scenario& scenario, core::Duration calm) {
  std::erase_if(scenario.faults, [&](FaultRule& rule) {
    const core::Duration end = kOpen + calm;
    if (!rule.from && rule.kind == FaultKind::Halt) return false;
    if (!rule.from) rule.from = core::TimeOfDay{kOpen};
    const core::Duration begin = rule.from->since_midnight;
    if (begin >= end) return true;
    rule.lasts = std::min(rule.lasts.value_or(end - begin), end - begin);
    return false;
  });
}

void draw_crashes(Schedule& schedule, Random& random) {
  if (random.below(2) == 0) return;
  for (std::int64_t left = 1 + random.below(3); left > 0; --left)
    schedule.crashes.push_back({between(random, 1s, schedule.calm_after),
                                between(random, 50ms, 20s),
                                random.below(3) == 0 ? Death::PowerLoss : Death::Kill});
  // The moments about a sending are those that matter.
  for (Crash& crash : schedule.crashes) {
    if (random.below(2) == 0) continue;
    crash.order_request = static_cast<std::uint64_t>(1 + random.below(80));
    crash.at = between(random, 0s, 60ms);
  }
  std::ranges::sort(schedule.crashes, {}, &Crash::at);
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
        {between(random, 5s, schedule.calm_after),
         static_cast<std::uint32_t>(random.below(std::int64_t{schedule.market.symbols})),
         random.below(2) == 0 ? trading::Side::Buy : trading::Side::Sell,
         core::Quantity::whole(1 + random.below(30))});
}

}  // namespace

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
  if (random.below(4) == 0) schedule.disk.stall_one_in = 15;
  if (random.below(4) == 0) schedule.clock_ahead = between(random, 0s, 1600ms) - 800ms;
  if (scenario) {
    schedule.scenario = *scenario;
    end_at_calm(schedule.scenario, schedule.calm_after);
  } else {
    schedule.scenario.requests_per_minute = random.below(3) == 0 ? 120 : 200;
    schedule.scenario.latency = between(random, 0s, 40ms);
    schedule.scenario.jitter = between(random, 0s, 60ms);
    const std::int64_t rules = random.below(9);
    for (std::int64_t i = 0; i < rules; ++i)
      schedule.scenario.faults.push_back(rule_of(i, schedule, random));
  }
  schedule.scenario.seed = static_cast<std::int64_t>(seed >> 1U);
  // From a source of its own, so that the other draws stay as they are.
  if (Random clock = Random::for_name(seed, "clock"); clock.below(4) == 0)
    schedule.acts_every = between(clock, 2s, 9s);
  draw_crashes(schedule, random);
  draw_commands(schedule, random);
  draw_foreign(schedule, random);
  return schedule;
}

}  // namespace st0ck::app::faults
