#include "integration/crash_victim.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <iostream>

namespace st0ck::test {
namespace {

// `kill -9` at any moment, then the same command again: the run ends as if nothing had been. Two
// kinds of moments are tried, at random from a seed. ST0CK_CRASH_RUNS says how many of each,
// ST0CK_SEED which ones; scripts/campaign crash tries many.

namespace fs = std::filesystem;

/// A speed at which three to five sessions take about 0.2 s.
constexpr int kSpeed = 400'000;

/// Kills runs and counts what came of it.
class CrashTest : public testing::Test {
 protected:
  using Kill = std::function<bool(const RunInFolder&, const Victim&, Chance&)>;

  void add(const std::string& name, const DaemonCommand& command) {
    victims_.push_back(whole_run(name, command, folder_ / (name + "-whole")));
  }

  /// `kill` starts the daemon and says whether it died.
  void try_points(std::uint64_t points, const Kill& kill) {
    const std::uint64_t first_seed = number_from("ST0CK_SEED", 1);
    for (std::uint64_t seed = first_seed; seed < first_seed + points; ++seed) try_one(seed, kill);
    std::cout << fmt::format(
        "{} crash points, {} kills, {} runs killed more than once, {} violations, seeds {} to {}\n",
        points, kills_, killed_again_, violations_, first_seed, first_seed + points - 1);
    if (points >= 8) EXPECT_GT(kills_, points / 2) << "too few runs were killed at all";
  }

 private:
  void try_one(std::uint64_t seed, const Kill& kill) {
    Chance chance{seed};
    const Victim& victim = victims_[chance.below(victims_.size())];
    const fs::path state_dir = folder_ / std::to_string(seed);
    const RunInFolder run{victim.command, state_dir};
    int kills = 0;
    for (std::uint64_t left = chance.below(4) == 0 ? 3 : 1; left > 0; --left)
      kills += kill(run, victim, chance) ? 1 : 0;
    const std::string problem = problem_after(run, victim);
    kills_ += static_cast<std::uint64_t>(kills);
    killed_again_ += kills > 1 ? 1 : 0;
    if (problem.empty()) {
      fs::remove_all(state_dir);
      return;
    }
    ++violations_;
    ADD_FAILURE() << victim.name << ", " << kills << " kills: " << problem
                  << "\nagain by ST0CK_CRASH_RUNS=1 ST0CK_SEED=" << seed;
  }

  TemporaryFolder folder_;
  std::vector<Victim> victims_;
  std::uint64_t kills_ = 0;
  std::uint64_t killed_again_ = 0;
  std::uint64_t violations_ = 0;
};

/// Dies in the middle of the write that goes past a limit: in the journal, in the database or in
/// one of its side files, whichever comes to it first.
bool kill_in_a_write(const RunInFolder& run, const Victim& victim, Chance& chance) {
  ProcessSettings settings;
  // Half of them among the first pages, where files are made and a schema is laid out.
  const std::uint64_t bound =
      chance.below(2) == 0 ? std::uint64_t{16'384} : victim.file_size_max + 1'000;
  settings.file_size_max = chance.below(bound);
  const auto outcome = run.command().run(settings);
  if (outcome.signal == 0 && outcome.exit_code != 0)
    ADD_FAILURE() << "at the limit " << *settings.file_size_max << ": " << outcome.text();
  return outcome.signal == SIGXFSZ;
}

/// Dies by SIGKILL at some time between its start and its end.
bool kill_at_some_time(const RunInFolder& run, const Victim& victim, Chance& chance) {
  const auto delay =
      std::chrono::duration_cast<std::chrono::nanoseconds>(victim.duration * chance.part());
  Process daemon{run.command().words()};
  daemon.run_for(delay);
  daemon.send(SIGKILL);
  return daemon.wait().signal == SIGKILL;
}

using KilledInAWrite = CrashTest;
using KilledAtSomeTime = CrashTest;

TEST_F(KilledInAWrite, EndsAsIfNothingHadBeen) {
  add("busy", busy(DaemonCommand::generated(3)));
  add("generated", DaemonCommand::generated(3));
  if (fs::exists(shared_data("us-equity-minute-2019"))) {
    add("recorded", DaemonCommand::recorded());
    add("recorded-busy", busy(DaemonCommand::recorded()));
  }

  try_points(number_from("ST0CK_CRASH_RUNS", 15), kill_in_a_write);
}

TEST_F(KilledAtSomeTime, EndsAsIfNothingHadBeen) {
  add("full-speed", busy(DaemonCommand::generated(20)));
  add("paced", DaemonCommand::generated(3).at_speed(kSpeed));
  add("paced-busy", busy(DaemonCommand::generated(3).at_speed(kSpeed)));
  if (fs::exists(shared_data("us-equity-minute-2019")))
    add("recorded", busy(DaemonCommand::recorded().at_speed(kSpeed)));

  try_points(number_from("ST0CK_CRASH_RUNS", 8), kill_at_some_time);
}

}  // namespace
}  // namespace st0ck::test
