#include "src/app/exchange/faults/fault_plan.hpp"

#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::app::exchange {

namespace {

bool is_state(FaultKind kind) {
  return kind == FaultKind::Hang || kind == FaultKind::Close || kind == FaultKind::Forget;
}

core::Duration time_of_day(core::Timestamp time) { return core::to_new_york(time).time_of_day; }

}  // namespace

bool passes(core::TimeOfDay time, core::Timestamp before, core::Timestamp now) {
  if (now <= before) return false;
  const auto date = core::to_new_york(now).date;
  const core::Timestamp today = core::from_new_york(date, time.since_midnight);
  return today > before && today <= now;
}

FaultPlan::FaultPlan(std::vector<FaultRule> rules, std::uint64_t seed)
    : rules_{std::move(rules)}, seed_{seed} {
  std::ranges::sort(rules_, {}, &FaultRule::name);
  tallies_.resize(rules_.size());
}

std::uint64_t FaultPlan::drawn(std::size_t rule, FaultPoint point, std::uint64_t message,
                               std::string_view what) const {
  auto random = adapters::sim::Random::for_name(
      seed_, fmt::format("{} {} {} {}", rules_[rule].name, static_cast<int>(point), message, what));
  return random.next();
}

bool FaultPlan::strikes(std::size_t rule, FaultPoint point, std::uint64_t message) {
  const FaultRule& its = rules_[rule];
  Tally& tally = tallies_[rule];
  if (++tally.seen <= static_cast<std::uint64_t>(its.skip)) return false;
  if (its.count > 0 && tally.struck >= static_cast<std::uint64_t>(its.count)) return false;
  if (its.share < core::Rate::whole(1)) {
    constexpr std::uint64_t kWhole = 1'000'000'000;
    const auto part = drawn(rule, point, message, "share") % kWhole;
    if (part >= static_cast<std::uint64_t>(its.share.raw())) return false;
  }
  ++tally.struck;
  return true;
}

FaultVerdict FaultPlan::verdict(std::size_t rule, FaultPoint point, std::uint64_t message) const {
  FaultVerdict verdict{&rules_[rule], rules_[rule].delay, message};
  const auto jitter = static_cast<std::uint64_t>(rules_[rule].jitter.count());
  if (jitter > 0)
    verdict.delay +=
        core::Duration{static_cast<std::int64_t>(drawn(rule, point, message, "jitter") % jitter)};
  return verdict;
}

FaultVerdict FaultPlan::judge(FaultPoint point, core::Timestamp now) {
  const std::uint64_t message = ++messages_[static_cast<std::size_t>(point)];
  std::optional<core::Duration> time;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].is_of(point)) continue;
    if (!time) time = time_of_day(now);
    if (rules_[i].is_on_at(*time) && strikes(i, point, message)) return verdict(i, point, message);
  }
  return {};
}

FaultVerdict FaultPlan::judge_silent(FaultPoint point, core::Timestamp before,
                                     core::Timestamp now) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const FaultRule& rule = rules_[i];
    if (!is_state(rule.kind) || !rule.from || !rule.is_of(point)) continue;
    if (!passes(*rule.from, before, now)) continue;
    const std::uint64_t message = ++messages_[static_cast<std::size_t>(point)];
    if (strikes(i, point, message)) return verdict(i, point, message);
  }
  return {};
}

core::Duration FaultPlan::clock_offset(core::Timestamp now) const {
  core::Duration offset{};
  for (const FaultRule& rule : rules_)
    if (rule.kind == FaultKind::Clock && rule.is_on_at(time_of_day(now))) offset += rule.offset;
  return offset;
}

const FaultRule* FaultPlan::pieces_of(const core::Symbol& symbol, core::Timestamp now) const {
  for (const FaultRule& rule : rules_)
    if (rule.kind == FaultKind::PartialFill && rule.is_of(symbol) &&
        rule.is_on_at(time_of_day(now)))
      return &rule;
  return nullptr;
}

const FaultRule* FaultPlan::restart(core::Timestamp before, core::Timestamp now) const {
  for (const FaultRule& rule : rules_)
    if (rule.kind == FaultKind::Restart && rule.from && passes(*rule.from, before, now))
      return &rule;
  return nullptr;
}

bool FaultPlan::has_times() const {
  return std::ranges::any_of(rules_, [](const FaultRule& rule) {
    return !is_of_messages(rule.kind) || (is_state(rule.kind) && rule.from);
  });
}

bool FaultPlan::has(FaultKind kind) const {
  return std::ranges::find(rules_, kind, &FaultRule::kind) != rules_.end();
}

}  // namespace st0ck::app::exchange
