#include "st0ck/adapters/sim/bar_market.hpp"

#include "st0ck/adapters/sim/simulated_sessions.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/session_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace st0ck::adapters::sim {

namespace {

using market::Phase;
using market::ProviderState;

constexpr std::size_t kBarsAhead = 64;
constexpr core::Price kHalfSpreadMax = core::Price::whole(1'000'000);

bool by_instrument(const BarFeed& a, const BarFeed& b) { return a.instrument < b.instrument; }

bool is_same_instrument(const BarFeed& a, const BarFeed& b) { return a.instrument == b.instrument; }

}  // namespace

core::Status BarMarketSettings::validate() const {
  if (half_spread.is_negative() || half_spread > kHalfSpreadMax)
    return core::fail(core::Errc::OutOfRange, "half_spread: found {}, allowed 0.00 to {}",
                      half_spread.to_string(), kHalfSpreadMax.to_string());
  if (!quote_size.is_positive())
    return core::fail(core::Errc::OutOfRange, "quote_size: found {}, allowed above 0",
                      quote_size.to_string());
  return {};
}

core::Result<std::unique_ptr<BarMarket>> BarMarket::open(const BarMarketSettings& settings,
                                                         const core::ExchangeCalendar& calendar,
                                                         const market::InstrumentTable& instruments,
                                                         MatchingEngine& engine,
                                                         std::vector<BarFeed> feeds) {
  if (auto status = settings.validate(); !status) return tl::unexpected(status.error());
  auto sessions = calendar.sessions_between(settings.from, settings.to);
  if (!sessions) return tl::unexpected(sessions.error());
  if (sessions->empty())
    return core::fail(core::Errc::OutOfRange,
                      "from {} to {}: no session of the exchange, at least one is needed",
                      core::format_date(settings.from), core::format_date(settings.to));
  std::sort(feeds.begin(), feeds.end(), by_instrument);
  ST0CK_ASSERT(std::adjacent_find(feeds.begin(), feeds.end(), is_same_instrument) == feeds.end(),
               "each feed has an instrument of its own");
  std::unique_ptr<BarMarket> market{
      new BarMarket{settings, std::move(*sessions), instruments, engine, std::move(feeds)}};
  if (auto status = market->read_first_bars(); !status) return tl::unexpected(status.error());
  market->find_next_moment();
  return market;
}

BarMarket::BarMarket(const BarMarketSettings& settings, std::vector<core::Session> sessions,
                     const market::InstrumentTable& instruments, MatchingEngine& engine,
                     std::vector<BarFeed> feeds)
    : settings_{settings},
      first_time_{core::from_new_york(settings.from, {})},
      last_time_{core::from_new_york(settings.to, std::chrono::hours{24})},
      sessions_{std::move(sessions)},
      instruments_{instruments},
      engine_{engine} {
  lanes_.reserve(feeds.size());
  for (BarFeed& feed : feeds) {
    Lane& lane = lanes_.emplace_back();
    lane.feed = std::move(feed);
    lane.tick = instruments_[lane.feed.instrument].tick;
    lane.scratch.resize(kBarsAhead);
  }
}

bool BarMarket::has_bars() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.stage != Stage::Ended; });
}

core::Status BarMarket::read_first_bars() {
  for (Lane& lane : lanes_) {
    do {
      if (auto status = go_to_next_bar(lane); !status) return status;
    } while (lane.stage != Stage::Ended && lane.bar().start < first_time_);
  }
  return {};
}

core::Status BarMarket::go_to_next_bar(Lane& lane) const {
  if (!lane.ahead.empty()) lane.ahead = lane.ahead.subspan(1);
  if (lane.ahead.empty()) {
    if (auto status = read_ahead(lane); !status) return status;
  }
  if (lane.ahead.empty() || lane.bar().start >= last_time_) {
    lane.stage = Stage::Ended;
    return {};
  }
  if (auto status = check_bar(lane); !status) return status;
  lane.read_until = lane.bar().end;
  lane.stage = Stage::Open;
  return {};
}

