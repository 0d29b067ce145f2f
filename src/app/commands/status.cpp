#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/run_status.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "src/app/console/time_columns.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/live_clock.hpp"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace st0ck::app {

std::unique_ptr<Command> status_command();

namespace {

using Json = nlohmann::ordered_json;

std::string_view state_of(market::Phase phase) {
  switch (phase) {
    case market::Phase::Prepare: return "opens soon";
    case market::Phase::Open: return "open";
    case market::Phase::Close: return "closed";
  }
  return "unknown";
}

Json json_of(const BotStatus& bot) {
  Json positions = Json::array();
  for (const auto& position : bot.positions)
    positions.push_back(
        {{"symbol", position.symbol.view()}, {"quantity", position.quantity.to_string()}});
  Json json;
  json["bot"] = bot.identity.bot.view();
  json["engine"] = bot.identity.engine.view();
  json["positions"] = std::move(positions);
  json["realized_pnl"] = bot.realized_pnl.to_string();
  json["fees"] = bot.fees.to_string();
  json["halted"] = bot.halt.has_value();
  json["halt_code"] = bot.halt ? Json(bot.halt->code.view()) : Json(nullptr);
  json["halt_reason"] = bot.halt ? Json(bot.halt->reason) : Json(nullptr);
  return json;
}

Json json_of(const RunStatus& status) {
  Json json;
  json["run"] = app::name_of(status.state);
  json["mode"] = status.mode;
  json["account"] = status.account.view();
  json["promotion"] = status.promotion.empty() ? Json(nullptr) : Json(status.promotion);
  json["told"] = status.told.empty() ? Json(nullptr) : Json(status.told);
  json["warning"] = status.warning.empty() ? Json(nullptr) : Json(status.warning);
  json["session"] = nullptr;
  if (status.session)
    json["session"] = {{"date", core::format_date(status.session->session.date)},
                       {"state", state_of(status.session->phase)},
                       {"open", core::format_utc(status.session->session.open)},
                       {"close", core::format_utc(status.session->session.close)}};
  json["open_orders"] = status.open_orders;
  json["left_alone"] = status.is_left_alone();
  json["unprotected_groups"] =
      status.unprotected_groups ? Json(*status.unprotected_groups) : Json(nullptr);
  json["entries_stopped"] = nullptr;  // Not known.
  if (!status.stops.empty() || status.warning.empty())
    json["entries_stopped"] = !status.stops.empty();
  Json stops = Json::array();
  for (const EntryStop& stop : status.stops)
    stops.push_back({{"by", stop.by}, {"code", stop.code}, {"message", stop.message}});
  json["stopped_by"] = std::move(stops);
  Json bots = Json::array();
  for (const BotStatus& bot : status.bots) bots.push_back(json_of(bot));
  json["bots"] = std::move(bots);
  Json differences = Json::array();
  for (const auto& row : status.differences) differences.push_back(app::json_of(row));
  json["differences"] = std::move(differences);
  return json;
}

std::string holds(const BotStatus& bot) {
  std::string text;
  for (const auto& position : bot.positions)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", position.quantity.to_string(),
                        position.symbol);
  return text.empty() ? "nothing" : text;
}

std::string entries_of(const BotStatus& bot, const RunStatus& status) {
  if (bot.halt) return fmt::format("halted, {}: {}", bot.halt->code, bot.halt->reason);
  if (!status.stops.empty()) return "stopped, see above";
  return status.warning.empty() ? "may go out" : "not known";
}

std::string run_of(const RunStatus& status) {
  std::string text{app::name_of(status.state)};
  if (!status.mode.empty())
    text += fmt::format(" (mode {}, account {})", status.mode == "live" ? "LIVE" : status.mode,
                        status.account);
  return text;
}

/// What is held and open, and nobody's business.
std::string left_alone(const RunStatus& status) {
  std::vector<std::string> parts;
  for (const BotStatus& bot : status.bots)
    if (!bot.positions.empty())
      parts.push_back(fmt::format("{} holds {}", bot.identity.bot, holds(bot)));
  if (status.open_orders > 0) parts.push_back(fmt::format("{} open orders", status.open_orders));
  return fmt::format("{}: no st0ckd looks after it", fmt::join(parts, "; "));
}

