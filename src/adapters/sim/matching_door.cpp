#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <algorithm>

// Which orders the simulated broker turns down, and why.

namespace st0ck::adapters::sim {

using trading::GroupRole;
using trading::OrderIntent;
using trading::OrderType;
using trading::Side;
using trading::TimeInForce;

namespace {

/// Orders for the closing auction come before this time ahead of it.
constexpr core::Duration kClosingCutOff = std::chrono::minutes{10};

/// Exits of a group guard what its entry brings; they are judged with it.
bool stands_alone(GroupRole role) { return role == GroupRole::Single || role == GroupRole::Entry; }

bool is_further(core::Quantity position, Side side) {
  return side == Side::Buy ? !position.is_negative() : !position.is_positive();
}

}  // namespace

/// A member of a group that came as one.
std::string_view MatchingEngine::reason_to_reject_in(
    std::span<const trading::Approved<OrderIntent>> group, const OrderIntent& intent) const {
  if (const auto reason = reason_to_reject(intent, true); !reason.empty()) return reason;
  const market::AssetClass asset_class = instruments_[intent.leg().instrument].asset_class;
  const bool may_be_held = abilities().may_hold(asset_class, intent.type, intent.time_in_force,
                                                group.front()->time_in_force);
  return may_be_held ? std::string_view{} : "GROUP_TERMS";
}

std::string_view MatchingEngine::reason_to_reject(const OrderIntent& intent,
                                                  bool is_in_group) const {
  if (memory_.find(intent.client_order_id)) return kDuplicate;
  if (memory_.working() >= settings_.orders_max) return "TOO_MANY_ORDERS";
  if (intent.legs.size() != 1 || intent.leg().ratio != 1) return "LEGS_UNSUPPORTED";
  if (intent.leg().instrument.value() >= instruments_.size()) return "UNKNOWN_INSTRUMENT";
  if (intent.terms.quantity > kOrderQuantityMax) return "QUANTITY_TOO_LARGE";
  if (defect_of(intent, instruments_[intent.leg().instrument].tick)) return "BAD_ORDER";
  if (is_stop(intent.type) && is_for_auction(intent.time_in_force)) return "BAD_ORDER";
  if (const std::string_view reason = reason_by_market(intent); !reason.empty()) return reason;
  return reason_by_account(intent, is_in_group);
}

std::string_view MatchingEngine::reason_by_market(const OrderIntent& intent) const {
  const market::Instrument& instrument = instruments_[intent.leg().instrument];
  const core::Timestamp now = clock_.now();
  if (intent.time_in_force == TimeInForce::Cls && session_ && now < session_->close &&
      now >= session_->close - kClosingCutOff)
    return "TOO_LATE";
  if (instrument.expiry && core::to_new_york(now).date > *instrument.expiry) return "EXPIRED";
  if (const TickState* state = known_tick_state(instrument.id)) {
    if (state->is_halted && (settings_.refuses.halted || is_immediate(intent.time_in_force)))
      return "HALTED";
    if (state->is_short_sale_restricted && is_immediate(intent.time_in_force) &&
        opens_short(intent))
      return "SHORT_SALE_RESTRICTED";
  }
  return {};
}

std::string_view MatchingEngine::reason_by_account(const OrderIntent& intent,
                                                   bool is_in_group) const {
  const market::Instrument& instrument = instruments_[intent.leg().instrument];
  if (!instrument.is_shortable && opens_short(intent)) return "NOT_SHORTABLE";
  const DoorRules& rules = settings_.refuses;
  if (rules.held_quantity && !is_in_group && sells_what_is_held(intent)) return "QUANTITY_HELD";
  if (rules.wash_trades && would_trade_with_itself(intent)) return "WASH_TRADE";
  if (rules.leverage == 0 || !stands_alone(intent.group.role)) return {};
  const core::Money needed = needed_for(instrument, intent.leg().side, intent.terms);
  const core::Money power =
      account_.buying_power(instruments_, rules.leverage) - reserved_by_entries();
  return needed.is_positive() && needed > power ? "BUYING_POWER" : std::string_view{};
}

bool MatchingEngine::opens_short(const OrderIntent& intent) const {
  if (intent.leg().side == Side::Buy || !stands_alone(intent.group.role)) return false;
  return intent.terms.quantity > account_.position(intent.leg().instrument);
}

/// Whether the order closes more than the position has left beside the orders that close it too.
bool MatchingEngine::sells_what_is_held(const OrderIntent& intent) const {
  const core::InstrumentId instrument = intent.leg().instrument;
  const core::Quantity position = account_.position(instrument);
  if (is_further(position, intent.leg().side)) return false;
  core::Quantity free = position.abs();
  if (instrument.value() < books_.size())
    for (const WorkingOrder& order : books_[instrument.value()])
      // Of a pair that is held the target stands for both.
      if (order.side == intent.leg().side && (order.group == 0 || order.role != GroupRole::Stop))
        free -= open_quantity(order);
  return intent.terms.quantity > free;
}

bool MatchingEngine::would_trade_with_itself(const OrderIntent& intent) const {
  const core::InstrumentId instrument = intent.leg().instrument;
  if (!stands_alone(intent.group.role) || instrument.value() >= books_.size()) return false;
  const auto meets = [&](const WorkingOrder& order) {
    if (order.side == intent.leg().side || !stands_alone(order.role)) return false;
    const auto own = intent.terms.limit;
    const auto other =
        order.acts_as == OrderType::Limit ? order.terms.limit : std::optional<core::Price>{};
    if (!own || !other) return true;  // At the market, or a stop that becomes so.
    return intent.leg().side == Side::Buy ? *own >= *other : *own <= *other;
  };
  const InstrumentOrders& book = books_[instrument.value()];
  return std::any_of(book.begin(), book.end(), meets);
}

/// What an order adds to the value of positions; zero for what only closes one. An order without a
/// price is taken at the last one that is known.
core::Money MatchingEngine::needed_for(const market::Instrument& instrument, Side side,
                                       const trading::OrderTerms& terms) const {
  const core::Quantity position = account_.position(instrument.id);
  core::Quantity adds = terms.quantity;
  if (!is_further(position, side)) adds -= position.abs();
  if (!adds.is_positive()) return {};
  core::Price price = account_.mark_of(instrument.id);
  if (const TickState* state = known_tick_state(instrument.id); state && state->quote)
    price = side == Side::Buy ? state->quote->ask : state->quote->bid;
  if (terms.limit) price = *terms.limit;
  if (terms.stop && !terms.limit) price = *terms.stop;
  return core::checked_notional(price, adds, instrument.multiplier).value_or(core::Money::max());
}

core::Money MatchingEngine::reserved_by_entries() const {
  core::Money reserved;
  for (const InstrumentOrders& book : books_) {
    for (const WorkingOrder& order : book) {
      if (!stands_alone(order.role)) continue;
      trading::OrderTerms left = order.terms;
      left.quantity = order.remaining();
      const auto sum =
          reserved.checked_add(needed_for(instruments_[order.instrument], order.side, left));
      if (!sum) return core::Money::max();
      reserved = *sum;
    }
  }
  return reserved;
}

}  // namespace st0ck::adapters::sim