core::Status BarMarket::read_ahead(Lane& lane) const {
  auto bars = lane.feed.bars->next_several(lane.scratch);
  if (!bars) return tl::unexpected(bars.error());
  lane.ahead = *bars;
  return {};
}

core::Status BarMarket::check_bar(const Lane& lane) const {
  const market::Bar& bar = lane.bar();
  const auto complain = [&](std::string_view found) {
    return core::fail(core::Errc::BadInput, "bar of {} at {}: {}",
                      instruments_[lane.feed.instrument].symbol, core::format_utc(bar.start),
                      found);
  };
  if (bar.instrument != lane.feed.instrument)
    return complain("found a bar of another instrument, allowed are bars of this one");
  if (const auto defect = defect_of(bar)) return complain(*defect);
  if (bar.start < lane.read_until)
    return complain(
        fmt::format("found a start before {}, where the bar before it ends; bars come "
                    "in their order and do not overlap",
                    core::format_utc(lane.read_until)));
  return {};
}

core::Status BarMarket::step(market::EventSink& sink) {
  ST0CK_ASSERT(next_time_.has_value(), "a market that has ended takes no step");
  if (part_ == Part::Ends) {
    const auto spoke = play_ends(sink);
    if (!spoke) return tl::unexpected(spoke.error());
    if (*spoke) return {};
    part_ = Part::Session;
  }
  if (part_ == Part::Session) {
    if (next_session_time() == next_time_ && play_session(sink)) return {};
    part_ = Part::Opens;
    lane_ = 0;
  }
  if (play_opens()) return {};
  part_ = Part::Ends;
  lane_ = 0;
  find_next_moment();
  if (!next_time_) send_status(ProviderState::Finished, core::Code{"END_OF_DATA"}, sink);
  return {};
}

/// Plays the bars that end now; true when the matching engine has spoken and they are not done.
core::Result<bool> BarMarket::play_ends(market::EventSink& sink) {
  for (; lane_ < lanes_.size(); ++lane_) {
    Lane& lane = lanes_[lane_];
    if (lane.stage == Stage::Open || !lane.is_due(*next_time_)) continue;
    auto spoke = play_end(lane, sink);
    if (!spoke || *spoke) return spoke;
  }
  return false;
}

core::Result<bool> BarMarket::play_end(Lane& lane, market::EventSink& sink) {
  const std::uint64_t sent = engine_.updates_sent();
  if (lane.stage == Stage::Stops) {
    lane.stage = Stage::Limits;
    engine_.on_bar_stops(lane.bar());
    if (engine_.updates_sent() != sent) return true;
  }
  if (lane.stage == Stage::Limits) {
    lane.stage = Stage::Publish;
    engine_.on_bar_limits(lane.bar());
    if (engine_.updates_sent() != sent) return true;
  }
  if (lane.feed.derive_quotes) publish_quote(lane, sink);
  if (engine_.needs_marks()) engine_.mark(lane.feed.instrument, lane.bar().close);
  sink.on_bar(lane.bar());
  ++bars_played_;
  lane.played_until = lane.bar().end;
  if (auto status = go_to_next_bar(lane); !status) return tl::unexpected(status.error());
  return false;
}

void BarMarket::publish_quote(const Lane& lane, market::EventSink& sink) const {
  const market::Bar& bar = lane.bar();
  const core::Price lowest = std::min(bar.close, lane.tick);
  market::Quote quote;
  quote.instrument = bar.instrument;
  quote.time = bar.end;
  quote.bid = std::max(bar.close - settings_.half_spread, lowest);
  quote.ask = bar.close + settings_.half_spread;
  quote.bid_size = settings_.quote_size;
  quote.ask_size = settings_.quote_size;
  quote.derived_fresh_until = bar.end + (bar.end - bar.start);
  sink.on_quote(quote);
}

