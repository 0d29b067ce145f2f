#include "src/app/latency_samples.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>

namespace st0ck::app {

LatencySamples::LatencySamples(std::optional<core::Duration> target, std::size_t kept_max)
    : target_{target}, kept_max_{kept_max} {
  ST0CK_ASSERT(kept_max > 0, "one sample at least is kept");
  kept_.reserve(kept_max);
}

void LatencySamples::add(core::Duration time) {
  ++count_;
  if (target_ && time > *target_) ++over_target_;
  max_ = std::max(max_.value_or(time), time);
  if (kept_.size() < kept_max_) {
    kept_.push_back(time);
    return;
  }
  kept_[next_] = time;
  next_ = (next_ + 1) % kept_max_;
}

std::optional<core::Duration> LatencySamples::percentile(std::size_t per_cent) const {
  if (kept_.empty()) return std::nullopt;
  std::vector<core::Duration> copy = kept_;
  const std::size_t rank = (copy.size() * per_cent + 99) / 100;
  const auto place = copy.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(copy, place);
  return *place;
}

}  // namespace st0ck::app
