#include "src/app/faults/fault_rules.hpp"

#include "src/app/faults/draws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;
using adapters::sim::Random;
using exchange::FaultKind;
using exchange::FaultPoint;
using exchange::FaultRule;

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

/// When faults come of one rule: a part of one stretch.
void draw_window(FaultRule& rule, const Schedule& schedule, Random& random) {
  const Stretch stretch = stretch_of(schedule, random);
  const core::Duration begin = between(random, stretch.begin, stretch.end - 30s);
  rule.from = time_of_day(schedule, std::chrono::floor<std::chrono::seconds>(begin));
  const core::Duration most = stretch.end - begin;
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

}  // namespace

exchange::FaultRule draw_fault_rule(std::int64_t number, const Schedule& schedule,
                                    adapters::sim::Random& random) {
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

}  // namespace st0ck::app::faults
