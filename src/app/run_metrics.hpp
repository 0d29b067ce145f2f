#pragma once

#include "src/app/configuration.hpp"
#include "src/app/entry_gate.hpp"
#include "src/app/intent_gate.hpp"
#include "src/app/loop_watch.hpp"
#include "src/app/order_latencies.hpp"
#include "src/app/run_records.hpp"
#include "src/app/slow_operations.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>

namespace st0ck::app {

/// What the figures of a run are taken from; what a run does not have is null.
struct MetricsSources {
  core::Timestamp now;
  const Configuration& configuration;
  const kernel::Kernel& kernel;
  const RunRecords& records;
  const IntentGate* intent_gate = nullptr;
  const EntryGate* entry_gate = nullptr;
  const OrderLatencies* latencies = nullptr;
  const SlowOperations* slow = nullptr;
  const LoopWatch* loop = nullptr;
  /// Adds the provider's: caches, pools, limits, endpoints, feed; or empty.
  std::function<void(nlohmann::ordered_json&)> add_provider{};
};

/// The figures as one JSON object (spec st0ck 15), all but `memory`, which who writes them adds. It
/// only looks: nothing that decides changes by it.
nlohmann::ordered_json metrics_of(const MetricsSources& sources);

}  // namespace st0ck::app
