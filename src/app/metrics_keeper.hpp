#pragma once

#include "src/app/metrics_writer.hpp"
#include "src/app/slow_operations.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/timestamp.hpp"

#include <nlohmann/json_fwd.hpp>

namespace st0ck::app {

/// Has a run's figures written every five seconds of real time and at its end, and says once in the
/// log that they cannot be (`METRICS_NOT_WRITTEN`), which holds nobody up, or that memory is high
/// (`MEMORY_HIGH`). Core thread only.
class MetricsKeeper {
 public:
  /// `now` is by a clock that nobody sets, as are the times below. `slow` may be null.
  MetricsKeeper(MetricsWriterSettings settings, const core::Logger& log, core::Duration now,
                SlowOperations* slow = nullptr);

  /// Whether it is time for the next figures; then not until the next pause is over.
  bool is_due(core::Duration now);

  void offer(nlohmann::ordered_json metrics);

  /// The run's last figures are in the file, or the log says why not.
  void finish(nlohmann::ordered_json metrics);

 private:
  void report();

  MetricsWriter writer_;
  core::Logger log_;
  core::Duration offered_;
  SlowOperations* slow_;
  bool is_failure_reported_ = false;
  bool is_memory_reported_ = false;
};

}  // namespace st0ck::app
