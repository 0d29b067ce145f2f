#include "st0ck/adapters/sim/tick_market.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/time_text.hpp"

#include <chrono>
#include <utility>

namespace st0ck::adapters::sim {

namespace {

constexpr core::Duration kMinute = std::chrono::minutes{1};
/// How long messages that are under way at the end of the tape are waited for.
constexpr core::Duration kLineAfterEnd = kMinute;

core::Timestamp end_of_minute(core::Timestamp time) {
  return core::Timestamp{std::chrono::floor<std::chrono::minutes>(time) + std::chrono::minutes{1}};
}

}  // namespace

core::Result<std::unique_ptr<TickMarket>> TickMarket::open(
    std::unique_ptr<market::TickSource> ticks, const core::ExchangeCalendar& calendar,
    core::Code provider, const Parts& parts) {
  std::unique_ptr<TickMarket> market{new TickMarket{std::move(ticks), calendar, provider, parts}};
  if (auto status = market->read_ahead(); !status) return tl::unexpected(status.error());
  parts.engine.follow_ticks();
  return market;
}

TickMarket::TickMarket(std::unique_ptr<market::TickSource> ticks,
                       const core::ExchangeCalendar& calendar, core::Code provider,
                       const Parts& parts)
    : ticks_{std::move(ticks)}, provider_{provider}, parts_{parts} {
  bars_.reserve(parts.instruments.size());
  for (const market::Instrument& instrument : parts.instruments)
    bars_.emplace_back(instrument.id, market::BarInterval::of(kMinute), calendar);
}

core::Status TickMarket::read_ahead() {
  auto events = ticks_->next_several();
  if (!events) return tl::unexpected(events.error());
  ahead_ = *events;
  return {};
}

core::Status TickMarket::step(market::EventSink& sink) {
  const auto time = next_time();
  ST0CK_ASSERT(time.has_value(), "a market that has ended takes no step");
  const core::Timestamp now = *time;
  if (const auto due = parts_.line.next_due(); due && *due <= now) {
    parts_.line.deliver_due();
  } else if (bars_due_ && *bars_due_ <= now) {
    publish_bars(sink);
  } else {
    const market::TapeEvent& event = ahead_.front();
    if (!has_met_orders_ && meet_orders(event)) {
      has_met_orders_ = true;
      return {};
    }
    publish(event, sink);
    has_met_orders_ = false;
    ++events_played_;
    played_until_ = event.time;
    ahead_ = ahead_.subspan(1);
    if (ahead_.empty())
      if (auto status = read_ahead(); !status) return status;
    if (!ahead_.empty() && ahead_.front().time < played_until_)
      return core::fail(core::Errc::BadInput,
                        "tape: found an event of {} after one of {}, allowed is their order",
                        core::format_utc(ahead_.front().time), core::format_utc(played_until_));
  }
  if (!next_time() && !std::exchange(has_finished_, true))
    sink.on_provider_status(
        {provider_, market::ProviderState::Finished, core::Code{"END_OF_DATA"}});
  return {};
}

/// True when the matching engine has spoken.
bool TickMarket::meet_orders(const market::TapeEvent& event) {
  const std::uint64_t before = parts_.engine.updates_sent();
  if (const auto* quote = std::get_if<market::Quote>(&event.what)) {
    parts_.engine.on_quote(*quote);
  } else if (const auto* trade = std::get_if<market::Trade>(&event.what)) {
    parts_.engine.on_trade(*trade);
  } else if (const auto* status = std::get_if<market::TradingStatus>(&event.what)) {
    parts_.engine.on_trading_status(*status);
  } else if (const auto* phase = std::get_if<market::SessionPhase>(&event.what)) {
    if (phase->phase == market::Phase::Open) parts_.engine.on_session_open(phase->session);
    if (phase->phase == market::Phase::Close) parts_.engine.on_session_close(phase->session.close);
  }
  return has_spoken(before);
}

void TickMarket::publish(const market::TapeEvent& event, market::EventSink& sink) {
  if (const auto* quote = std::get_if<market::Quote>(&event.what)) {
    sink.on_quote(*quote);
  } else if (const auto* trade = std::get_if<market::Trade>(&event.what)) {
    // A bar that this print completes ended before it, and was published then.
    bars_[trade->instrument.value()].add(*trade);
    if (!bars_due_) bars_due_ = end_of_minute(trade->time);
    sink.on_trade(*trade);
  } else if (const auto* status = std::get_if<market::TradingStatus>(&event.what)) {
    sink.on_trading_status(*status);
  } else if (const auto* action = std::get_if<market::CorporateAction>(&event.what)) {
    sink.on_corporate_action(*action);
    parts_.engine.on_corporate_action(*action);
  } else if (const auto* phase = std::get_if<market::SessionPhase>(&event.what)) {
    sink.on_session_phase(*phase);
    if (phase->phase == market::Phase::Prepare) parts_.engine.on_session_prepare(phase->session);
  }
}

void TickMarket::publish_bars(market::EventSink& sink) {
  const core::Timestamp now = *std::exchange(bars_due_, std::nullopt);
  for (market::BarAggregator& bars : bars_)
    if (const auto completed = bars.advance_to(now)) sink.on_bar(completed->bar);
}

std::optional<core::Timestamp> TickMarket::next_time() const {
  std::optional<core::Timestamp> next = parts_.line.next_due();
  const auto consider = [&](core::Timestamp time) {
    if (!next || time < *next) next = time;
  };
  if (!ahead_.empty()) consider(ahead_.front().time);
  if (bars_due_) consider(*bars_due_);
  // An order that is asked after again and again must not keep a market open that has ended.
  const bool is_over = ahead_.empty() && !bars_due_;
  if (is_over && next && *next > played_until_ + kLineAfterEnd) return std::nullopt;
  return next;
}

}  // namespace st0ck::adapters::sim
