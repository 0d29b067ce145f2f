#include "st0ck/adapters/sim/matching_engine.hpp"

// What bars do to orders: FillRules' verdicts, carried out.

#include <algorithm>

namespace st0ck::adapters::sim {

using trading::OrderType;
using trading::TimeInForce;

void MatchingEngine::match_open(const market::Bar& bar) {
  is_matching_ = true;
  InstrumentOrders& book = books_[bar.instrument.value()];
  const bool is_empty_bar = has_nothing_traded(bar);
  for (WorkingOrder& order : book) {
    if (order.is_finished || !takes_part_in_open(order, bar)) continue;
    const Match match = is_empty_bar ? Match{} : rules_.at_open(order, bar.open);
    if (match.triggered) {
      trigger(order);
      order.live_from = bar.start;
    }
    if (match.price) fill(book, order, *match.price, bar);
    if (order.acts_as == OrderType::TrailingStop) trail(order, bar.open);
    if (!order.is_finished && (order.is_immediate() || order.time_in_force == TimeInForce::Opg))
      end_immediate(order, bar.start);
  }
  book.settle();
  is_matching_ = false;
}

void MatchingEngine::match_inside(const market::Bar& bar, InsideRule rule) {
  if (has_nothing_traded(bar)) return;
  is_matching_ = true;
  InstrumentOrders& book = books_[bar.instrument.value()];
  for (WorkingOrder& order : book) {
    if (order.is_finished || waits_for_entry(order)) continue;
    const bool takes_part =
        order.live_from < bar.end && !order.is_immediate() && !order.is_for_auction();
    const Match match = takes_part ? (rules_.*rule)(order, bar) : Match{};
    if (match.price) fill(book, order, *match.price, bar);
    if (match.triggered) {
      trigger(order);
      // What did not fill at its stop price rests, from the next bar on.
      order.live_from = bar.end;
    }
  }
  book.settle();
  is_matching_ = false;
}

bool MatchingEngine::takes_part_in_open(const WorkingOrder& order, const market::Bar& bar) const {
  if (waits_for_entry(order) || order.time_in_force == TimeInForce::Cls) return false;
  if (order.time_in_force != TimeInForce::Opg) return true;
  return session_ && bar.start >= session_->open && order.accepted <= session_->open;
}

/// What the bar as a whole does: it moves trailing stops, and the last one of a session is its
/// closing auction.
void MatchingEngine::finish_bar(const market::Bar& bar) {
  is_matching_ = true;
  InstrumentOrders& book = books_[bar.instrument.value()];
  const bool is_auction = session_ && bar.end == session_->close;
  for (WorkingOrder& order : book) {
    if (order.is_finished || waits_for_entry(order) || order.live_from >= bar.end) continue;
    if (order.acts_as == OrderType::TrailingStop) {
      // Of a bar that was under way only the close is known to come after the order.
      const core::Price best = order.side == trading::Side::Sell ? bar.high : bar.low;
      trail(order, order.live_from > bar.start ? bar.close : best);
    }
    if (!is_auction || order.time_in_force != TimeInForce::Cls) continue;
    const Match match = has_nothing_traded(bar) ? Match{} : rules_.at_close(order, bar.close);
    if (match.price) fill(book, order, *match.price, bar);
    if (!order.is_finished) end_immediate(order, bar.end);
  }
  book.settle();
  is_matching_ = false;
}

bool MatchingEngine::has_nothing_traded(const market::Bar& bar) const {
  return settings_.volume_share_max.is_positive() && !bar.volume.is_positive();
}

/// Fills as much as volume allows, at the bar's start or, if the order came later, when it came.
void MatchingEngine::fill(InstrumentOrders& book, WorkingOrder& order, core::Price price,
                          const market::Bar& bar) {
  const core::Quantity quantity = fillable(book, order, bar);
  const bool is_short = order.time_in_force == TimeInForce::Fok && quantity < order.remaining();
  if (!quantity.is_positive() || is_short) return;
  if (!execute(book, order, price, quantity, std::max(bar.start, order.live_from))) return;
  if (settings_.volume_share_max.is_positive()) book.take(quantity);
}

core::Quantity MatchingEngine::fillable(InstrumentOrders& book, const WorkingOrder& order,
                                        const market::Bar& bar) const {
  const core::Quantity most = open_quantity(order);
  if (settings_.volume_share_max.is_zero()) return most;
  return std::min(most, book.fillable(bar, settings_.volume_share_max));
}

}  // namespace st0ck::adapters::sim
