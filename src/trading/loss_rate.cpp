#include "loss_rate.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::trading {

namespace {

using std::chrono::ceil;
using std::chrono::floor;
using std::chrono::seconds;

/// The smallest loss there is: a limit of nothing would be reached without one.
constexpr core::Money kLeast = core::Money::from_raw(1);

}  // namespace

void LossRate::limit(const LossRateLimits& limits) {
  ST0CK_ASSERT(limits.window > core::Duration{} && limits.window <= kLossWindowMax,
               "the window of losses is an hour at most");
  limits_ = limits;
  const auto marks = ceil<seconds>(limits.window).count() + 1;
  falling_.set_capacity(static_cast<std::size_t>(marks));
  start_again();
}

std::optional<LossRate::Loss> LossRate::mark(core::Timestamp now, core::Money worth) {
  if (!is_watching()) return std::nullopt;
  keep(floor<seconds>(now), worth);
  const core::Money highest = falling_.front().worth;
  const Loss loss{highest - worth, limit_from(highest)};
  if (loss.lost < loss.limit) return std::nullopt;
  has_tripped_ = true;
  return loss;
}

bool LossRate::has_seen(core::Timestamp now, core::InstrumentId instrument, core::Price price) {
  const Seen latest{floor<seconds>(now), instrument, price};
  return std::exchange(seen_, latest) == latest;
}

void LossRate::start_again() {
  falling_.clear();
  seen_ = {};
  has_tripped_ = false;
}

/// What is worth less than a later mark can be the highest of no window any more.
void LossRate::keep(std::chrono::sys_seconds second, core::Money worth) {
  while (!falling_.empty() && second - falling_.front().second > ceil<seconds>(limits_.window))
    falling_.pop_front();
  while (!falling_.empty() && falling_.back().worth <= worth) falling_.pop_back();
  if (falling_.empty() || falling_.back().second != second) falling_.push_back({second, worth});
}

core::Money LossRate::limit_from(core::Money highest) const {
  core::Money limit = core::Money::max();
  if (limits_.loss_max.is_positive()) limit = limits_.loss_max;
  if (limits_.share_max.is_positive())
    limit = std::min(limit, core::scaled(std::max(highest, core::Money{}), limits_.share_max,
                                         core::Rounding::Down));
  return std::max(limit, kLeast);
}

}  // namespace st0ck::trading
