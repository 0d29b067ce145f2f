#include "src/app/promotion/requirements.hpp"

#include "src/app/promotion/record.hpp"
#include "st0ck/adapters/alpaca/trading_endpoints.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

namespace st0ck::app {

namespace {

/// How a hash is shown; all of it is compared.
std::string short_hash(const std::string& hash) { return hash.substr(0, 12); }

HostKind kind_of(const std::string& host) { return broker_host_at("https://" + host).kind; }

/// Why a session was not where it has to be; empty where it was.
std::string why_elsewhere(const SessionEvidence& session, const PromotionTarget& target) {
  if (session.host.empty()) return "no broker was asked: its orders were simulated";
  const HostKind kind = kind_of(session.host);
  switch (target.host.kind) {
    case HostKind::Loopback:
      return kind == HostKind::Loopback ? "" : fmt::format("it was on {}", session.host);
    case HostKind::Live:
      if (kind != HostKind::Paper) return fmt::format("it was on {}", session.host);
      if (session.clock != "machine")
        return fmt::format("it went by the clock of the {}", session.clock);
      if (kind_of(session.market_host) == HostKind::Loopback)
        return fmt::format("its market was that of {}", session.market_host);
      return {};
    case HostKind::Paper:
    case HostKind::Other: break;
  }
  return fmt::format("no session speaks for {}", target.host.name);
}

std::string place_of(const PromotionTarget& target) {
  switch (target.host.kind) {
    case HostKind::Live:
      return fmt::format("sessions on {}, wall clock",
                         host_of(alpaca::TradingEndpoints::paper().rest));
    case HostKind::Loopback: return "sessions on an exchange of this machine";
    case HostKind::Paper:
    case HostKind::Other: break;
  }
  return fmt::format("sessions that speak for {}", target.host.name);
}

Requirement at_least(std::string what, std::int64_t needed, std::int64_t found) {
  return {std::move(what), std::to_string(needed), std::to_string(found), found >= needed};
}

std::string or_none(std::string text) { return text.empty() ? "none" : std::move(text); }

Requirement must_be(std::string what, std::string needed, std::string found, bool is_equal) {
  return {std::move(what), std::move(needed), std::move(found), is_equal};
}

std::int64_t calendar_days(const std::vector<core::Date>& dates) {
  if (dates.empty()) return 0;
  const auto days = std::chrono::sys_days{dates.back()} - std::chrono::sys_days{dates.front()};
  return days.count() + 1;
}

/// What was long ago says little of the market and the program of today.
Requirement freshness(const std::vector<core::Date>& dates, core::Timestamp now) {
  const bool is_fresh =
      !dates.empty() && now < std::chrono::sys_days{dates.back()} + kPromotionValid;
  return {"the last of them", fmt::format("{} days ago or less", kPromotionValid.count() - 1),
          dates.empty() ? "none" : core::format_date(dates.back()), is_fresh};
}

}  // namespace

PromotionTarget target_of(const Configuration& configuration) {
  PromotionTarget target;
  target.host = broker_host_of(configuration);
  target.configuration = promotion_hash(configuration.canonical);
  for (const ConfiguredBot& bot : configuration.bots) target.bots.push_back(bot.identity);
  return target;
}

bool Judgement::is_met() const { return std::ranges::all_of(requirements, &Requirement::is_met); }

Judgement judge(const RunEvidence& evidence, const PromotionTarget& target, core::Timestamp now) {
  Judgement judgement;
  std::int64_t there = 0;
  std::int64_t complete = 0;
  for (const SessionEvidence& session : evidence.sessions) {
    const std::string elsewhere = why_elsewhere(session, target);
    if (elsewhere.empty()) ++there;
    if (elsewhere.empty() && session.incomplete.empty()) ++complete;
    std::string why = elsewhere;
    if (why.empty()) why = session.incomplete;
    if (why.empty()) why = session.unclean;
    if (why.empty())
      judgement.counted.push_back(session.date);
    else
      judgement.left_out.push_back({session.date, std::move(why)});
  }
  const auto clean = static_cast<std::int64_t>(judgement.counted.size());
  judgement.requirements = {
      must_be("mode of the run", "paper", or_none(evidence.mode), evidence.mode == "paper"),
      at_least(place_of(target), kPromotionSessionsMin, there),
      at_least("of these complete", kPromotionSessionsMin, complete),
      at_least("of these reconciled clean", kPromotionSessionsMin, clean),
      at_least("calendar days", kPromotionDaysMin, calendar_days(judgement.counted)),
      must_be("unexplained differences now", "0", std::to_string(evidence.unexplained.size()),
              evidence.unexplained.empty()),
      must_be("bots, engines, versions", text_of(target.bots), or_none(text_of(evidence.bots)),
              target.bots == evidence.bots),
      must_be("configuration", short_hash(target.configuration),
              or_none(short_hash(evidence.configuration)),
              target.configuration == evidence.configuration)};
  if (target.host.kind == HostKind::Live)
    judgement.requirements.push_back(freshness(judgement.counted, now));
  return judgement;
}

std::string text_of(const std::vector<kernel::BotIdentity>& bots) {
  std::vector<std::string> texts;
  for (const kernel::BotIdentity& bot : bots)
    texts.push_back(fmt::format("{}: {} {}", bot.bot, bot.engine, bot.decision_version));
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace st0ck::app
