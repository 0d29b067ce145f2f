#include "src/app/metrics_keeper.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace st0ck::app {

namespace {

constexpr core::Duration kPause = std::chrono::seconds{5};

}  // namespace

MetricsKeeper::MetricsKeeper(MetricsWriterSettings settings, const core::Logger& log,
                             core::Duration now, SlowOperations* slow)
    : writer_{std::move(settings)}, log_{log}, offered_{now}, slow_{slow} {}

bool MetricsKeeper::is_due(core::Duration now) {
  if (now - offered_ < kPause) return false;
  offered_ = now;
  return true;
}

void MetricsKeeper::offer(nlohmann::ordered_json metrics) {
  report();
  writer_.offer(std::move(metrics));
}

void MetricsKeeper::finish(nlohmann::ordered_json metrics) {
  writer_.offer(std::move(metrics));
  writer_.finish();
  report();
}

/// Of the writes so far.
void MetricsKeeper::report() {
  if (slow_ != nullptr) slow_->note("metrics", "write", writer_.take_longest_write());
  if (const auto written = writer_.status(); !written && !std::exchange(is_failure_reported_, true))
    log_.warn("METRICS_NOT_WRITTEN", written.error().message);
  if (const auto bytes = writer_.high_memory(); bytes && !std::exchange(is_memory_reported_, true))
    log_.warn("MEMORY_HIGH", "the process takes more memory than it should",
              {{"resident_bytes", *bytes}});
}

}  // namespace st0ck::app
