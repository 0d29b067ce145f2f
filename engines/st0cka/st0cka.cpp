#include "engines/st0cka/st0cka.hpp"

#include "st0ck/core/time_text.hpp"

namespace st0ck::engines::st0cka {

namespace {

constexpr core::Quantity kQuantity = core::Quantity::whole(1);

/// What a timer is for.
enum Topic : kernel::TimerTopic { kEvaluate, kFillTimeout };

const core::Code kEntry{"ENTRY"};
const core::Code kLimitFill{"LIMIT_FILL"};

}  // namespace

St0cka::St0cka(Settings settings, core::InstrumentId instrument)
    : settings_{settings}, instrument_{instrument} {}

std::vector<market::DataNeed> St0cka::needs() const {
  return {{instrument_, market::DataKind::Quotes, settings_.quote_age_max}};
}

void St0cka::on_session_phase(kernel::EngineContext& context, const market::SessionPhase& phase) {
  if (phase.phase == market::Phase::Prepare) begin_session(context, phase.session);
  if (phase.phase == market::Phase::Open) evaluate(context);
}

void St0cka::on_quote(kernel::EngineContext& context, const market::Quote&) { evaluate(context); }

void St0cka::on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) {
  if (topic == kFillTimeout && state_ == State::BuyPending)
    context.warn(core::Code{"BUY_NOT_FILLED"},
                 fmt::format("{} has not filled in {} s; still watching it", *buy_order_,
                             settings_.fill_timeout.count() / 1'000'000'000));
  evaluate(context);
}

void St0cka::begin_session(kernel::EngineContext& context, const core::Session& session) {
  timetable_ = timetable_of(settings_, session.date);
  buy_order_.reset();
  for (const core::Timestamp time :
       {timetable_->buy_from, timetable_->buy_until, timetable_->sell_from,
        timetable_->time_exit_from, timetable_->stop_at})
    context.set_timer(time, kEvaluate);
  move_to(context, held(context).is_zero() ? State::Idle : State::Holding);
}

void St0cka::evaluate(kernel::EngineContext& context) {
  if (!timetable_) return;
  if (state_ == State::ExitPending) {
    continue_exit(context);
  } else {
    perform(context, next_action(facts(context), *timetable_, settings_));
  }
}

void St0cka::perform(kernel::EngineContext& context, Action action) {
  switch (action) {
    case Action::None:
      if (state_ == State::Idle)
        context.note_refusal(instrument_, core::Code{"OUTSIDE_WINDOW"}, inputs(context));
      return;
    case Action::Buy: return buy(context);
    case Action::CancelBuy: return cancel_buy(context);
    case Action::PlaceLimit: return place_limit(context);
    case Action::StopLoss: return begin_exit(context, core::Code{"STOP_LOSS"});
    case Action::Shutdown: return begin_exit(context, core::Code{"SHUTDOWN"});
    case Action::TimeExit: return begin_exit(context, core::Code{"TIME_EXIT"});
  }
}

void St0cka::buy(kernel::EngineContext& context) {
  trading::OrderRequest request;
  request.instrument = instrument_;
  request.side = trading::Side::Buy;
  request.purpose = trading::Purpose::Entry;
  request.terms.quantity = kQuantity;
  request.reason = kEntry;
  const auto sent = context.submit(request, inputs(context));
  if (std::holds_alternative<trading::Refused>(sent)) return;  // Tried again at the next event.
  buy_order_ = std::get<core::ClientOrderId>(sent);
  is_cancel_sent_ = false;
  context.set_timer(context.now() + settings_.fill_timeout, kFillTimeout);
  move_to(context, State::BuyPending);
}

void St0cka::cancel_buy(kernel::EngineContext& context) {
  if (is_cancel_sent_ || is_paused(context)) return;
  is_cancel_sent_ = context.cancel(*buy_order_, core::Code{"BUY_TOO_LATE"}, inputs(context));
}

void St0cka::place_limit(kernel::EngineContext& context) {
  if (is_paused(context)) return;
  trading::OrderRequest request;
  request.instrument = instrument_;
  request.side = trading::Side::Sell;
  request.type = trading::OrderType::Limit;
  request.purpose = trading::Purpose::Exit;
  request.terms.quantity = held(context);
  request.terms.limit =
      target_of(*facts(context).entry, context.instrument(instrument_).tick, settings_);
  request.reason = kLimitFill;
  const auto sent = context.submit(request, inputs(context));
  if (std::holds_alternative<trading::Refused>(sent)) return pause_retries(context);
  sell_order_ = std::get<core::ClientOrderId>(sent);
  is_cancel_sent_ = false;
  move_to(context, State::SellWorking);
}

void St0cka::begin_exit(kernel::EngineContext& context, const core::Code& reason) {
  exit_reason_ = reason;
  retry_at_ = {};
  move_to(context, State::ExitPending);
  continue_exit(context);
}

/// Takes the next step to being flat: first the limit must be out of the way, then the market sell
/// goes out. A cancel or sell that was turned down is tried again after a pause.
void St0cka::continue_exit(kernel::EngineContext& context) {
  if (held(context).is_zero()) return move_to(context, State::Done);
  if (is_paused(context)) return;
  if (!sell_order_) return sell_at_market(context);
  if (!is_cancel_sent_)
    is_cancel_sent_ = context.cancel(*sell_order_, exit_reason_, inputs(context));
}

void St0cka::sell_at_market(kernel::EngineContext& context) {
  trading::OrderRequest request;
  request.instrument = instrument_;
  request.side = trading::Side::Sell;
  request.purpose = trading::Purpose::Exit;
  request.terms.quantity = held(context);
  request.reason = exit_reason_;
  const auto sent = context.submit(request, inputs(context));
  if (std::holds_alternative<trading::Refused>(sent)) return pause_retries(context);
  sell_order_ = std::get<core::ClientOrderId>(sent);
  is_cancel_sent_ = true;  // A market sell is never taken back.
}

void St0cka::on_order(kernel::EngineContext& context, const kernel::OrderNews& news) {
  const core::ClientOrderId& id = news.order.intent.client_order_id;
  if (buy_order_ && id == *buy_order_) {
    on_buy_news(context, news);
  } else if (sell_order_ && id == *sell_order_) {
    on_sell_news(context, news);
  }
}

void St0cka::on_buy_news(kernel::EngineContext& context, const kernel::OrderNews& news) {
  if (news.kind == trading::OrderUpdateKind::CancelRejected) {
    is_cancel_sent_ = false;
    pause_retries(context);
  }
  if (news.order.is_open()) return;
  if (held(context).is_zero()) {
    context.warn(core::Code{"BUY_ENDED"},
                 fmt::format("{} was {} ({}); no second buy today", *buy_order_,
                             trading::name_of(news.order.state), news.order.state_reason));
    return move_to(context, State::Done);
  }
  // Also after a cancel that lost the race, and also when we had called it a day.
  if (state_ != State::BuyPending && state_ != State::Done) return;
  move_to(context, State::Holding);
  evaluate(context);
}

void St0cka::on_sell_news(kernel::EngineContext& context, const kernel::OrderNews& news) {
  if (news.kind == trading::OrderUpdateKind::CancelRejected) {
    is_cancel_sent_ = false;
    pause_retries(context);
  }
  if (news.order.is_open()) return;
  sell_order_.reset();
  is_cancel_sent_ = false;
  if (held(context).is_zero()) return move_to(context, State::Done);
  if (state_ == State::SellWorking) {
    pause_retries(context);
    return move_to(context, State::Holding);
  }
  // The limit is out of the way, or the market sell did not get through.
  if (news.order.intent.type == trading::OrderType::Market) pause_retries(context);
  evaluate(context);
}

void St0cka::move_to(kernel::EngineContext& context, State state) {
  if (state == state_ && state != State::Idle) return;
  state_ = state;
  context.note_transition(instrument_, core::Code{name_of(state)}, inputs(context));
}

/// Keeps an exit that was turned down from being sent again with every quote.
void St0cka::pause_retries(kernel::EngineContext& context) {
  retry_at_ = context.now() + settings_.retry_pause;
  context.set_timer(retry_at_, kEvaluate);
}

bool St0cka::is_paused(const kernel::EngineContext& context) const {
  return context.now() < retry_at_;
}

Facts St0cka::facts(const kernel::EngineContext& context) const {
  Facts facts{.state = state_, .now = context.now(), .bid = {}, .entry = {}};
  const auto reading = context.quote(instrument_);
  if (reading.is_fresh()) facts.bid = reading.quote.bid;
  if (const trading::Position* position = context.position(instrument_))
    facts.entry = position->average_price(context.instrument(instrument_).multiplier);
  return facts;
}

kernel::Inputs St0cka::inputs(const kernel::EngineContext& context) const {
  const Facts now = facts(context);
  const auto reading = context.quote(instrument_);
  const auto price_text = [](const std::optional<core::Price>& price) {
    return price ? price->to_string() : std::string{"unavailable"};
  };
  kernel::Inputs inputs{{"state", std::string{name_of(state_)}},
                        {"time", core::format_new_york(now.now)},
                        {"bid", price_text(now.bid)}};
  if (reading.staleness != market::Staleness::Missing)
    inputs.emplace_back("quote_age", fmt::format("{} ms", reading.age.count() / 1'000'000));
  if (now.entry) {
    inputs.emplace_back("entry", now.entry->to_string());
    inputs.emplace_back("stop", (*now.entry - settings_.stop_loss).to_string());
    inputs.emplace_back(
        "target",
        target_of(*now.entry, context.instrument(instrument_).tick, settings_).to_string());
  }
  return inputs;
}

core::Quantity St0cka::held(const kernel::EngineContext& context) const {
  const trading::Position* position = context.position(instrument_);
  return position == nullptr ? core::Quantity{} : position->quantity;
}

}  // namespace st0ck::engines::st0cka
