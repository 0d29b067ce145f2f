#pragma once

#include "support/process.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::test {

/// A program of this build: in $ST0CK_BIN_DIR, or in the folder above the one of the tests.
std::filesystem::path program(std::string_view name);

/// A command line of st0ckd.
class DaemonCommand {
 public:
  explicit DaemonCommand(const std::string& config);

  /// Sessions of the generated market on bars, with the bots of bars_day.yaml.
  static DaemonCommand generated(int days, int seed = 1);

  /// The same on ticks, by config/paper.yaml: what scripts/paper runs.
  static DaemonCommand paper(int days, int seed = 1);

  /// The five recorded sessions of SPY, as issue 2 calls them.
  static DaemonCommand recorded();

  /// One session, 2019-02-11, of the bars in a folder.
  static DaemonCommand recorded_in(const std::filesystem::path& folder);

  DaemonCommand with(std::string_view key, std::string_view value) const;
  DaemonCommand with_option(const std::string& name, const std::string& value) const;
  DaemonCommand on(const std::filesystem::path& state_dir) const;

  /// Plays that many seconds per second.
  DaemonCommand at_speed(int speed) const { return with("market.speed", std::to_string(speed)); }

  const std::vector<std::string>& words() const { return words_; }
  ProcessOutcome run(const ProcessSettings& settings = {}) const {
    return run_process(words_, settings);
  }

 private:
  std::vector<std::string> words_;
};

}  // namespace st0ck::test
