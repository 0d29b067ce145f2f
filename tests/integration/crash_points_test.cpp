#include "integration/crash_victim.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace st0ck::test {
namespace {

// st0ckd dies at its N-th call that changes a file of its state, for every N, and the same command
// again ends as if nothing had been. Every other run is killed once more while it recovers.
//
// The same with an operator's commands in its folder: each is carried out once, and what was
// answered is not forgotten.
//
// tests/crash/crash_shim.cpp does the killing. The daemon's threads take turns as they like, so
// that the N-th call is not the same one each time. ST0CK_CRASH_EVERY says which part of all N is
// tried (the gate tries a few), ST0CK_CRASH_FIRST which is the first, ST0CK_CRASH_JOBS how many at
// a time; scripts/campaign crash tries all.

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kModes{"before", "torn", "after"};

/// Where a process dies; call 0 is never.
struct CrashPoint {
  std::uint64_t call = 0;
  std::string_view mode = kModes[0];

  std::string text() const { return fmt::format("{} call {}", mode, call); }
};

ProcessSettings with_crash(const RunInFolder& run, const CrashPoint& point) {
  ProcessSettings settings;
  settings.environment = {"LD_PRELOAD=" + program("tests/libst0ck_crash_shim.so").string(),
                          "ST0CK_CRASH_UNDER=" + run.state_dir().string(),
                          fmt::format("ST0CK_CRASH_AT={}", point.call),
                          fmt::format("ST0CK_CRASH_MODE={}", point.mode)};
  return settings;
}

/// What the shim says of a process that lived.
std::uint64_t calls_in(const ProcessOutcome& outcome) {
  constexpr std::string_view kPrefix = "crash shim: ";
  const auto place = outcome.err.rfind(kPrefix);
  if (place == std::string::npos) return 0;
  std::uint64_t calls = 0;
  const char* const begin = outcome.err.data() + place + kPrefix.size();
  std::from_chars(begin, outcome.err.data() + outcome.err.size(), calls);
  return calls;
}

/// Kills one victim at many points, several at a time.
class Campaign {
 public:
  using Prepare = void (*)(const fs::path& state_dir);

  /// `prepare` fills a state directory before its first run.
  Campaign(std::string name, const DaemonCommand& command, const fs::path& folder,
           std::uint64_t every, Prepare prepare)
      : folder_{folder}, every_{every}, prepare_{prepare} {
    prepare(folder_ / "whole");
    victim_ = std::make_unique<Victim>(whole_run(std::move(name), command, folder_ / "whole"));
    whole_answers_ = files_in(folder_ / "whole" / "commands" / "answered");
    prepare(folder_ / "counted");
    const RunInFolder run{victim_->command, folder_ / "counted"};
    calls_ = calls_in(run.command().run(with_crash(run, {})));
  }

  std::uint64_t calls() const { return calls_; }
  std::uint64_t points() const { return points_; }
  std::uint64_t kills() const { return kills_; }
  std::uint64_t killed_again() const { return killed_again_; }

  /// Tries the calls from `first` to `last` in one mode.
  void try_until(std::string_view mode, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t call = first; call <= last; call += every_, ++points_) try_one({call, mode});
  }

  /// Tries the points from `first` on in one mode, until a run lives that has no further call.
  void try_all(std::string_view mode, std::uint64_t first, std::uint64_t jobs) {
    next_ = first;
    is_over_ = false;
    std::vector<std::jthread> workers;
    for (std::uint64_t i = 0; i < jobs; ++i) workers.emplace_back([this, mode] { work(mode); });
  }

 private:
  void work(std::string_view mode) {
    while (!is_over_) {
      const CrashPoint point{next_.fetch_add(every_), mode};
      const bool was_killed = try_one(point);
      if (!was_killed && point.call > calls_) is_over_ = true;
      if (++points_ % 100 == 0)
        std::cerr << fmt::format("{} points, at {}\n", points_.load(), point.text());
    }
  }

  bool try_one(const CrashPoint& point) {
    const fs::path state_dir = folder_ / fmt::format("{}-{}", point.mode, point.call);
    prepare_(state_dir);
    const RunInFolder run{victim_->command, state_dir};
    const bool was_killed = kill(run, point);
    Chance chance{point.call};
    CrashPoint second{0, kModes[chance.below(kModes.size())]};
    if (was_killed && chance.below(2) == 0) {
      second.call = 1 + chance.below(calls_);
      if (kill(run, second)) ++killed_again_;
    }
    std::string problem = problem_after(run, *victim_);
    if (problem.empty()) problem = problem_of_commands(state_dir);
    if (problem.empty()) {
      fs::remove_all(state_dir);
      fs::remove(run.summary());
    } else {
      ADD_FAILURE() << victim_->name << ", dead " << point.text() << ", then " << second.text()
                    << ": " << problem << "\nagain by ST0CK_CRASH_FIRST=" << point.call;
    }
    return was_killed;
  }

  /// Every command has its answer, and none waits.
  std::string problem_of_commands(const fs::path& state_dir) const {
    const auto answers = files_in(state_dir / "commands" / "answered");
    if (!files_in(state_dir / "commands").empty()) return "a command was left";
    for (const auto& [file, answer] : whole_answers_)
      if (!answers.contains(file)) return file + " has no answer";
    return {};
  }

  /// Whoever looks at a dead run's figures finds all of them or none.
  static bool has_whole_metrics(const fs::path& state_dir) {
    std::ifstream in{state_dir / "metrics.json", std::ios::binary};
    return !in || nlohmann::json::accept(in);
  }

