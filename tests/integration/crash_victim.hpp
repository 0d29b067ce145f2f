#pragma once

#include "integration/run_content.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

namespace st0ck::test {

/// A whole number of the environment.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise);

/// Where and how often one run is killed; all of it follows from a seed.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_{seed} {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  double part() { return static_cast<double>(below(1'000'000)) / 1e6; }

 private:
  std::mt19937_64 random_;
};

/// A run that is to be killed, and what it leaves when it is not.
struct Victim {
  std::string name;
  DaemonCommand command;
  RunContent whole;
  std::uint64_t file_size_max = 0;  ///< Of the largest file it writes.
  std::chrono::nanoseconds duration{};
};

/// Runs a command to its end.
Victim whole_run(std::string name, const DaemonCommand& command,
                 const std::filesystem::path& state_dir);

/// With small batches and segments, so that each run commits, rotates and syncs often.
DaemonCommand busy(const DaemonCommand& command);

/// What is wrong with a killed run after the same command has ended it; empty when nothing is.
std::string problem_after(const RunInFolder& run, const Victim& victim);

}  // namespace st0ck::test
