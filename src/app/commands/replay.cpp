#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/replay_run.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <system_error>

namespace st0ck::app {

std::unique_ptr<Command> replay_command();

namespace {

namespace fs = std::filesystem;

/// A folder that holds no journal is a mistake of the caller, not a damaged journal.
core::Status check_journal(const fs::path& directory) {
  std::error_code ignored;
  if (!fs::is_directory(directory, ignored))
    return core::fail(core::Errc::NotFound,
                      "{}: no such folder, allowed is a state directory or its journal",
                      directory.string());
  if (fs::is_directory(directory / "journal", ignored)) return {};
  for (const auto& entry : fs::directory_iterator{directory, ignored})
    if (entry.path().extension() == ".st0j") return {};
  return core::fail(core::Errc::NotFound,
                    "{}: no journal there, allowed is a state directory or its journal",
                    directory.string());
}

void print_verdict(Console& console, const kernel::ReplayOutcome& outcome) {
  console.print("identical{}: {} events, {} decisions, sha256 {}\n",
                outcome.is_finished ? "" : " up to the interruption", outcome.figures.events,
                outcome.figures.decisions, outcome.figures.decisions_sha256);
}

void print_summary(Console& console, const kernel::ReplayOutcome& outcome) {
  const kernel::RunEnd& figures = outcome.figures;
  console.print("{}\n", outcome.is_finished
                            ? "the run, made again from its journal to its end"
                            : "the run, made again from its journal up to its interruption");
  console.print("  sessions      {}\n  events        {}\n  decisions     {}\n", figures.sessions,
                figures.events, figures.decisions);
  console.print("  orders        {}\n  fills         {}\n  trades        {}\n", figures.orders,
                figures.fills, figures.trades);
  console.print("  realised P&L  {}\n  fees          {}\n", figures.realized_pnl.to_string(),
                figures.fees.to_string());
  console.print("  sha256        {} of the decisions\n", figures.decisions_sha256);
}

nlohmann::ordered_json outcome_json(const kernel::ReplayOutcome& outcome) {
  const kernel::RunEnd& figures = outcome.figures;
  nlohmann::ordered_json json;
  json["identical"] = true;
  json["finished"] = outcome.is_finished;
  json["sessions"] = figures.sessions;
  json["events"] = figures.events;
  json["decisions"] = figures.decisions;
  json["orders"] = figures.orders;
  json["fills"] = figures.fills;
  json["trades"] = figures.trades;
  json["realized_pnl"] = figures.realized_pnl.to_string();
  json["fees"] = figures.fees.to_string();
  json["decisions_sha256"] = figures.decisions_sha256;
  return json;
}

class ReplayCommand final : public Command {
 public:
  std::string_view name() const override { return "replay"; }
  std::string_view summary() const override {
    return "Make a run again from its journal and prove that it comes out the same";
  }

  void declare(CLI::App& cli) override {
    cli.add_option("DIR", directory_, "A state directory or its journal")->capture_default_str();
    cli.add_flag("--verify", is_verify_, "One line: identical, or the first bad record");
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    if (const auto checked = check_journal(directory_); !checked)
      return tl::unexpected(checked.error());
    const auto outcome = replay_journal(directory_);
    if (!outcome) return judged(console, outcome.error());
    if (is_json_) {
      print_json(console, outcome_json(*outcome));
    } else if (is_verify_) {
      print_verdict(console, *outcome);
    } else {
      print_summary(console, *outcome);
    }
    return kExitFine;
  }

 private:
  /// Damage and divergence are what a replay looks for; every other error is one of input.
  static core::Result<ExitCode> judged(Console& console, const core::Error& error) {
    if (exit_code_of(error.code) != kExitDiverged) return tl::unexpected(error);
    console.err << "st0ck: " << error.message << '\n';
    return kExitDiverged;
  }

  std::string directory_ = "state";
  bool is_verify_ = false;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> replay_command() { return std::make_unique<ReplayCommand>(); }

}  // namespace st0ck::app
