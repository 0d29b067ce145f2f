#include "engines/st0cka/lot.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/time_text.hpp"

#include <algorithm>

namespace st0ck::engines::st0cka {

namespace {

constexpr core::Quantity kQuantity = core::Quantity::whole(1);

const core::Code kEntry{"ENTRY"};
const core::Code kLimitFill{"LIMIT_FILL"};

/// `a-st0cka-20190211-2 was rejected (NO_FUNDS)`.
std::string end_of(const kernel::OrderNews& news) {
  const core::Code& reason = news.order.state_reason;
  return fmt::format("{} was {}{}", news.order.intent.client_order_id,
                     trading::name_of(news.order.state),
                     reason.empty() ? std::string{} : fmt::format(" ({})", reason));
}

}  // namespace

Lot::Lot(const Settings& settings, core::InstrumentId instrument, std::uint32_t number, Books books)
    : settings_{settings},
      instrument_{instrument},
      number_{number},
      books_{books},
      retry_pause_{settings.retry_pause, settings.retry_pause_max} {}

bool Lot::is_free(const kernel::EngineContext& context) const {
  return (state_ == State::Idle || state_ == State::Done) && !has_open_order() &&
         held(context).is_zero();
}

bool Lot::owns(const core::ClientOrderId& order) const {
  return std::find(orders_.begin(), orders_.end(), order) != orders_.end();
}

/// What an earlier session left is taken over: a share that is held, and orders that may still
/// fill, whose end is awaited before anything else.
void Lot::begin_session(kernel::EngineContext& context, const Timetable& timetable) {
  timetable_ = timetable;
  if (has_open_order()) return;
  orders_.clear();
  if (held(context).is_zero()) return move_to(context, State::Idle);
  if (!finish_when_sold(context)) move_to(context, State::Holding);
}

void Lot::on_fill_timeout(kernel::EngineContext& context) {
  if (state_ == State::BuyPending)
    context.warn(core::Code{"BUY_NOT_FILLED"},
                 fmt::format("{} has not filled in {} s; still watching it", *buy_order_,
                             settings_.fill_timeout.count() / 1'000'000'000));
}

void Lot::evaluate(kernel::EngineContext& context) {
  if (!timetable_) return;
  if (state_ == State::ExitPending) {
    continue_exit(context);
  } else {
    perform(context, next_action(facts(context), *timetable_, settings_));
  }
}

void Lot::perform(kernel::EngineContext& context, Action action) {
  switch (action) {
    case Action::None: return;
    case Action::Buy: buy(context); return;
    case Action::CancelBuy: return cancel_buy(context);
    case Action::PlaceLimit: return place_limit(context);
    case Action::StopLoss: return begin_exit(context, core::Code{"STOP_LOSS"});
    case Action::Shutdown: return begin_exit(context, core::Code{"SHUTDOWN"});
    case Action::TimeExit: return begin_exit(context, core::Code{"TIME_EXIT"});
  }
}

/// Only a moment of the timetable changes that, so that quotes, which come by the thousand, cost
/// nothing here.
void Lot::note_waiting(kernel::EngineContext& context) {
  if (!timetable_ || state_ != State::Idle) return;
  if (next_action(facts(context), *timetable_, settings_) == Action::None)
    context.note_refusal(instrument_, core::Code{"OUTSIDE_WINDOW"}, inputs(context));
}

bool Lot::buy(kernel::EngineContext& context) {
  trading::OrderRequest request;
  request.instrument = instrument_;
  request.side = trading::Side::Buy;
  request.purpose = trading::Purpose::Entry;
  request.terms.quantity = kQuantity;
  request.reason = kEntry;
  const auto sent = context.submit(request, inputs(context));
  if (std::holds_alternative<trading::Refused>(sent)) return false;  // Tried at the next event.
  buy_order_ = std::get<core::ClientOrderId>(sent);
  retry_pause_.reset();  // What was refused for an earlier position is no reason any more.
  orders_.push_back(*buy_order_);
  is_cancel_sent_ = false;
  context.set_timer(context.now() + settings_.fill_timeout, kFillTimeout + number_);
  move_to(context, State::BuyPending);
  return true;
}

void Lot::cancel_buy(kernel::EngineContext& context) {
  if (is_cancel_sent_ || retry_pause_.is_under_way(context.now())) return;
  is_cancel_sent_ = context.cancel(*buy_order_, core::Code{"BUY_TOO_LATE"}, inputs(context));
}

void Lot::place_limit(kernel::EngineContext& context) {
  if (retry_pause_.is_under_way(context.now())) return;
  trading::OrderRequest request = sell_request(context, kLimitFill);
  request.type = trading::OrderType::Limit;
  request.terms.limit =
      target_of(*facts(context).entry, context.instrument(instrument_).tick, settings_);
  limit_order_ = send_exit(context, request);
  if (!limit_order_) return;
  is_cancel_sent_ = false;
  move_to(context, State::SellWorking);
}

void Lot::begin_exit(kernel::EngineContext& context, const core::Code& reason) {
  exit_reason_ = reason;
  retry_pause_.reset();
  move_to(context, State::ExitPending);
  continue_exit(context);
}

/// Takes the next step to being flat: first the limit must be out of the way, then the market sell
/// goes out, which is never taken back. What was turned down is tried again after a pause.
void Lot::continue_exit(kernel::EngineContext& context) {
  if (finish_when_sold(context) || exit_order_ || retry_pause_.is_under_way(context.now())) return;
  if (!limit_order_) {
    exit_order_ = send_exit(context, sell_request(context, exit_reason_));
  } else if (!is_cancel_sent_) {
    is_cancel_sent_ = context.cancel(*limit_order_, exit_reason_, inputs(context));
  }
}

trading::OrderRequest Lot::sell_request(const kernel::EngineContext& context,
                                        const core::Code& reason) const {
  trading::OrderRequest request;
  request.instrument = instrument_;
  request.side = trading::Side::Sell;
  request.purpose = trading::Purpose::Exit;
  request.terms.quantity = held(context);
  request.reason = reason;
  return request;
}

std::optional<core::ClientOrderId> Lot::send_exit(kernel::EngineContext& context,
                                                  const trading::OrderRequest& request) {
  const auto sent = context.submit(request, inputs(context));
  if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) {
    orders_.push_back(*id);
    return *id;
  }
  context.warn(
      core::Code{"EXIT_REFUSED"},
      fmt::format("the risk manager refuses to sell {} {} for {}: {}",
                  request.terms.quantity.to_string(), context.instrument(instrument_).symbol,
                  request.reason, std::get<trading::Refused>(sent).code));
  pause_retries(context);
  return std::nullopt;
}

void Lot::on_order(kernel::EngineContext& context, const kernel::OrderNews& news) {
  const core::ClientOrderId& id = news.order.intent.client_order_id;
  if (news.fill && owns(id))
    book_.apply(news.fill->side, news.fill->quantity, news.fill->notional, news.fill->fee);
  if (buy_order_ == id) {
    on_buy_news(context, news);
  } else if (limit_order_ == id) {
    on_limit_news(context, news);
  } else if (exit_order_ == id) {
    on_exit_news(context, news);
  } else if (news.fill) {
    owns(id) ? on_late_fill(context) : notice_outside_fill(context);
  }
}

void Lot::on_buy_news(kernel::EngineContext& context, const kernel::OrderNews& news) {
  notice_lost_cancel(context, news.order);
  if (news.order.is_open()) return;
  buy_order_.reset();
  if (held(context).is_zero()) {
    context.warn(
        core::Code{"BUY_ENDED"},
        fmt::format("{}; {}", end_of(news),
                    books_ == Books::Ledger ? "no second buy today" : "the lot is free again"));
    return move_to(context, State::Done);
  }
  // Also after a cancel that lost the race.
  move_to(context, State::Holding);
  evaluate(context);
}

void Lot::on_limit_news(kernel::EngineContext& context, const kernel::OrderNews& news) {
  notice_lost_cancel(context, news.order);
  if (news.order.is_open()) return;
  limit_order_.reset();
  if (finish_when_sold(context)) return;
  if (state_ == State::SellWorking) {
    if (news.order.state != trading::OrderState::Filled) warn_of_end(context, news);
    move_to(context, State::Holding);
  }
  evaluate(context);
}

void Lot::on_exit_news(kernel::EngineContext& context, const kernel::OrderNews& news) {
  if (news.order.is_open()) return;
  exit_order_.reset();
  if (finish_when_sold(context)) return;
  if (news.order.state != trading::OrderState::Filled) warn_of_end(context, news);
  evaluate(context);
}

void Lot::on_outside_fill(kernel::EngineContext& context, const trading::Fill& fill,
                          core::Quantity quantity) {
  const core::Multiplier multiplier = context.instrument(instrument_).multiplier;
  book_.apply(fill.side, quantity, core::notional(fill.price, quantity, multiplier), {});
  notice_outside_fill(context);
}

/// What somebody else has sold is ours no more, and our limit must not sell it again.
void Lot::notice_outside_fill(kernel::EngineContext& context) {
  const bool is_over = state_ == State::Idle || state_ == State::Done;
  if (held(context).is_positive() || is_over || buy_order_ || exit_order_)
    return on_late_fill(context);
  finish_when_sold(context);
  if (limit_order_ && !is_cancel_sent_)
    is_cancel_sent_ = context.cancel(*limit_order_, core::Code{"NOTHING_HELD"}, inputs(context));
}

/// An order filled that was believed dead: what it bought is sold like any other share.
void Lot::on_late_fill(kernel::EngineContext& context) {
  if (held(context).is_negative()) {
    finish_when_sold(context);
  } else if (held(context).is_positive() && (state_ == State::Idle || state_ == State::Done)) {
    move_to(context, State::Holding);
    evaluate(context);
  }
}

/// An order that works after a cancel was sent, because the cancel was refused or got lost, is
/// cancelled again after the pause.
void Lot::notice_lost_cancel(kernel::EngineContext& context, const trading::Order& order) {
  if (!is_cancel_sent_ || order.state != trading::OrderState::Working) return;
  is_cancel_sent_ = false;
  pause_retries(context);
}

/// A sell ended that nobody had cancelled: it is tried again after the pause.
void Lot::warn_of_end(kernel::EngineContext& context, const kernel::OrderNews& news) {
  context.warn(core::Code{"SELL_ENDED"}, fmt::format("{}; it is sent again", end_of(news)));
  pause_retries(context);
}

/// Whether there is nothing left to sell; the day is over then. Being short, which takes a broker
/// that fills what it had confirmed as cancelled, is left to people.
bool Lot::finish_when_sold(kernel::EngineContext& context) {
  const core::Quantity quantity = held(context);
  if (quantity.is_positive()) return false;
  if (quantity.is_negative())
    context.warn(core::Code{"OVERSOLD"},
                 fmt::format("{} {} are short; nothing is done about it",
                             quantity.abs().to_string(), context.instrument(instrument_).symbol));
  move_to(context, State::Done);
  return true;
}

void Lot::move_to(kernel::EngineContext& context, State state) {
  if (state == state_ && state != State::Idle) return;
  state_ = state;
  context.note_transition(instrument_, core::Code{name_of(state)}, inputs(context));
}

/// Keeps an exit that was turned down from being sent again with every quote.
void Lot::pause_retries(kernel::EngineContext& context) {
  context.set_timer(retry_pause_.begin(context.now()), kEvaluate);
}

Facts Lot::facts(const kernel::EngineContext& context) const {
  Facts facts{.state = state_, .now = context.now(), .bid = {}, .entry = {}};
  const auto reading = context.quote(instrument_);
  if (reading.is_fresh()) facts.bid = reading.quote.bid;
  facts.entry = entry(context);
  return facts;
}

std::optional<core::Price> Lot::entry(const kernel::EngineContext& context) const {
  const core::Multiplier multiplier = context.instrument(instrument_).multiplier;
  if (books_ == Books::Own) return book_.entry(multiplier);
  const trading::Position* position = context.position(instrument_);
  return position == nullptr ? std::nullopt : position->average_price(multiplier);
}

kernel::Inputs Lot::inputs(const kernel::EngineContext& context) const {
  const Facts now = facts(context);
  const auto reading = context.quote(instrument_);
  const auto price_text = [](const std::optional<core::Price>& price) {
    return price ? price->to_string() : std::string{"unavailable"};
  };
  kernel::Inputs inputs{{"state", std::string{name_of(state_)}},
                        {"time", core::format_new_york(now.now)},
                        {"bid", price_text(now.bid)}};
  if (books_ == Books::Own) inputs.emplace_back("lot", std::to_string(number_ + 1));
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

core::Quantity Lot::held(const kernel::EngineContext& context) const {
  if (books_ == Books::Own) return book_.held();
  const trading::Position* position = context.position(instrument_);
  return position == nullptr ? core::Quantity{} : position->quantity;
}

}  // namespace st0ck::engines::st0cka
