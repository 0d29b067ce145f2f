#include "st0ck/adapters/sim/live_venue.hpp"

#include <utility>

namespace st0ck::adapters::sim {

LiveVenue::LiveVenue(Parts parts) : parts_{std::move(parts)} { parts_.engine.follow_ticks(); }

void LiveVenue::resume(const std::optional<market::SessionPhase>& last, BrokerAccount account) {
  parts_.engine.take_over(std::move(account));
  if (last && last->phase == market::Phase::Open) open(last->session);
}

void LiveVenue::open(const core::Session& session) {
  parts_.engine.on_session_open(session);
  opened_by_ = session.open + kOpeningMax;
}

void LiveVenue::on_quote(const market::Quote& quote) {
  // What the kernel will refuse meets no order either.
  if (!market::defect_of(quote)) {
    if (opened_by_ && quote.time >= *opened_by_) parts_.engine.open_continuous(quote.instrument);
    parts_.engine.on_quote(quote);
  }
  parts_.drain();
  parts_.kernel.on_quote(quote);
}

void LiveVenue::on_trade(const market::Trade& trade) {
  if (!market::defect_of(trade)) parts_.engine.on_trade(trade);
  parts_.drain();
  parts_.kernel.on_trade(trade);
}

void LiveVenue::on_session_phase(const market::SessionPhase& phase) {
  if (phase.phase == market::Phase::Open) open(phase.session);
  if (phase.phase == market::Phase::Close) {
    parts_.engine.on_session_close(phase.session.close);
    opened_by_.reset();
  }
  parts_.drain();
  parts_.kernel.on_session_phase(phase);
  if (phase.phase != market::Phase::Prepare) return;
  parts_.engine.on_session_prepare(phase.session);
  parts_.drain();
}

void LiveVenue::on_trading_status(const market::TradingStatus& status) {
  if (!market::defect_of(status)) parts_.engine.on_trading_status(status);
  parts_.drain();
  parts_.kernel.on_trading_status(status);
}

void LiveVenue::on_corporate_action(const market::CorporateAction& action) {
  parts_.kernel.on_corporate_action(action);
  if (!market::defect_of(action)) parts_.engine.on_corporate_action(action);
  parts_.drain();
}

core::Status LiveVenue::step(market::EventSink&) {
  parts_.line.deliver_due();
  parts_.drain();
  return {};
}

}  // namespace st0ck::adapters::sim