  bool kill(const RunInFolder& run, const CrashPoint& point) {
    const auto outcome = run.command().run(with_crash(run, point));
    if (outcome.signal == 0 && outcome.exit_code != 0)
      ADD_FAILURE() << "alive after " << point.text() << ": " << outcome.text();
    const bool was_killed = outcome.signal == SIGKILL;
    kills_ += was_killed ? 1 : 0;
    if (!has_whole_metrics(run.state_dir())) ADD_FAILURE() << "torn figures after " << point.text();
    return was_killed;
  }

  fs::path folder_;
  std::uint64_t every_;
  Prepare prepare_;
  std::unique_ptr<Victim> victim_;
  FileContents whole_answers_;
  std::uint64_t calls_ = 0;
  std::atomic<std::uint64_t> next_{1};
  std::atomic<bool> is_over_{false};
  std::atomic<std::uint64_t> points_{0};
  std::atomic<std::uint64_t> kills_{0};
  std::atomic<std::uint64_t> killed_again_{0};
};

constexpr std::string_view kCrashDay = "tests/integration/crash_day.yaml";

/// A run makes about as many calls before it has answered all of its commands.
constexpr std::uint64_t kCallsOfCommands = 120;

/// Commands that wait when the run begins.
void post_commands(const fs::path& state_dir) {
  const auto post = [&](std::string_view id, std::string_view rest) {
    write_bytes(state_dir / "commands" / fmt::format("{}.json", id),
                fmt::format(R"({{"id": "{}", {}}})", id, rest));
  };
  post("1", R"("command": "halt", "reason": "wait", "bot": "lots")");
  post("2", R"("command": "flatten", "reason": "to be sure", "bot": "trend")");
  post("3", R"("command": "halt", "reason": "all of it")");
  post("4", R"("command": "close", "symbol": "SPY")");
  post("5", R"("command": "cancel", "order": "lots-st0cka-20250102-1")");
  post("6", R"("command": "resume", "reason": "go on")");
  post("7", R"("command": "halt", "reason": "enough", "bot": "trend")");
  post("8", R"("command": "leave")");
}

/// Tries a part of all calls in each mode.
void try_calls(std::string_view name, Campaign::Prepare prepare, std::uint64_t sparser) {
  const TemporaryFolder folder;
  const std::uint64_t every = number_from("ST0CK_CRASH_EVERY", 75 * sparser);
  const std::uint64_t first = number_from("ST0CK_CRASH_FIRST", 1);
  Campaign campaign{std::string{name}, DaemonCommand{std::string{kCrashDay}}, folder.path(), every,
                    prepare};
  ASSERT_GT(campaign.calls(), 100U) << "the preloaded object saw too few calls";

  // Each mode begins elsewhere, so that a sample tries different calls.
  for (std::size_t i = 0; i < kModes.size(); ++i)
    campaign.try_all(kModes[i], first + i * every / kModes.size(),
                     number_from("ST0CK_CRASH_JOBS", 2));

  std::cout << fmt::format("{} calls in a run, every {}: {} points, {} kills, {} killed again\n",
                           campaign.calls(), every, campaign.points(), campaign.kills(),
                           campaign.killed_again());
  EXPECT_GT(campaign.kills(), campaign.points() / 2) << "too few runs were killed at all";
}

TEST(KilledAtACall, EndsAsIfNothingHadBeen) {
  try_calls("crash-day", [](const fs::path&) {}, 1);
}

TEST(KilledAtACall, CarriesOutEachCommandOnce) {
  try_calls("crash-day with commands", post_commands, 2);
}

// Most of a run's calls come after its commands: these are around them, closer together.
TEST(KilledAtACall, ForgetsNoCommandThatItAnswered) {
  const TemporaryFolder folder;
  const std::uint64_t every = number_from("ST0CK_CRASH_EVERY", 21);
  Campaign campaign{"commands", DaemonCommand{std::string{kCrashDay}}, folder.path(), every,
                    post_commands};

  for (std::size_t i = 0; i < kModes.size(); ++i)
    campaign.try_until(kModes[i], 1 + i * every / kModes.size(), kCallsOfCommands);

  EXPECT_GT(campaign.kills(), campaign.points() / 2) << "too few runs were killed at all";
}

// The campaign is worth what the shim sees.
TEST(KilledAtACall, IsSeenInEveryFileThatARestartReads) {
  const TemporaryFolder folder;
  const RunInFolder run{DaemonCommand{std::string{kCrashDay}}, folder / "state"};

  const auto outcome = run.command().run(with_crash(run, {0, "trace"}));

  for (const char* call :
       {"pwrite /state/journal/00000001.st0j", "fdatasync /state/journal/00000001.st0j",
        "fdatasync /state/journal", "pwrite64 /state/trades.db", "pwrite64 /state/trades.db-wal",
        "pwrite64 /state/trades.db-journal", "fdatasync /state/trades.db",
        "unlink /state/trades.db-journal", "write /state.summary.json.part",
        "rename /state.summary.json.part", "writev /state/metrics.json.part",
        "rename /state/metrics.json.part"}) {
    const std::string_view words{call};
    const auto blank = words.find(' ');
    const auto line = fmt::format(", {} {}{}\n", words.substr(0, blank), folder.path().string(),
                                  words.substr(blank + 1));
    EXPECT_NE(outcome.err.find(line), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace st0ck::test
