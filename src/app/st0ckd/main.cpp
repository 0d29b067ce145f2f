#include "cmake/registered_engines.hpp"
#include "src/app/alpaca_parts.hpp"
#include "src/app/broker_host.hpp"
#include "src/app/configuration.hpp"
#include "src/app/daemon.hpp"
#include "src/app/exit_code.hpp"
#include "src/app/live_daemon.hpp"
#include "src/app/program_main.hpp"
#include "src/app/promotion/permission.hpp"
#include "src/app/run_summary.hpp"
#include "st0ck/core/version.hpp"
#include "st0ck/kernel/engine_registry.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace st0ck;

struct Arguments {
  std::string config;
  std::string state_dir = "state";
  std::string summary;
  std::vector<std::string> overrides;
  bool is_check = false;
  bool is_print = false;
};

void declare(CLI::App& cli, Arguments& arguments) {
  cli.set_version_flag("--version", std::string{core::kVersion});
  cli.add_option("--config", arguments.config, "The configuration, a YAML file")->required();
  cli.add_option("--state-dir", arguments.state_dir,
                 "Folder for everything the run writes; the same folder continues a run")
      ->capture_default_str();
  cli.add_option("--set", arguments.overrides,
                 "Override a setting, like market.seed=7; may be given many times")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  cli.add_option("--summary", arguments.summary, "Write the run's figures to this file as JSON");
  cli.add_flag("--check", arguments.is_check, "Check the configuration and say what is wrong");
  cli.add_flag("--print-config", arguments.is_print,
               "Print the effective configuration with defaults and help");
  cli.footer(
      "Exit codes: 0 fine, 2 configuration or input, 3 broker, 4 risk stop, 5 the records differ "
      "from what they should equal, 70 internal, or the disk fails.");
}

int report(const core::Error& error) {
  fmt::print(stderr, "st0ckd: {}\n", error.message);
  return app::exit_code_of(error.code);
}

/// Whoever starts it sees it, however little is logged.
void tell_mode(const app::Configuration& configuration) {
  const std::string banner = app::mode_banner(configuration.mode, configuration.account.name,
                                              app::broker_host_of(configuration).name);
  if (!banner.empty()) fmt::print(stderr, "st0ckd: {}\n", banner);
}

void print_figures(const app::RunOutcome& outcome) {
  const kernel::RunEnd& figures = outcome.figures;
  fmt::print(
      "{}: {} sessions, {} events, {} orders, {} fills, {} trades, realised P&L {}, fees {}\n",
      outcome.is_finished ? "finished" : "stopped, the same command continues", figures.sessions,
      figures.events, figures.orders, figures.fills, figures.trades,
      figures.realized_pnl.to_string(), figures.fees.to_string());
  for (const std::string& remark : outcome.remarks) fmt::print("{}\n", remark);
}

template <typename Opened>
core::Result<app::RunOutcome> run_or_tell(const Opened& daemon) {
  if (!daemon) return tl::unexpected(daemon.error());
  auto outcome = (*daemon)->run();
  for (const std::string& remark : (*daemon)->remarks()) fmt::print(stderr, "st0ckd: {}\n", remark);
  return outcome;
}

core::Result<app::RunOutcome> perform(app::Configuration configuration,
                                      const std::string& state_dir) {
  if (configuration.market.is_live())
    return run_or_tell(
        app::LiveDaemon::open(std::move(configuration), state_dir, app::open_alpaca));
  return run_or_tell(app::Daemon::open(std::move(configuration), state_dir));
}

int run(const Arguments& arguments) {
  kernel::EngineRegistry registry;
  register_engines(registry);
  auto loaded = app::load_configuration(arguments.config, arguments.overrides, registry);
  if (!loaded.problems.empty()) {
    fmt::print(stderr, "{}st0ckd: {} in the configuration\n", loaded.problem_text(),
               loaded.problems.size() == 1 ? std::string{"1 problem"}
                                           : fmt::format("{} problems", loaded.problems.size()));
    return app::kExitInput;
  }
  if (arguments.is_print) fmt::print("{}", loaded.configuration.yaml);
  if (arguments.is_check) fmt::print("{}: fine\n", arguments.config);
  if (arguments.is_check || arguments.is_print) return app::kExitFine;

  if (const auto checked = app::check_target(arguments.summary); !checked)
    return report(checked.error());
  tell_mode(loaded.configuration);
  const auto start = std::chrono::steady_clock::now();
  const std::string mode = loaded.configuration.mode;
  const auto outcome = perform(std::move(loaded.configuration), arguments.state_dir);
  if (!outcome) return report(outcome.error());
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  print_figures(*outcome);
  if (arguments.summary.empty()) return app::kExitFine;
  const auto written =
      app::write_file(arguments.summary, app::summary_json(mode, outcome->figures, wall.count()));
  return written ? static_cast<int>(app::kExitFine) : report(written.error());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"st0ckd: trades a configured account, live, on paper or on recorded days", "st0ckd"};
  Arguments arguments;
  declare(cli, arguments);
  return app::run_program(cli, argc, argv, [&] { return run(arguments); });
}
