#include "src/app/promotion/evidence.hpp"

#include "src/app/run_files.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/core/take.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "st0ck/trading/reconciliation.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace st0ck::app {

namespace {

using storage::LoggedAccountCheck;
using storage::LoggedDifference;
using storage::LoggedSession;

constexpr core::Duration kCloseLateMax = std::chrono::minutes{1};

/// What the trade log has of it.
struct Rows {
  storage::TradeLogSummary summary;
  std::string configuration;
  std::vector<LoggedSession> sessions;
  std::vector<LoggedAccountCheck> checks;
  std::vector<LoggedDifference> differences;
  std::vector<storage::Logged<kernel::BotDayRow>> days;
  std::vector<storage::LoggedEquity> equity;
};

core::Result<Rows> read_rows(const std::filesystem::path& state_dir) {
  auto log = open_trade_log(state_dir);
  if (!log) return tl::unexpected(log.error());
  Rows rows;
  if (auto s = take(log->summary(), rows.summary); !s) return tl::unexpected(s.error());
  if (auto s = take(log->configuration(), rows.configuration); !s) return tl::unexpected(s.error());
  if (auto s = take(log->sessions(), rows.sessions); !s) return tl::unexpected(s.error());
  if (auto s = take(log->account_checks(), rows.checks); !s) return tl::unexpected(s.error());
  if (auto s = take(log->differences(), rows.differences); !s) return tl::unexpected(s.error());
  if (auto s = take(log->daily_metrics(), rows.days); !s) return tl::unexpected(s.error());
  if (auto s = take(log->equity(), rows.equity); !s) return tl::unexpected(s.error());
  return rows;
}

/// When the process began that saw the session's end; the newest of those before it.
const LoggedAccountCheck* beginning_of(const LoggedSession& session, const Rows& rows) {
  const LoggedAccountCheck* found = nullptr;
  for (const LoggedAccountCheck& check : rows.checks)
    if (!check.row.closed && check.sequence < session.sequence) found = &check;
  return found;
}

const LoggedAccountCheck* close_check_of(const LoggedSession& session, const Rows& rows) {
  const auto found = std::ranges::find_if(rows.checks, [&](const LoggedAccountCheck& check) {
    return check.row.closed == session.row.session.date;
  });
  return found == rows.checks.end() ? nullptr : &*found;
}

/// A machine that slept over the close told it late.
std::optional<core::Timestamp> late_close_of(const LoggedSession& session, const Rows& rows) {
  for (const storage::LoggedEquity& equity : rows.equity)
    if (equity.session == session.row.session.date &&
        equity.time > session.row.session.close + kCloseLateMax)
      return equity.time;
  return std::nullopt;
}

/// One process has to have seen it from its open to its close.
std::string why_incomplete(const LoggedSession& session, const LoggedAccountCheck* beginning,
                           const Rows& rows) {
  if (session.row.phase != market::Phase::Close) return "it is not over";
  if (beginning == nullptr) return "no broker was asked: its orders were simulated";
  if (beginning->time > session.row.session.open)
    return fmt::format("st0ckd began at {}, after its open",
                       core::format_new_york(beginning->time));
  if (const auto late = late_close_of(session, rows))
    return fmt::format("its close was seen only at {}", core::format_new_york(*late));
  for (const kernel::BotIdentity& bot : rows.summary.bots) {
    const bool has_figures = std::ranges::any_of(rows.days, [&](const auto& day) {
      return day.row.bot == bot.bot && day.row.session == session.row.session.date;
    });
    if (!has_figures) return fmt::format("bot {} has no figures of it", bot.bot);
  }
  return {};
}

std::string why_unclean(const LoggedSession& session, const LoggedAccountCheck* beginning,
                        const Rows& rows) {
  const LoggedAccountCheck* check = close_check_of(session, rows);
  if (check == nullptr) return "it was not compared with the broker after its close";
  if (beginning != nullptr && check->row.host != beginning->row.host)
    return fmt::format("it was compared at another host, {}", check->row.host);
  for (const auto& [first, sequence, row] : rows.differences) {
    if (!trading::stops_entries(row.difference.kind)) continue;
    if (row.first_seen > check->time || (row.ended && *row.ended < session.row.session.open))
      continue;
    return fmt::format("{}: {}", trading::name_of(row.difference.kind), row.difference.message);
  }
  return {};
}

SessionEvidence evidence_of(const LoggedSession& session, const Rows& rows) {
  SessionEvidence evidence;
  evidence.date = session.row.session.date;
  const LoggedAccountCheck* beginning = beginning_of(session, rows);
  if (beginning != nullptr) {
    evidence.host = beginning->row.host;
    evidence.market_host = beginning->row.market_host;
    evidence.clock = beginning->row.clock;
  }
  evidence.incomplete = why_incomplete(session, beginning, rows);
  evidence.unclean = why_unclean(session, beginning, rows);
  return evidence;
}

}  // namespace

std::string promotion_hash(std::string_view canonical) {
  core::Sha256 hash;
  while (!canonical.empty()) {
    const auto end = canonical.find('\n');
    const auto size = end == std::string_view::npos ? canonical.size() : end + 1;
    const std::string_view line = canonical.substr(0, size);
    if (!line.starts_with("mode=") && !line.starts_with("account.name=")) hash.update(line);
    canonical.remove_prefix(size);
  }
  return hash.hex();
}

core::Result<RunEvidence> read_evidence(const std::filesystem::path& state_dir) {
  const auto rows = read_rows(state_dir);
  if (!rows) return tl::unexpected(rows.error());
  RunEvidence evidence;
  evidence.mode = rows->summary.mode;
  evidence.configuration = promotion_hash(rows->configuration);
  evidence.bots = rows->summary.bots;
  if (!rows->checks.empty()) evidence.broker_account = rows->checks.back().row.broker_account;
  for (const LoggedSession& session : rows->sessions)
    evidence.sessions.push_back(evidence_of(session, *rows));
  for (const auto& [first, sequence, row] : rows->differences)
    if (!row.ended && trading::stops_entries(row.difference.kind))
      evidence.unexplained.push_back(row.difference.message);
  return evidence;
}

}  // namespace st0ck::app
