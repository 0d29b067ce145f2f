#include "src/app/exit_code.hpp"
#include "src/app/faults/campaign.hpp"
#include "src/app/faults/fault_day.hpp"
#include "src/app/faults/pieces.hpp"
#include "src/app/faults/report.hpp"
#include "src/app/faults/shrink.hpp"
#include "src/app/option_checks.hpp"
#include "src/app/program_main.hpp"
#include "st0ck/core/settings/setting_type.hpp"
#include "st0ck/core/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace st0ck;
using namespace app::faults;

struct Arguments {
  std::uint64_t seeds = 100;
  std::uint64_t first = 1;
  std::string scenario;
  std::uint32_t jobs = 0;
  std::uint64_t failures_max = 20;
  std::vector<std::string> keep;
  std::string entries_for;
  bool has_sockets = false;
  bool has_timeline = false;
  bool is_json = false;
  bool shrinks = true;
};

void declare(CLI::App& cli, Arguments& arguments) {
  cli.set_version_flag("--version", std::string{core::kVersion});
  cli.add_option("--seeds", arguments.seeds, "How many schedules, one a seed")
      ->check(app::whole_number_from(1, 1'000'000'000))
      ->capture_default_str();
  cli.add_option("--first", arguments.first, "The first seed")
      ->check(app::whole_number_from(0))
      ->capture_default_str();
  cli.add_option("--scenario", arguments.scenario,
                 "YAML file with the faults, as of st0ck-exchange; drawn by the seed without");
  cli.add_option("--jobs", arguments.jobs, "Threads; 0 is one for each processor")
      ->check(app::whole_number_from(0, 256))
      ->capture_default_str();
  cli.add_option("--failures", arguments.failures_max, "Stops after so many failed schedules")
      ->check(app::whole_number_from(1))
      ->capture_default_str();
  cli.add_option("--keep", arguments.keep,
                 "Play these pieces of the schedule alone (fault rules by name, crash1, command1, "
                 "somebody1, ann, bob; none)")
      ->delimiter(',');
  cli.add_option("--entries-for", arguments.entries_for,
                 "How long entries are made, like 480s; the schedule's own without");
  cli.add_flag("--sockets", arguments.has_sockets,
               "Between trader and exchange are sockets of this machine, not memory");
  auto* timeline =
      cli.add_flag("--timeline", arguments.has_timeline, "Print what happened, of one seed");
  cli.add_flag("--json", arguments.is_json, "Print the figures as JSON")->excludes(timeline);
  cli.add_flag("!--no-shrink", arguments.shrinks, "Leave failed schedules as they are");
  cli.footer(
      "Days of orders under schedules of faults, in simulated time, without a network or a file:\n"
      "what the exchange has must be what the journal intended. A seed gives the same day "
      "anywhere.\n"
      "Exit codes: 0 fine, 2 arguments or input, 6 a rule was broken, 70 internal.");
}

core::Result<CampaignSettings> settings_of(const Arguments& arguments) {
  CampaignSettings settings;
  settings.seeds = arguments.seeds;
  settings.first = arguments.first;
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  if (settings.first > kLast - (settings.seeds - 1))
    return core::fail(core::Errc::BadInput,
                      "--first: found {}, allowed is up to {} with --seeds {}", settings.first,
                      kLast - (settings.seeds - 1), settings.seeds);
  settings.failures_max = arguments.failures_max;
  if (arguments.has_sockets) settings.wires = Wires::Sockets;
  settings.jobs =
      arguments.jobs > 0 ? arguments.jobs : std::max(std::thread::hardware_concurrency(), 1U);
  if (!arguments.keep.empty()) {
    settings.kept.emplace(arguments.keep.begin(), arguments.keep.end());
    settings.kept->erase("none");
  }
  if (!arguments.entries_for.empty()) {
    const auto parsed = core::setting_text::parse_duration(arguments.entries_for);
    if (!parsed || *parsed < core::Duration{} || *parsed > std::chrono::hours{1})
      return core::fail(core::Errc::BadInput,
                        "--entries-for: found '{}', allowed is a time up to 1h, like 480s",
                        arguments.entries_for);
    settings.entries_for = *parsed;
  }
  if (arguments.has_timeline && arguments.seeds != 1)
    return core::fail(core::Errc::BadInput,
                      "--timeline: of {} seeds, allowed is one: add --seeds 1", arguments.seeds);
  if (arguments.scenario.empty()) return settings;
  auto loaded = app::exchange::load_scenario(arguments.scenario);
  for (const core::SettingProblem& problem : loaded.problems)
    fmt::print(stderr, "{}\n", problem.to_string());
  if (!loaded.problems.empty())
    return core::fail(core::Errc::BadInput, "--scenario: {} problem{} in {}",
                      loaded.problems.size(), loaded.problems.size() == 1 ? "" : "s",
                      arguments.scenario);
  settings.scenario = loaded.scenario;
  return settings;
}

/// A name that no schedule of these seeds has is a slip of the pen.
core::Status check_kept(const CampaignSettings& settings) {
  if (!settings.kept) return {};
  const auto pieces = pieces_of(schedule_of(settings.first, settings.scenario));
  for (const std::string& kept : *settings.kept)
    if (std::ranges::find(pieces, kept) == pieces.end())
      return core::fail(core::Errc::BadInput, "--keep: the schedule of seed {} has no '{}', but {}",
                        settings.first, kept, fmt::join(pieces, ", "));
  return {};
}

/// Tells a person at a terminal how far it is.
void show_progress(CampaignSettings& settings) {
  if (::isatty(STDERR_FILENO) == 0) return;
  settings.on_progress = [all = settings.seeds](std::uint64_t done, std::uint64_t failed) {
    constexpr std::uint64_t kEvery = 16;
    if (done % kEvery != 0 && done != all) return;
    fmt::print(stderr, "\r{} of {} schedules, {} failed{}", done, all, failed,
               done == all ? "\n" : "");
  };
}

void show_failures(const CampaignSettings& settings, const CampaignFigures& figures,
                   const Arguments& arguments) {
  constexpr std::size_t kShrunkMax = 3;
  for (std::size_t i = 0; i < figures.failed.size(); ++i) {
    const FailedDay& failed = figures.failed[i];
    fmt::print("{}", text_of(failed));
    if (!arguments.shrinks || i >= kShrunkMax || settings.kept) continue;
    const Shrunk shrunk = shrink(
        schedule_of(settings, failed.seed), failed.violations.front(),
        [&](const Schedule& schedule) { return play_day(schedule, nullptr, settings.wires); });
    fmt::print("{}", text_of(shrunk, arguments.scenario));
  }
}

int report(const core::Error& error) {
  fmt::print(stderr, "st0ck-faults: {}\n", error.message);
  return app::exit_code_of(error.code);
}

int run(const Arguments& arguments) {
  auto settings = settings_of(arguments);
  if (!settings) return report(settings.error());
  if (const auto checked = check_kept(*settings); !checked) return report(checked.error());
  show_progress(*settings);
  if (arguments.has_timeline) {
    Timeline timeline;
    (void)play_day(schedule_of(*settings, settings->first), &timeline, settings->wires);
    for (const std::string& line : timeline.lines()) fmt::print("{}\n", line);
  }
  const auto begin = std::chrono::steady_clock::now();
  const CampaignFigures figures = run_campaign(*settings);
  const core::Duration took = std::chrono::steady_clock::now() - begin;
  if (arguments.is_json) {
    fmt::print("{}", json_of(*settings, figures, took));
  } else {
    show_failures(*settings, figures, arguments);
    fmt::print("{}", text_of(figures, took));
  }
  return figures.failed.empty() ? app::kExitFine : app::kExitFound;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"st0ck-faults: days of orders under faults, in simulated time", "st0ck-faults"};
  Arguments arguments;
  declare(cli, arguments);
  return app::run_program(cli, argc, argv, [&] { return run(arguments); });
}
