#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/volume_share.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/market/sale_conditions.hpp"

#include <algorithm>
#include <utility>

// What quotes and prints do to orders.

namespace st0ck::adapters::sim {

using trading::OrderType;
using trading::Side;
using trading::TimeInForce;

namespace {

constexpr char kOpening = 'O';
constexpr char kReopening = '5';
constexpr char kClosing = '6';
constexpr char kOffExchange = 'D';
constexpr core::Rate kWhole = core::Rate::whole(1);

/// Which auction a print is of, or a blank.
char auction_of(const market::Trade& trade) {
  for (const char letter : trade.conditions.view())
    if (letter == kOpening || letter == kReopening || letter == kClosing) return letter;
  return ' ';
}

}  // namespace

TickState& MatchingEngine::tick_state(core::InstrumentId instrument) {
  if (instrument.value() >= ticks_.size()) ticks_.resize(instrument.value() + 1);
  return ticks_[instrument.value()];
}

const TickState* MatchingEngine::known_tick_state(core::InstrumentId instrument) const {
  return instrument.value() < ticks_.size() ? &ticks_[instrument.value()] : nullptr;
}

void MatchingEngine::on_quote(const market::Quote& quote) {
  TickState& state = tick_state(quote.instrument);
  state.on_quote(quote);
  if (!has_working_orders(quote.instrument)) return;
  InstrumentOrders& book = books_[quote.instrument.value()];
  if (book.may_react_to_quote(quote.bid, quote.ask)) match_quote(book, state);
}

void MatchingEngine::on_trading_status(const market::TradingStatus& status) {
  tick_state(status.instrument).on_status(status);
}

void MatchingEngine::on_trade(const market::Trade& trade) {
  if (!effect_of(trade.conditions).last || defect_of(trade)) return;
  TickState& state = tick_state(trade.instrument);
  const char auction = auction_of(trade);
  if (auction == ' ' && !is_in_session(trade.time)) return;
  state.last = trade.price;
  account_.mark(trade.instrument, trade.price);
  // Where a market has no opening auction its first sale opens it.
  const bool opens = !state.is_continuous && auction == ' ' && !state.is_halted;
  state.is_continuous = auction != kClosing && (state.is_continuous || opens || auction != ' ');
  if (!has_working_orders(trade.instrument)) return;
  InstrumentOrders& book = books_[trade.instrument.value()];
  if (auction != ' ') return match_auction(book, state, trade, auction);
  if (opens) match_quote(book, state);
  if (state.is_halted || !state.is_continuous || !book.may_react_to_print(trade.price)) return;
  reach_stops(book, state, trade.price);
  if (trade.exchange != kOffExchange) fill_resting(book, state, trade);
}

/// What has just come in meets the market of the moment.
void MatchingEngine::arrive(core::InstrumentId instrument) {
  if (!follows_ticks_) return;
  TickState& state = tick_state(instrument);
  InstrumentOrders& book = book_of(instrument);
  if (state.is_matching()) return match_quote(book, state);
  for (WorkingOrder& order : book)
    if (order.is_immediate() && !order.is_finished) end_immediate(order, clock_.now());
  book.settle();
}

void MatchingEngine::match_quote(InstrumentOrders& book, TickState& state) {
  if (!state.is_matching()) return;
  is_matching_ = true;
  for (WorkingOrder& order : book) {
    if (order.is_finished || order.is_for_auction() || waits_for_entry(order)) continue;
    meet_quote(book, order, state);
    if (order.is_immediate() && !order.is_finished) end_immediate(order, clock_.now());
  }
  book.settle();
  is_matching_ = false;
}

void MatchingEngine::meet_quote(InstrumentOrders& book, WorkingOrder& order, TickState& state) {
  if (order.acts_as == OrderType::TrailingStop && !order.trailing_stop && state.last)
    return trail(order, *state.last);
  if (is_stop(order.acts_as)) return;
  const bool was_resting = std::exchange(order.is_resting, order.acts_as == OrderType::Limit);
  if (!was_resting) take(book, order, state);
  find_place_in_queue(order, state);
  if (was_resting) fill_crossed(book, order, state);
}

/// Takes what the quote shows, and what is assumed behind it, as far as the order's limit goes.
void MatchingEngine::take(InstrumentOrders& book, WorkingOrder& order, TickState& state) {
  const bool is_limit = order.acts_as == OrderType::Limit;
  const auto limit = is_limit ? order.terms.limit : std::optional<core::Price>{};
  QuoteDepth depth{state, order.side, instruments_[order.instrument].tick};
  if (order.time_in_force == TimeInForce::Fok && depth.until(limit) < order.remaining()) return;
  while (!order.is_finished) {
    const auto level = depth.best();
    if (!level || (limit && !is_within(order.side, level->price, *limit))) return;
    if (!state.is_inside_bands(level->price)) return;
    const core::Quantity quantity = std::min(allowed(order, level->price, state), level->quantity);
    if (!quantity.is_positive()) return;
    const core::Price price =
        is_limit ? level->price : rules_.slippage.slipped(order.side, level->price);
    depth.take(quantity);
    if (!execute(book, order, price, quantity, clock_.now())) return;
  }
}

/// The market has come through a limit that rests: who came took it at its own price.
void MatchingEngine::fill_crossed(InstrumentOrders& book, WorkingOrder& order, TickState& state) {
  if (!order.rests_at) return;
  const core::Price limit = *order.rests_at;
  QuoteDepth depth{state, order.side, instruments_[order.instrument].tick};
  const auto level = depth.best();
  if (!level || !is_within(order.side, level->price, limit)) return;
  const core::Quantity quantity = std::min(allowed(order, limit, state), depth.until(limit));
  if (!quantity.is_positive() || !state.is_inside_bands(limit)) return;
  depth.take(quantity);
  execute(book, order, limit, quantity, clock_.now());
}

/// Where an order that took what it could rests: at its limit, a short sale under Rule 201 a tick
/// above the bid at the lowest. A market order rests only there.
std::optional<core::Price> MatchingEngine::resting_price(const WorkingOrder& order,
                                                         const TickState& state) const {
  const auto limit = order.acts_as == OrderType::Limit ? order.terms.limit : std::nullopt;
  const bool is_held_back = state.is_short_sale_restricted && order.side == Side::Sell &&
                            account_.position(order.instrument) < open_quantity(order);
  if (!is_held_back) return limit;
  const core::Price bid = state.quote->bid;
  const core::Price permitted = bid + step_at(bid, instruments_[order.instrument].tick);
  return std::max(limit.value_or(permitted), permitted);
}

/// An order at the best price stands behind what is shown there when it comes, and those before it
/// are never more than what is shown; one that makes a better price stands first.
void MatchingEngine::find_place_in_queue(WorkingOrder& order, const TickState& state) const {
  const auto price = resting_price(order, state);
  if (order.rests_at != price) order.queue_ahead.reset();
  order.rests_at = price;
  if (!price) return;
  const bool buys = order.side == Side::Buy;
  const core::Price best = buys ? state.quote->bid : state.quote->ask;
  if (*price == best) {
    const core::Volume shown = buys ? state.quote->bid_size : state.quote->ask_size;
    order.queue_ahead = order.queue_ahead ? std::min(*order.queue_ahead, whole_share(shown, kWhole))
                                          : whole_share(shown, settings_.queue_ahead);
  } else if (is_within(order.side, best, *price)) {
    order.queue_ahead = core::Quantity{};
  }
}

/// What may fill at `price`: under Rule 201 nothing is sold short at the bid or below.
core::Quantity MatchingEngine::allowed(const WorkingOrder& order, core::Price price,
                                       const TickState& state) const {
  const core::Quantity most = open_quantity(order);
  if (!state.is_short_sale_restricted || order.side == Side::Buy) return most;
  if (state.quote && price > state.quote->bid) return most;
  return std::min(most, std::max(account_.position(order.instrument), core::Quantity{}));
}

void MatchingEngine::reach_stops(InstrumentOrders& book, TickState& state, core::Price price) {
  bool is_any_reached = false;
  for (WorkingOrder& order : book) {
    if (order.is_finished || !is_stop(order.acts_as) || waits_for_entry(order)) continue;
    if (order.stop() && triggers(order.side, price, *order.stop())) {
      trigger(order);
      order.live_from = clock_.now();
      is_any_reached = true;
    } else if (order.acts_as == OrderType::TrailingStop) {
      trail(order, price);
    }
  }
  if (is_any_reached) match_quote(book, state);
}

/// A print at a limit's price goes first to the queue before it; one beyond it has taken all that
/// stood at it.
void MatchingEngine::fill_resting(InstrumentOrders& book, const TickState& state,
                                  const market::Trade& trade) {
  const bool is_bounded = settings_.volume_share_max.is_positive();
  core::Quantity left = whole_share(trade.size, is_bounded ? settings_.volume_share_max : kWhole);
  is_matching_ = true;
  for (WorkingOrder& order : book) {
    // What came in this moment, or through this very print, did not stand there before it.
    const bool stands = order.rests_at && order.live_from < trade.time && !order.is_for_auction();
    if (order.is_finished || !stands || waits_for_entry(order)) continue;
    const core::Price price = *order.rests_at;
    if (!is_within(order.side, trade.price, price)) continue;
    core::Quantity reaching = left;
    if (trade.price == price) {
      if (!order.queue_ahead) continue;
      const core::Quantity size = whole_share(trade.size, kWhole);
      const core::Quantity before = std::min(*order.queue_ahead, size);
      *order.queue_ahead -= before;
      reaching = std::min(left, size - before);
    }
    const core::Quantity quantity = std::min(allowed(order, price, state), reaching);
    if (!quantity.is_positive()) continue;
    left -= quantity;
    execute(book, order, price, quantity, clock_.now());
  }
  book.settle();
  is_matching_ = false;
}

bool MatchingEngine::takes_part_in_auction(const WorkingOrder& order, char auction) const {
  if (waits_for_entry(order)) return false;
  if (order.time_in_force == TimeInForce::Cls) return auction == kClosing;
  if (order.time_in_force == TimeInForce::Opg)
    return auction == kOpening && session_ && order.accepted <= session_->open;
  return true;
}

/// All that may trade at an auction's one price does, in the order of arrival. Limits at that very
/// price fill where they are for the auction; others may have been left out.
void MatchingEngine::match_auction(InstrumentOrders& book, const TickState& state,
                                   const market::Trade& trade, char auction) {
  const bool is_bounded = settings_.volume_share_max.is_positive();
  core::Quantity left =
      is_bounded ? whole_share(trade.size, settings_.volume_share_max) : core::Quantity::max();
  is_matching_ = true;
  for (WorkingOrder& order : book) {
    if (order.is_finished || !takes_part_in_auction(order, auction)) continue;
    order.is_resting = true;
    if (is_stop(order.acts_as) && order.stop() && triggers(order.side, trade.price, *order.stop()))
      trigger(order);
    if (order.acts_as == OrderType::TrailingStop) trail(order, trade.price);
    if (is_stop(order.acts_as)) continue;
    const bool is_at_limit = order.acts_as == OrderType::Limit && trade.price == order.terms.limit;
    const bool is_met = order.acts_as == OrderType::Market ||
                        is_within(order.side, trade.price, *order.terms.limit);
    const bool may_miss =
        is_at_limit && !order.is_for_auction() && settings_.limit_fill == LimitFill::Through;
    const core::Quantity quantity = std::min(allowed(order, trade.price, state), left);
    if (is_met && !may_miss && quantity.is_positive()) {
      left -= quantity;
      execute(book, order, trade.price, quantity, clock_.now());
    }
    if (!order.is_finished && order.is_for_auction()) end_immediate(order, clock_.now());
  }
  book.settle();
  is_matching_ = false;
}

}  // namespace st0ck::adapters::sim
