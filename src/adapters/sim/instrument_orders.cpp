#include "st0ck/adapters/sim/instrument_orders.hpp"

#include "st0ck/adapters/sim/volume_share.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

using trading::OrderType;
using trading::Side;

bool is_at(const WorkingOrder& order, const core::ClientOrderId& id) {
  return order.client_order_id == id;
}

}  // namespace

WorkingOrder* InstrumentOrders::find(const core::ClientOrderId& id) {
  const auto found = std::find_if(orders_.begin(), orders_.end(),
                                  [&](const WorkingOrder& order) { return is_at(order, id); });
  return found == orders_.end() ? nullptr : &*found;
}

void InstrumentOrders::add(const WorkingOrder& order) {
  orders_.push_back(order);
  learn(order);
}

void InstrumentOrders::move_to_back(const core::ClientOrderId& id) {
  const auto found = std::find_if(orders_.begin(), orders_.end(),
                                  [&](const WorkingOrder& order) { return is_at(order, id); });
  if (found != orders_.end()) std::rotate(found, found + 1, orders_.end());
}

void InstrumentOrders::settle() {
  std::erase_if(orders_, [](const WorkingOrder& order) { return order.is_finished; });
  waiting_for_open_ = 0;
  not_resting_ = 0;
  reacts_at_or_below_ = core::Price{};
  reacts_at_or_above_ = core::Price::max();
  for (const WorkingOrder& order : orders_) learn(order);
}

void InstrumentOrders::learn(const WorkingOrder& order) {
  if (order.is_for_auction() || order.acts_as == OrderType::TrailingStop) {
    // Any bar may be the auction, and any price moves a trailing stop.
    ++waiting_for_open_;
    reacts_at_or_below_ = core::Price::max();
    return;
  }
  if (order.acts_as == OrderType::Market || order.is_immediate()) {
    ++waiting_for_open_;
    return;
  }
  const bool is_limit = order.acts_as == OrderType::Limit;
  if (is_limit && !order.is_resting) ++not_resting_;
  const core::Price price = is_limit ? *order.terms.limit : *order.terms.stop;
  // A limit waits on the good side of the market, a stop on the bad one.
  const bool waits_below = is_limit == (order.side == Side::Buy);
  if (waits_below)
    reacts_at_or_below_ = std::max(reacts_at_or_below_, price);
  else
    reacts_at_or_above_ = std::min(reacts_at_or_above_, price);
}

core::Quantity InstrumentOrders::fillable(const market::Bar& bar, core::Rate share) {
  if (!has_fillable_bar_ || fillable_bar_ != bar.start) {
    has_fillable_bar_ = true;
    fillable_bar_ = bar.start;
    fillable_left_ = whole_share(bar.volume, share);
  }
  return fillable_left_;
}

}  // namespace st0ck::adapters::sim
