#include "src/app/commands/command.hpp"
#include "src/app/commands/missing_rows.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "st0ck/storage/db_check.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace st0ck::app {

std::unique_ptr<Command> db_command();

namespace {

using Json = nlohmann::ordered_json;

/// A file whose very pages cannot be read is a finding as well, and the worst one.
core::Result<storage::CheckReport> checked(const std::string& state_dir) {
  if (const auto found = check_state_dir(state_dir); !found) return tl::unexpected(found.error());
  auto report = storage::check(trade_log_of(state_dir));
  if (report || report.error().code != core::Errc::Corrupt) return report;
  storage::CheckReport unreadable;
  unreadable.findings.push_back(report.error().message);
  return unreadable;
}

Json report_json(const storage::CheckReport& report) {
  Json json;
  json["sound"] = report.is_sound();
  json["orders"] = report.orders;
  json["fills"] = report.fills;
  json["trades"] = report.trades;
  json["positions"] = report.positions;
  json["decisions"] = report.decisions;
  json["last_record"] = report.last_sequence.value();
  json["findings"] = report.findings;
  return json;
}

class DbCheckCommand final : public Command {
 public:
  std::string_view name() const override { return "check"; }
  std::string_view summary() const override {
    return "Whether the trade log is whole and trades, fills and positions agree";
  }

  void declare(CLI::App& cli) override {
    declare_state_dir(cli, state_dir_);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto report = checked(state_dir_);
    if (!report) return tl::unexpected(report.error());
    note_missing_rows(console, state_dir_, report->last_sequence);
    if (is_json_) {
      print_json(console, report_json(*report));
    } else {
      for (const std::string& finding : report->findings) console.print("{}\n", finding);
      console.print(
          "{}: {} orders, {} fills, {} trades, {} positions, {} decisions, up to record "
          "{}\n",
          report->is_sound()
              ? toned(console, Tone::Good, "sound")
              : toned(console, Tone::Bad, fmt::format("findings: {}", report->findings.size())),
          report->orders, report->fills, report->trades, report->positions, report->decisions,
          report->last_sequence.value());
    }
    return report->is_sound() ? kExitFine : kExitFound;
  }

 private:
  std::string state_dir_ = "state";
  bool is_json_ = false;
};

Json bots_json(const std::vector<kernel::BotIdentity>& bots) {
  Json json = Json::array();
  for (const auto& bot : bots)
    json.push_back({{"bot", bot.bot.view()},
                    {"engine", bot.engine.view()},
                    {"decision_version", bot.decision_version}});
  return json;
}

Json run_end_json(const kernel::RunEnd& end) {
  return {{"sessions", end.sessions},
          {"events", end.events},
          {"decisions", end.decisions},
          {"orders", end.orders},
          {"fills", end.fills},
          {"trades", end.trades},
          {"realized_pnl", end.realized_pnl.to_string()},
          {"fees", end.fees.to_string()},
          {"decisions_sha256", end.decisions_sha256}};
}

Json summary_json_of(const storage::TradeLogSummary& summary) {
  Json json;
  json["schema_version"] = summary.schema_version;
  json["account"] = summary.account.view();
  json["mode"] = summary.mode;
  json["cash"] = summary.cash.to_string();
  json["configuration_sha256"] = summary.configuration_hash;
  json["last_record"] = summary.last_sequence.value();
  json["bots"] = bots_json(summary.bots);
  json["end"] = summary.end ? run_end_json(*summary.end) : Json(nullptr);
  return json;
}

void print_summary(Console& console, const storage::TradeLogSummary& summary) {
  console.print("schema version  {}\n", summary.schema_version);
  if (summary.run_start == core::Sequence{}) {
    console.print("no run yet\n");
    return;
  }
  console.print("account         {} ({}), {} dollars at the start\n", summary.account, summary.mode,
                summary.cash.to_string());
  for (const auto& bot : summary.bots)
    console.print("bot             {}: engine {}, decision version {}\n", bot.bot, bot.engine,
                  bot.decision_version);
  console.print("configuration   sha256 {}\n", summary.configuration_hash);
  console.print("last record     {}\n", summary.last_sequence.value());
  if (!summary.end) {
    console.print("run             under way or interrupted\n");
    return;
  }
  const kernel::RunEnd& end = *summary.end;
  console.print("run             finished: {} sessions, {} events, {} orders, {} fills\n",
                end.sessions, end.events, end.orders, end.fills);
  console.print("trades          {}, realised P&L {}, fees {}\n", end.trades,
                end.realized_pnl.to_string(), end.fees.to_string());
  console.print("decisions       {}, sha256 {}\n", end.decisions, end.decisions_sha256);
}

class DbInfoCommand final : public Command {
 public:
  std::string_view name() const override { return "info"; }
  std::string_view summary() const override { return "Which run the trade log belongs to"; }

  void declare(CLI::App& cli) override {
    declare_state_dir(cli, state_dir_);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    auto log = open_trade_log(state_dir_);
    if (!log) return tl::unexpected(log.error());
    const auto summary = log->summary();
    if (!summary) return tl::unexpected(summary.error());
    if (is_json_) {
      print_json(console, summary_json_of(*summary));
    } else {
      print_summary(console, *summary);
    }
    return kExitFine;
  }

 private:
  std::string state_dir_ = "state";
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> db_command() {
  return std::make_unique<CommandGroup>("db", "The trade log as a database",
                                        std::make_unique<DbCheckCommand>(),
                                        std::make_unique<DbInfoCommand>());
}

}  // namespace st0ck::app
