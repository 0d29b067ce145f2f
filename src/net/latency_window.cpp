#include "st0ck/net/latency_window.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace st0ck::net {

void LatencyWindow::add(core::Duration latency, core::Duration now) {
  samples_.emplace_back(now, latency);
  if (samples_.size() > samples_max_) samples_.pop_front();
}

std::optional<core::Duration> LatencyWindow::percentile(std::size_t per_cent,
                                                        core::Duration now) const {
  std::vector<core::Duration> recent;
  for (const auto& [time, latency] : samples_) {
    if (now - time < span_) recent.push_back(latency);
  }
  if (recent.empty()) return std::nullopt;
  const std::size_t rank = (recent.size() * per_cent + 99) / 100;
  const auto place = recent.begin() + static_cast<std::int64_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(recent, place);
  return *place;
}

}  // namespace st0ck::net
