#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/trading/corporate_terms.hpp"

// What the simulated broker does to resting orders on an ex-date (FINRA Rule 5330).
namespace st0ck::adapters::sim {

namespace {

using market::CorporateAction;
using market::CorporateActionKind;
using trading::OrderUpdateKind;

bool is_reverse(const CorporateAction& action) {
  return action.kind == CorporateActionKind::Split && action.numerator < action.denominator;
}

}  // namespace

void BrokerAccount::on_corporate_action(const CorporateAction& action) {
  Holding& held = holding(action.instrument);
  if (action.kind == CorporateActionKind::CashDividend) {
    cash_ += core::notional(action.amount, held.quantity, core::kUnitMultiplier);
    return;
  }
  if (!held.mark.is_zero())
    held.mark =
        trading::after_split(held.mark, action, core::Price::from_raw(1), core::Rounding::HalfEven);
  const core::Quantity whole = trading::order_after_split(held.quantity, action);
  const core::Quantity fraction = trading::after_split(held.quantity, action) - whole;
  cash_ += core::notional(held.mark, fraction, core::kUnitMultiplier);
  held.quantity = whole;
}

void MatchingEngine::on_corporate_action(const CorporateAction& action) {
  using Verdict = trading::ActionSchedule::Verdict;
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  if (actions_.announce(action, clock_.now()) == Verdict::Apply) carry_out(action);
}

void MatchingEngine::on_session_prepare(const core::Session& session) {
  ST0CK_ASSERT(!is_matching_, "updates are handled after the call that sends them");
  for (const CorporateAction& action : actions_.take_due(session.date)) carry_out(action);
}

void MatchingEngine::carry_out(const CorporateAction& action) {
  account_.on_corporate_action(action);
  if (!has_working_orders(action.instrument)) return;
  InstrumentOrders& book = books_[action.instrument.value()];
  const core::Timestamp now = clock_.now();
  const bool is_split = action.kind == CorporateActionKind::Split;
  if (is_split) groups_.on_split(book, action);
  for (WorkingOrder& order : book) {
    if (order.is_finished) continue;
    if (is_reverse(action)) {
      finish(order, OrderUpdateKind::Cancelled, "REVERSE_SPLIT", now);
      continue;
    }
    const core::Price tick = instruments_[order.instrument].tick;
    const trading::OrderTerms terms =
        trading::terms_after(action, order.side, order.type, order.terms, order.filled, tick);
    if (is_split && order.trailing_stop)
      order.trailing_stop = trading::after_split(
          *order.trailing_stop, action, core::Price::from_raw(1), core::Rounding::HalfEven);
    if (terms == order.terms) continue;
    order.terms = terms;
    report(order, OrderUpdateKind::Replaced, is_split ? "SPLIT" : "EX_DIVIDEND", now);
  }
  book.settle();
}

}  // namespace st0ck::adapters::sim
