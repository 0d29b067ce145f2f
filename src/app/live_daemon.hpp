#pragma once

#include "src/app/configuration.hpp"
#include "src/app/live_parts.hpp"
#include "src/app/run_outcome.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/live_clock.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::app {

/// The configured bots on a live market, everything written under one state directory.
///
/// Starting is recovering (docs/adr/0024): the journal of earlier processes is executed again, so
/// that the engines stand where they stood; the broker is reached; orders that may still be open
/// there are looked up; only then new decisions leave.
class LiveDaemon {
 public:
  /// Takes the state directory, opens logs and records and catches up with the journal. Errors as
  /// Daemon::open, and those of the factory. But in tests `clock` is the machine's, and the mark of
  /// a run that begins is drawn.
  static core::Result<std::unique_ptr<LiveDaemon>> open(Configuration configuration,
                                                        const std::filesystem::path& state_dir,
                                                        const LivePartsFactory& factory,
                                                        kernel::LiveClock clock = {},
                                                        std::optional<core::RunMark> mark = {});
  ~LiveDaemon();

  /// Runs until SIGINT or SIGTERM, or `stop`; once. Errc::Broker when the broker turns us down or
  /// stays out of reach at the start.
  core::Result<RunOutcome> run();

  /// Any thread.
  void stop();

  /// Of a run that has failed, what RunOutcome::remarks are of one that has not.
  const std::vector<std::string>& remarks() const;

 private:
  class Impl;
  explicit LiveDaemon(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace st0ck::app
