#pragma once

#include "src/app/configuration.hpp"
#include "src/app/run_outcome.hpp"
#include "st0ck/core/result.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace st0ck::app {

/// The configured bots on the configured market, everything written under one state directory.
///
/// On the state of an earlier run the run is executed again from its start, each record held
/// against the journal, and continued where that ends (docs/adr/0002).
class Daemon {
 public:
  /// Takes the state directory, opens logs, market, journal and trade log: ready to run. Errors
  /// are bad data or settings, a state directory that cannot be used or belongs to another
  /// configuration, and a damaged journal.
  static core::Result<std::unique_ptr<Daemon>> open(Configuration configuration,
                                                    const std::filesystem::path& state_dir);
  ~Daemon();

  /// Runs to the end of the data or until SIGINT or SIGTERM; once.
  core::Result<RunOutcome> run();

  /// Of a run that has failed, what RunOutcome::remarks are of one that has not.
  const std::vector<std::string>& remarks() const;

 private:
  class Impl;
  explicit Daemon(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace st0ck::app
