#include "st0ck/adapters/sim/fill_rules.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

using core::Price;
using trading::OrderType;
using trading::Side;

Price worse(Side side, Price a, Price b) {
  return side == Side::Buy ? std::max(a, b) : std::min(a, b);
}

Price better(Side side, Price a, Price b) {
  return side == Side::Buy ? std::min(a, b) : std::max(a, b);
}

bool reaches(LimitFill limit_fill, Side side, Price price, Price limit) {
  return is_within(side, price, limit) && (limit_fill == LimitFill::Touch || price != limit);
}

/// What a stop-limit does at the price that triggers it. It takes what is there, so its limit
/// itself is good enough, and slippage goes no further than the limit.
Match triggered_limit(const SlippageModel& slippage, const WorkingOrder& order, Price price) {
  const Price limit = *order.terms.limit;
  if (!is_within(order.side, price, limit)) return {.triggered = true};
  const Price slipped = slippage.slipped(order.side, price);
  return {.triggered = true, .price = better(order.side, slipped, limit)};
}

/// The price at which a bar hits a stop that it has reached. An order accepted in the middle of
/// the bar may have been triggered by what came before it; believing so is the careful choice,
/// but at no price that the bar did not see.
Price stop_price_inside(const WorkingOrder& order, const market::Bar& bar) {
  const Price stop = *order.stop();
  if (order.live_from <= bar.start) return worse(order.side, stop, bar.open);
  return order.side == Side::Buy ? std::max(stop, bar.low) : std::min(stop, bar.high);
}

}  // namespace

bool triggers(Side side, Price price, Price stop) {
  return side == Side::Buy ? price >= stop : price <= stop;
}

bool is_within(Side side, Price price, Price limit) {
  return side == Side::Buy ? price <= limit : price >= limit;
}

void trigger(WorkingOrder& order) {
  order.acts_as = order.acts_as == OrderType::StopLimit ? OrderType::Limit : OrderType::Market;
}

Match FillRules::at_open(const WorkingOrder& order, Price open) const {
  const Side side = order.side;
  switch (order.acts_as) {
    case OrderType::Market: return {.price = slippage.slipped(side, open)};
    case OrderType::Limit:
      if (reaches(limit_fill, side, open, *order.terms.limit)) return {.price = open};
      return {};
    case OrderType::Stop:
    case OrderType::TrailingStop:
      if (!order.stop() || !triggers(side, open, *order.stop())) return {};
      return {.triggered = true, .price = slippage.slipped(side, open)};
    case OrderType::StopLimit:
      if (!triggers(side, open, *order.terms.stop)) return {};
      return triggered_limit(slippage, order, open);
  }
  return {};
}

Match FillRules::stop_inside(const WorkingOrder& order, const market::Bar& bar) const {
  if (!is_stop(order.acts_as) || !order.stop()) return {};
  const Price extreme = order.side == Side::Buy ? bar.high : bar.low;
  if (!triggers(order.side, extreme, *order.stop())) return {};
  const Price price = stop_price_inside(order, bar);
  if (order.acts_as == OrderType::StopLimit) return triggered_limit(slippage, order, price);
  return {.triggered = true, .price = slippage.slipped(order.side, price)};
}

Match FillRules::at_close(const WorkingOrder& order, Price close) const {
  if (order.acts_as == OrderType::Market) return {.price = slippage.slipped(order.side, close)};
  const bool is_met =
      order.acts_as == OrderType::Limit && is_within(order.side, close, *order.terms.limit);
  return is_met ? Match{.price = close} : Match{};
}

Match FillRules::limit_inside(const WorkingOrder& order, const market::Bar& bar) const {
  if (order.acts_as != OrderType::Limit) return {};
  const Price limit = *order.terms.limit;
  if (order.live_from > bar.start) {
    // Of a bar that was under way only the close is known to come after the order.
    if (!reaches(limit_fill, order.side, bar.close, limit)) return {};
    return {.price = limit};
  }
  const Price extreme = order.side == Side::Buy ? bar.low : bar.high;
  if (!reaches(limit_fill, order.side, extreme, limit)) return {};
  return {.price = better(order.side, limit, bar.open)};
}

void trail(WorkingOrder& order, Price price) {
  const Price distance = order.terms.trail
                             ? *order.terms.trail
                             : core::scaled_to_tick(price, *order.terms.trail_rate,
                                                    Price::from_raw(1), core::Rounding::HalfEven);
  const Price stop = order.side == Side::Sell ? price - distance : price + distance;
  const bool is_closer =
      !order.trailing_stop ||
      (order.side == Side::Sell ? stop > *order.trailing_stop : stop < *order.trailing_stop);
  if (is_closer) order.trailing_stop = stop;
}

}  // namespace st0ck::adapters::sim
