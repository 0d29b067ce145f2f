#include "src/app/commands/run_status.hpp"

#include "src/app/commands/state_files.hpp"
#include "src/app/metrics_file.hpp"
#include "src/app/promotion/permission.hpp"
#include "src/app/state_directory.hpp"
#include "st0ck/core/plain_file.hpp"
#include "st0ck/core/take.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

/// A daemon tells its figures every five seconds.
constexpr core::Duration kSilenceMax = 12s;

/// What the trade log has of it.
struct Rows {
  storage::TradeLogSummary summary;
  std::vector<storage::LoggedSession> sessions;
  std::vector<storage::LoggedOrder> orders;
  std::vector<storage::Logged<kernel::PositionRow>> positions;
  std::vector<storage::Logged<kernel::BotDayRow>> days;
  std::vector<storage::LoggedHalt> halts;
  std::vector<storage::LoggedDifference> differences;
};

core::Result<Rows> read_rows(const std::filesystem::path& state_dir) {
  auto log = open_trade_log(state_dir);
  if (!log) return tl::unexpected(log.error());
  Rows rows;
  if (auto s = take(log->summary(), rows.summary); !s) return tl::unexpected(s.error());
  if (auto s = take(log->sessions(), rows.sessions); !s) return tl::unexpected(s.error());
  if (auto s = take(log->orders(), rows.orders); !s) return tl::unexpected(s.error());
  if (auto s = take(log->positions(), rows.positions); !s) return tl::unexpected(s.error());
  if (auto s = take(log->daily_metrics(), rows.days); !s) return tl::unexpected(s.error());
  if (auto s = take(log->halts(), rows.halts); !s) return tl::unexpected(s.error());
  if (auto s = take(log->differences(), rows.differences); !s) return tl::unexpected(s.error());
  return rows;
}

RunState state_of(const storage::TradeLogSummary& summary, const std::filesystem::path& state_dir) {
  if (StateDirectory::is_in_use(state_dir)) return RunState::Running;
  if (summary.run_start == core::Sequence{}) return RunState::None;
  return summary.end ? RunState::Finished : RunState::Stopped;
}

/// The last halt of each bot, and of the account under an empty name, where it holds still.
std::map<core::BotId, kernel::HaltRow> halts_in_force(const Rows& rows) {
  std::map<core::BotId, kernel::HaltRow> halts;
  for (const auto& halt : rows.halts) halts[halt.row.bot] = halt.row;
  std::erase_if(halts, [](const auto& entry) { return !entry.second.is_halted; });
  return halts;
}

/// Of the session under way what was made since the close before it.
void add_figures(BotStatus& bot, const Rows& rows, bool is_under_way) {
  for (const auto& [sequence, position] : rows.positions) {
    if (position.bot != bot.identity.bot) continue;
    if (!position.quantity.is_zero()) bot.positions.push_back(position);
    if (!is_under_way) continue;
    bot.realized_pnl += position.realized_pnl;
    bot.fees += position.fees;
  }
  for (const auto& [sequence, day] : rows.days) {
    if (day.bot != bot.identity.bot) continue;
    if (is_under_way) {
      bot.realized_pnl -= day.realized_pnl;
      bot.fees -= day.fees;
    } else if (!rows.sessions.empty() && day.session == rows.sessions.back().row.session.date) {
      bot.realized_pnl = day.realized_pnl;
      bot.fees = day.fees;
    }
  }
}

/// What the record says; whether it holds st0ckd has judged.
std::string promotion_text_of(const std::filesystem::path& state_dir) {
  const auto sealed = read_promotion(promotion_file_of(state_dir));
  return sealed ? fmt::format("by its record {}", grounds_of(sealed->record))
                : sealed.error().message;
}

EntryStop stop_by(const std::string& provider, const Json& risk) {
  const Json codes = risk.value("provider_codes", Json::object());
  const auto code = codes.find(provider);
  const bool is_told = code != codes.end() && code->is_string();
  return {"provider", is_told ? code->get<std::string>() : provider,
          fmt::format("{} is degraded or down; the log of st0ckd says why", provider)};
}

