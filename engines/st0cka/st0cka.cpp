#include "engines/st0cka/st0cka.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::engines::st0cka {

namespace {

const core::Code kOutsideWindow{"OUTSIDE_WINDOW"};

}  // namespace

St0cka::St0cka(Settings settings, core::InstrumentId instrument)
    : settings_{settings}, instrument_{instrument} {
  const auto count = is_simple() ? 1U : static_cast<std::uint32_t>(settings_.lots_max);
  const auto books = is_simple() ? Lot::Books::Ledger : Lot::Books::Own;
  for (std::uint32_t number = 0; number < count; ++number)
    lots_.emplace_back(settings_, instrument_, number, books);
}

std::vector<market::DataNeed> St0cka::needs() const {
  return {{instrument_, market::DataKind::Quotes, settings_.quote_age_max}};
}

void St0cka::on_session_phase(kernel::EngineContext& context, const market::SessionPhase& phase) {
  if (phase.phase == market::Phase::Prepare) begin_session(context, phase.session);
  if (phase.phase == market::Phase::Open) evaluate(context);
  note_waiting(context);
}

void St0cka::on_quote(kernel::EngineContext& context, const market::Quote&) { evaluate(context); }

void St0cka::on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) {
  if (topic >= kFillTimeout) lots_[topic - kFillTimeout].on_fill_timeout(context);
  evaluate(context);
  note_waiting(context);
}

void St0cka::begin_session(kernel::EngineContext& context, const core::Session& session) {
  timetable_ = timetable_of(settings_, session);
  losses_in_row_ = 0;
  last_buy_.reset();
  refusal_ = {};
  for (const core::Timestamp time :
       {timetable_->buy_from, timetable_->buy_until, timetable_->sell_from,
        timetable_->time_exit_from, timetable_->stop_at})
    context.set_timer(time, kEvaluate);
  for (Lot& lot : lots_) lot.begin_session(context, *timetable_);
}

void St0cka::evaluate(kernel::EngineContext& context) {
  if (!timetable_) return;
  if (is_simple()) return lots_.front().evaluate(context);
  for (Lot& lot : lots_)
    if (!lot.is_free(context)) lot.evaluate(context);
  buy_lot(context);
}

void St0cka::note_waiting(kernel::EngineContext& context) {
  if (is_simple()) lots_.front().note_waiting(context);
}

/// Buys the next lot of advanced mode where nothing speaks against it. Outside the window, where
/// most quotes come, that is known at once.
void St0cka::buy_lot(kernel::EngineContext& context) {
  if (refusal_ == kOutsideWindow && !is_in_buy_window(context.now(), *timetable_)) return;
  const LotFacts facts = lot_facts(context);
  if (const auto code = why_no_lot(facts, *timetable_, settings_))
    return note_refusal(context, *code, facts);
  const auto free = std::find_if(lots_.begin(), lots_.end(),
                                 [&](const Lot& lot) { return lot.is_free(context); });
  if (!free->buy(context)) return;
  refusal_ = {};
  last_buy_ = context.now();
  context.set_timer(context.now() + settings_.buy_pause, kEvaluate);
}

LotFacts St0cka::lot_facts(const kernel::EngineContext& context) const {
  LotFacts facts;
  facts.now = context.now();
  facts.last_buy = last_buy_;
  facts.losses_in_row = losses_in_row_;
  facts.open_lots = std::count_if(lots_.begin(), lots_.end(),
                                  [&](const Lot& lot) { return !lot.is_free(context); });
  const trading::BotDay day = context.day();
  facts.realized = day.realized_pnl - day.fees;
  facts.lot_risk = core::notional(settings_.stop_loss, core::Quantity::whole(1),
                                  context.instrument(instrument_).multiplier);
  return facts;
}

/// Written down when the reason changes, as quotes come by the thousand.
void St0cka::note_refusal(kernel::EngineContext& context, const core::Code& code,
                          const LotFacts& facts) {
  if (code == refusal_) return;
  refusal_ = code;
  context.note_refusal(instrument_, code,
                       {{"open_lots", std::to_string(facts.open_lots)},
                        {"realized", facts.realized.to_string()},
                        {"losses_in_row", std::to_string(facts.losses_in_row)},
                        {"lot_risk", facts.lot_risk.to_string()},
                        {"loss_budget", settings_.loss_budget.to_string()}});
}

void St0cka::on_order(kernel::EngineContext& context, const kernel::OrderNews& news) {
  if (is_simple()) return lots_.front().on_order(context, news);
  const core::ClientOrderId& id = news.order.intent.client_order_id;
  const auto owner =
      std::find_if(lots_.begin(), lots_.end(), [&](const Lot& lot) { return lot.owns(id); });
  if (owner != lots_.end()) {
    owner->on_order(context, news);
  } else if (news.fill) {
    share_out(context, *news.fill);
  }
  count_results();
  if (timetable_) buy_lot(context);
}

/// An order that no lot has sent filled: what it sold is taken from the lots, the first first, and
/// what remains of it, or what it bought, goes to the first lot.
void St0cka::share_out(kernel::EngineContext& context, const trading::Fill& fill) {
  core::Quantity rest = fill.quantity;
  for (Lot& lot : lots_) {
    if (fill.side == trading::Side::Buy || rest.is_zero()) break;
    const core::Quantity part = std::min(rest, std::max(lot.held(context), core::Quantity{}));
    rest -= part;
    if (part.is_positive()) lot.on_outside_fill(context, fill, part);
  }
  if (rest.is_positive()) lots_.front().on_outside_fill(context, fill, rest);
}

/// A lot that was sold for what it cost neither lengthens the row of losses nor ends it.
void St0cka::count_results() {
  for (Lot& lot : lots_) {
    const auto result = lot.take_result();
    if (!result || result->is_zero()) continue;
    losses_in_row_ = result->is_negative() ? losses_in_row_ + 1 : 0;
  }
}

void St0cka::on_corporate_action(kernel::EngineContext&, const market::CorporateAction& action) {
  if (action.kind != market::CorporateActionKind::Split) return;
  for (Lot& lot : lots_) lot.split(action.numerator, action.denominator);
}

}  // namespace st0ck::engines::st0cka
