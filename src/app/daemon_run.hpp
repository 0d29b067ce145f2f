#pragma once

#include "src/app/configuration.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/records.hpp"

#include <filesystem>

namespace st0ck::app {

/// How a run of the daemon ended.
struct RunOutcome {
  kernel::RunEnd figures;
  bool is_finished = false;  ///< False when it was stopped and can be continued.
};

/// Runs the configured bots on the configured market to the end of the data or until a signal,
/// everything written under `state_dir`.
///
/// On the state of an earlier run the day is executed again from its start, each record held
/// against the journal, and continued where that ends (design section 5).
core::Result<RunOutcome> run_daemon(Configuration& configuration,
                                    const std::filesystem::path& state_dir);

}  // namespace st0ck::app
