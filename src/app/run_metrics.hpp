#pragma once

#include "src/app/intent_gate.hpp"
#include "src/app/run_records.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <filesystem>
#include <string>

namespace st0ck::app {

/// What the figures of a run are taken from; what a run does not have is null.
struct MetricsSources {
  core::Timestamp now;
  const kernel::Kernel& kernel;
  const RunRecords& records;
  const IntentGate* gate = nullptr;
  /// A JSON object of the provider's: caches, pools, endpoints, feed; or empty.
  std::string provider{};
};

/// Writes the figures as one JSON document (spec st0ck 15): all that is counted, and queue depths.
core::Status write_metrics(const std::filesystem::path& state_dir, const MetricsSources& sources);

/// Where the last figures of a state directory are.
std::filesystem::path metrics_file_of(const std::filesystem::path& state_dir);

}  // namespace st0ck::app