/// What only a daemon that runs can tell.
void add_figures_of_daemon(RunStatus& status, const std::filesystem::path& state_dir) {
  const auto json = read_metrics_file(metrics_file_of(state_dir));
  if (!json) return;
  if (const auto time = json->find("timestamp"); time != json->end() && time->is_string())
    status.told = time->get<std::string>();
  if (status.state != RunState::Running) return;
  const auto protection = json->find("protection");
  if (protection != json->end() && protection->is_object())
    if (const auto groups = protection->find("unprotected_groups");
        groups != protection->end() && groups->is_number_unsigned())
      status.unprotected_groups = groups->get<std::uint64_t>();
  const auto risk = json->find("risk");
  if (risk == json->end() || !risk->is_object()) return;
  const auto degraded = risk->find("degraded_providers");
  if (degraded == risk->end() || !degraded->is_array()) return;
  for (const Json& provider : *degraded)
    // What differs in the account is told by itself.
    if (provider.is_string() && provider != "account")
      status.stops.push_back(stop_by(provider.get<std::string>(), *risk));
  status.is_account_unknown =
      std::ranges::find(status.stops, "ACCOUNT_UNKNOWN", &EntryStop::code) != status.stops.end();
}

/// Nothing that waits in a state directory trades by itself.
void add_absence(RunStatus& status) {
  if (status.state == RunState::Running) return;
  std::string message = "no st0ckd runs here";
  if (status.state == RunState::None) message += ", and no run has begun";
  if (status.state == RunState::Finished) message = "the run has come to its end";
  if (status.state == RunState::Stopped) {
    if (const auto told = core::parse_timestamp(status.told))
      message += fmt::format("; it last told its figures at {}", core::format_new_york(*told));
    message += "; its log says why it ended";
  }
  status.stops.insert(status.stops.begin(), {"process", "NOT_RUNNING", std::move(message)});
}

/// A daemon whose disk is full writes neither its figures nor its records.
std::string warning_of(RunState state, const std::filesystem::path& state_dir,
                       core::Timestamp now) {
  if (state != RunState::Running) return {};
  constexpr std::string_view kWhy =
      "it is beginning still, or cannot write; its log says which, and what is here may be old";
  const auto written = core::last_written(metrics_file_of(state_dir));
  if (!written || written < StateDirectory::taken_at(state_dir))
    return fmt::format("st0ckd runs and has told no figures yet: {}", kWhy);
  const core::Duration age = now - *written;
  if (age <= kSilenceMax) return {};
  return fmt::format("st0ckd runs, and its last figures are {} s old: {}", age / 1s, kWhy);
}

}  // namespace

bool RunStatus::is_left_alone() const {
  return state == RunState::Stopped &&
         (open_orders > 0 ||
          std::ranges::any_of(bots, [](const BotStatus& bot) { return !bot.positions.empty(); }));
}

std::string_view name_of(RunState state) {
  switch (state) {
    case RunState::None: return "none yet";
    case RunState::Running: return "running";
    case RunState::Stopped: return "stopped";
    case RunState::Finished: return "finished";
  }
  return "unknown";
}

core::Result<RunStatus> read_run_status(const std::filesystem::path& state_dir,
                                        core::Timestamp now) {
  const auto rows = read_rows(state_dir);
  if (!rows) return tl::unexpected(rows.error());
  RunStatus status;
  status.state = state_of(rows->summary, state_dir);
  status.mode = rows->summary.mode;
  status.account = rows->summary.account;
  if (status.mode == "live") status.promotion = promotion_text_of(state_dir);
  if (!rows->sessions.empty()) status.session = rows->sessions.back().row;
  status.open_orders = static_cast<std::size_t>(std::ranges::count_if(
      rows->orders,
      [](const storage::LoggedOrder& order) { return trading::is_open(order.row.state); }));

  const auto halts = halts_in_force(*rows);
  const bool is_under_way = status.session && status.session->phase != market::Phase::Close;
  for (const kernel::BotIdentity& identity : rows->summary.bots) {
    BotStatus& bot = status.bots.emplace_back();
    bot.identity = identity;
    add_figures(bot, *rows, is_under_way);
    if (const auto halt = halts.find(identity.bot); halt != halts.end()) bot.halt = halt->second;
  }
  if (const auto halt = halts.find(core::BotId{}); halt != halts.end())
    status.stops.push_back({"halt", halt->second.code.str(), halt->second.reason});
  for (const auto& [first, sequence, row] : rows->differences) {
    if (row.ended) continue;
    status.differences.push_back(row);
    if (trading::stops_entries(row.difference.kind))
      status.stops.push_back({"difference", std::string{trading::name_of(row.difference.kind)},
                              row.difference.message});
  }
  add_figures_of_daemon(status, state_dir);
  add_absence(status);
  status.warning = warning_of(status.state, state_dir, now);
  return status;
}

}  // namespace st0ck::app