/// Plays the open of every bar that starts now; true when the matching engine has spoken.
bool BarMarket::play_opens() {
  for (; lane_ < lanes_.size(); ++lane_) {
    Lane& lane = lanes_[lane_];
    if (lane.stage != Stage::Open || !lane.is_due(*next_time_)) continue;
    lane.stage = Stage::Stops;
    const std::uint64_t sent = engine_.updates_sent();
    engine_.on_bar_open(lane.bar());
    if (engine_.updates_sent() != sent) return true;
  }
  return false;
}

std::optional<core::Timestamp> BarMarket::next_session_time() const {
  if (session_ == sessions_.size()) return std::nullopt;
  const core::Session& session = sessions_[session_];
  switch (session_step_) {
    case SessionStep::Prepare: return session.open - market::kPrepareAhead;
    case SessionStep::Open: return session.open;
    case SessionStep::Expire:
    case SessionStep::Close: return session.close;
  }
  return std::nullopt;
}

/// Plays the session's phase that is due; true when the matching engine has spoken.
bool BarMarket::play_session(market::EventSink& sink) {
  const core::Session& session = sessions_[session_];
  switch (session_step_) {
    case SessionStep::Prepare:
      session_step_ = SessionStep::Open;
      if (std::exchange(is_degraded_, false))
        send_status(ProviderState::Connected, core::Code{"NEXT_SESSION"}, sink);
      sink.on_session_phase({Phase::Prepare, session});
      return play_actions(session, sink);
    case SessionStep::Open:
      session_step_ = SessionStep::Expire;
      engine_.on_session_open(session);
      sink.on_session_phase({Phase::Open, session});
      return false;
    case SessionStep::Expire: {
      session_step_ = SessionStep::Close;
      report_missing_bars(session, sink);
      const std::uint64_t sent = engine_.updates_sent();
      engine_.on_session_close(session.close);
      if (engine_.updates_sent() != sent) return true;
      [[fallthrough]];
    }
    case SessionStep::Close:
      session_step_ = SessionStep::Prepare;
      ++session_;
      sink.on_session_phase({Phase::Close, session});
      return false;
  }
  return false;
}

/// An ex-date without a session becomes the session's: that is when the shares first trade ex.
/// True when the matching engine has spoken.
bool BarMarket::play_actions(const core::Session& session, market::EventSink& sink) {
  const core::Date after =
      session_ == 0 ? core::Date{std::chrono::sys_days{session.date} - std::chrono::days{1}}
                    : sessions_[session_ - 1].date;
  const std::uint64_t sent = engine_.updates_sent();
  for (market::CorporateAction action : settings_.actions) {
    if (action.ex_date <= after || action.ex_date > session.date) continue;
    action.ex_date = session.date;
    sink.on_corporate_action(action);
    engine_.on_corporate_action(action);
  }
  return engine_.updates_sent() != sent;
}

void BarMarket::report_missing_bars(const core::Session& session, market::EventSink& sink) {
  const auto is_missing = [&](const Lane& lane) { return lane.played_until <= session.open; };
  if (std::all_of(lanes_.begin(), lanes_.end(), is_missing)) {
    is_degraded_ = true;
    return send_status(ProviderState::Degraded, core::Code{"NO_DATA"}, sink);
  }
  for (const Lane& lane : lanes_) {
    if (!is_missing(lane)) continue;
    is_degraded_ = true;
    const std::string reason = fmt::format("NO_DATA_{}", instruments_[lane.feed.instrument].symbol);
    send_status(ProviderState::Degraded, core::Code{reason}, sink);
  }
}

void BarMarket::send_status(ProviderState state, core::Code reason, market::EventSink& sink) const {
  sink.on_provider_status({settings_.provider, state, reason});
}

void BarMarket::find_next_moment() {
  next_time_ = next_session_time();
  for (const Lane& lane : lanes_)
    if (lane.stage != Stage::Ended && (!next_time_ || lane.next_time() < *next_time_))
      next_time_ = lane.next_time();
}

}  // namespace st0ck::adapters::sim