std::string differences_of(const RunStatus& status) {
  if (!status.differences.empty()) return std::to_string(status.differences.size());
  if (!status.warning.empty()) return "not known, see the warning";
  if (status.is_account_unknown) return "not known, the account cannot be read";
  switch (status.state) {
    case RunState::None: return "none known";
    case RunState::Stopped: return "none when it was last compared";
    case RunState::Running:
    case RunState::Finished: return "none between the broker and us";
  }
  return "unknown";
}

std::string entries_of(const RunStatus& status) {
  if (!status.stops.empty()) return "stopped";
  return status.warning.empty() ? "may go out" : "not known, see the warning";
}

void print_head(Console& console, const RunStatus& status) {
  const std::string run = run_of(status);
  console.print("run          {}\n", status.mode == "live" ? toned(console, Tone::Bad, run) : run);
  if (!status.warning.empty())
    console.print("warning      {}\n", toned(console, Tone::Bad, status.warning));
  if (!status.promotion.empty()) console.print("promotion    {}\n", status.promotion);
  if (status.session)
    console.print("session      {}, {}\n", core::format_date(status.session->session.date),
                  state_of(status.session->phase));
  console.print("open orders  {}\n", status.open_orders);
  if (status.is_left_alone())
    console.print("left alone   {}\n", toned(console, Tone::Bad, left_alone(status)));
  if (status.unprotected_groups.value_or(0) > 0)
    console.print("no stop      {}\n",
                  toned(console, Tone::Bad,
                        fmt::format("{} groups that hold something", *status.unprotected_groups)));
  const std::string entries = entries_of(status);
  const bool may_go_out = status.stops.empty() && status.warning.empty();
  console.print("entries      {}\n", may_go_out ? entries : toned(console, Tone::Bad, entries));
  for (const EntryStop& stop : status.stops)
    console.print("             {} {}: {}\n", stop.by, stop.code, stop.message);
  console.print("differences  {}\n", differences_of(status));
}

void print_bots(Console& console, const RunStatus& status) {
  Table table{{{"bot"},
               {"engine", Align::Left, 3},
               {"holds"},
               {"realised P&L", Align::Right, 1},
               {"fees", Align::Right, 2},
               {"entries"}}};
  for (const BotStatus& bot : status.bots)
    table.add({bot.identity.bot.str(), bot.identity.engine.str(), holds(bot),
               bot.realized_pnl.to_string(), bot.fees.to_string(), entries_of(bot, status)});
  table.print(console);
}

void print_differences(Console& console, const RunStatus& status) {
  std::vector<core::Timestamp> seen;
  seen.reserve(status.differences.size());
  for (const auto& row : status.differences) seen.push_back(row.first_seen);
  const NewYorkTimes times{seen};
  console.print("\n");
  for (const auto& row : status.differences)
    console.print(
        "{} since {}: {}\n",
        toned(console, trading::stops_entries(row.difference.kind) ? Tone::Bad : Tone::Plain,
              trading::name_of(row.difference.kind)),
        times.text(row.first_seen), row.difference.message);
}

class StatusCommand final : public Command {
 public:
  std::string_view name() const override { return "status"; }
  std::string_view summary() const override {
    return "How a run stands: bots, halts, what differs at the broker, what stops entries";
  }

  void declare(CLI::App& cli) override {
    declare_state_dir(cli, state_dir_);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto status = read_run_status(state_dir_, kernel::LiveClock{}.now());
    if (!status) return tl::unexpected(status.error());
    if (is_json_) {
      print_json(console, json_of(*status));
      return kExitFine;
    }
    print_head(console, *status);
    if (status->bots.empty()) return kExitFine;
    console.print("\n");
    print_bots(console, *status);
    if (!status->differences.empty()) print_differences(console, *status);
    return kExitFine;
  }

 private:
  std::string state_dir_ = "state";
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> status_command() { return std::make_unique<StatusCommand>(); }

}  // namespace st0ck::app
