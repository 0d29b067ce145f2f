#include "st0ck/trading/protection_meter.hpp"

#include <algorithm>
#include <cmath>

namespace st0ck::trading {

namespace {
constexpr std::size_t kKept = 4096;
}  // namespace

void ProtectionMeter::add(core::Duration time) {
  max_ = std::max(max_, time);
  if (times_.size() < kKept) {
    times_.push_back(time);
    return;
  }
  times_[next_] = time;
  next_ = (next_ + 1) % kKept;
}

core::Duration ProtectionMeter::quantile(double share) const {
  if (times_.empty()) return {};
  std::vector<core::Duration> sorted = times_;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = std::ceil(share * static_cast<double>(sorted.size()));
  const auto place = std::clamp<std::size_t>(static_cast<std::size_t>(rank), 1, sorted.size());
  return sorted[place - 1];
}

}  // namespace st0ck::trading
