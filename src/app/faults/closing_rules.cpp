#include "src/app/faults/closing_rules.hpp"

#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/trading/account_limits.hpp"

#include <fmt/format.h>

#include <chrono>
#include <variant>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;

const core::Code kTooLong{"UNPROTECTED_TOO_LONG"};

/// The desk's own bound.
constexpr core::Duration kBound = trading::AccountLimits{}.unprotected_max;
/// Twice that: a stop that works is heard of by then, where nothing stands in the way.
constexpr core::Duration kHeardWithin = 2 * kBound;

}  // namespace

void ClosingRules::on_record(kernel::RecordKind kind, std::span<const std::byte> payload) {
  using kernel::RecordKind;
  if (kind != RecordKind::ProcessStart && kind != RecordKind::RiskEvent) return;
  if (parts_.is_catching_up()) return;
  if (kind == RecordKind::ProcessStart) {
    began_ = parts_.scheduler.elapsed();
    return;
  }
  const auto record = kernel::decode(kind, payload);
  const auto* event = record ? std::get_if<kernel::RiskEventRow>(&*record) : nullptr;
  if (event != nullptr && event->code == kTooLong) check(event->bot);
}

void ClosingRules::check(const core::BotId& bot) {
  look();
  const core::Duration now = parts_.scheduler.elapsed();
  if (now - began_ < kBound)
    parts_.blame("CLOSED_TOO_SOON",
                 fmt::format("{}: something is closed as being without a stop {} ms after the "
                             "process began",
                             bot, (now - began_) / 1ms));
  if (now - disturbed_ > kHeardWithin && is_covered_since(bot, now - kHeardWithin))
    parts_.blame("CLOSED_PROTECTED",
                 fmt::format("{}: something is closed as being without a stop, and all that it "
                             "holds has had one at the exchange for more than {} s",
                             bot, kHeardWithin / 1s));
}

void ClosingRules::look() {
  const auto covered = parts_.books.covered_groups();
  for (const GuardBook::Guard& guard : parts_.books.guards().groups()) {
    const auto cover = covered.find(guard.name);
    if (cover != covered.end() && cover->second >= guard.open)
      covered_since_.try_emplace(guard.name, parts_.scheduler.elapsed());
    else
      covered_since_.erase(guard.name);
  }
}

bool ClosingRules::is_covered_since(const core::BotId& bot, core::Duration since) const {
  bool holds_any = false;
  for (const GuardBook::Guard& guard : parts_.books.guards().groups()) {
    if (guard.holder.bot != bot || !guard.open.is_positive()) continue;
    const auto covered = covered_since_.find(guard.name);
    if (covered == covered_since_.end() || covered->second > since) return false;
    holds_any = true;
  }
  return holds_any;
}

}  // namespace st0ck::app::faults
