#include "src/app/slow_operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::app {

namespace {

constexpr core::Duration kSayPause = std::chrono::seconds{10};

}  // namespace

void SlowOperations::note_slow(std::string_view kind, std::string_view which, core::Duration time) {
  std::string name = which.empty() ? std::string{kind} : fmt::format("{}.{}", kind, which);
  const core::Duration now = scheduler_.elapsed();
  const auto [place, is_new] = noted_.try_emplace(std::move(name));
  auto& [operation, noted] = *place;
  ++noted.count.count;
  ++noted.unsaid;
  noted.count.longest = std::max(noted.count.longest, time);
  if (!is_new && now - noted.said < kSayPause) return;
  noted.said = now;
  log_.info("SLOW_OPERATION", "it took longer than 100 ms",
            {{"operation", operation},
             {"took", time},
             {"times", std::exchange(noted.unsaid, std::uint64_t{0})}});
}

SlowOperations::Counts SlowOperations::counts() const {
  Counts counts;
  for (const auto& [operation, noted] : noted_) counts.emplace(operation, noted.count);
  return counts;
}

}  // namespace st0ck::app
