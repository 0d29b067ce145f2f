#pragma once

#include "src/app/configuration.hpp"
#include "src/app/run_records.hpp"
#include "src/app/state_directory.hpp"
#include "src/app/trade_log_renewal.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/journal/settings.hpp"

#include <functional>
#include <memory>

namespace st0ck::app {

/// How the journal of a run is written.
struct JournalUse {
  kernel::WhenFull when_full = kernel::WhenFull::Wait;
  bool waits_for_space = false;
  std::function<void(const kernel::JournalProgress&)> on_progress{};
};

/// What a configuration says of a run, as its journal begins with it.
kernel::RunStart run_start_of(const Configuration& configuration);

/// Opens journal and trade log of a state directory, so that the run may be executed again. A trade
/// log that holds rows of it is set aside, as the run gives them all once more. Errors are records
/// of another configuration, damage, and a disk that cannot be used.
core::Result<std::unique_ptr<RunRecords>> open_records(const Configuration& configuration,
                                                       const StateDirectory& state,
                                                       TradeLogRenewal& renewal,
                                                       const JournalUse& use = {});

}  // namespace st0ck::app
