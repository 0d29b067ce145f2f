#include "src/app/exchange/request_limit.hpp"

#include <fmt/format.h>

#include <chrono>

namespace st0ck::app::exchange {

namespace {

constexpr core::Duration kMinute = std::chrono::minutes{1};

}  // namespace

RequestLimit::Verdict RequestLimit::count(const std::string& key) {
  const core::Duration now = scheduler_.elapsed();
  auto& times = times_[key];
  while (!times.empty() && times.front() + kMinute <= now) times.pop_front();
  Verdict verdict;
  verdict.is_allowed = times.size() < per_minute_;
  if (verdict.is_allowed) times.push_back(now);
  const core::Duration oldest = times.empty() ? now : times.front();
  // Rounded up: at the second that is told, there is room again.
  const auto reset = std::chrono::ceil<std::chrono::seconds>(wall_.now() + oldest + kMinute - now);
  verdict.headers = {{"X-RateLimit-Limit", fmt::to_string(per_minute_)},
                     {"X-RateLimit-Remaining", fmt::to_string(per_minute_ - times.size())},
                     {"X-RateLimit-Reset", fmt::to_string(reset.time_since_epoch().count())}};
  return verdict;
}

}  // namespace st0ck::app::exchange
