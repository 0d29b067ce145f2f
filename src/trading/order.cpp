#include "st0ck/trading/order.hpp"

#include <algorithm>

namespace st0ck::trading {

namespace {

bool needs_limit(OrderType type) {
  return type == OrderType::Limit || type == OrderType::StopLimit;
}

bool needs_trail(OrderType type) { return type == OrderType::TrailingStop; }

bool needs_stop(OrderType type) { return type == OrderType::Stop || type == OrderType::StopLimit; }

std::optional<std::string_view> defect_of_price(const std::optional<core::Price>& price,
                                                bool is_needed, core::Price tick) {
  if (price.has_value() != is_needed)
    return is_needed ? "a price is missing" : "a price that the order type does not take";
  if (price && !price->is_positive()) return "a price is not positive";
  if (price && !price->is_multiple_of(tick)) return "a price is not a multiple of the tick";
  return std::nullopt;
}

std::optional<std::string_view> defect_of_trail(const OrderIntent& intent, core::Price tick) {
  const auto& trail = intent.terms.trail;
  const auto& rate = intent.terms.trail_rate;
  if (!needs_trail(intent.type)) {
    if (trail || rate) return "a trail that the order type does not take";
    return std::nullopt;
  }
  if (trail.has_value() == rate.has_value()) return "a trailing stop takes one distance";
  if (trail) return defect_of_price(trail, true, tick);
  if (!rate->is_positive() || *rate >= core::Rate::whole(1))
    return "a trail that is not between nothing and the whole price";
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Side side) { return side == Side::Buy ? "buy" : "sell"; }

std::string_view name_of(OrderType type) {
  switch (type) {
    case OrderType::Market: return "market";
    case OrderType::Limit: return "limit";
    case OrderType::Stop: return "stop";
    case OrderType::StopLimit: return "stop_limit";
    case OrderType::TrailingStop: return "trailing_stop";
  }
  return "unknown";
}

std::string_view name_of(TimeInForce time_in_force) {
  switch (time_in_force) {
    case TimeInForce::Day: return "day";
    case TimeInForce::Gtc: return "gtc";
    case TimeInForce::Ioc: return "ioc";
    case TimeInForce::Fok: return "fok";
    case TimeInForce::Opg: return "opg";
    case TimeInForce::Cls: return "cls";
  }
  return "unknown";
}

std::string_view name_of(Purpose purpose) { return purpose == Purpose::Entry ? "entry" : "exit"; }

std::string_view name_of(GroupKind kind) {
  switch (kind) {
    case GroupKind::None: return "none";
    case GroupKind::OneCancelsOther: return "oco";
    case GroupKind::OneTriggersOther: return "oto";
    case GroupKind::Bracket: return "bracket";
  }
  return "unknown";
}

std::string_view name_of(GroupRole role) {
  switch (role) {
    case GroupRole::Single: return "single";
    case GroupRole::Entry: return "entry";
    case GroupRole::Target: return "target";
    case GroupRole::Stop: return "stop";
  }
  return "unknown";
}

std::optional<std::string_view> defect_of(const OrderIntent& intent, core::Price tick) {
  if (intent.legs.empty()) return "an order without a leg";
  if (std::any_of(intent.legs.begin(), intent.legs.end(),
                  [](const OrderLeg& leg) { return leg.ratio == 0; }))
    return "a leg with a ratio of zero";
  if (!intent.terms.quantity.is_positive()) return "a quantity that is not positive";
  if (const auto defect = defect_of_price(intent.terms.limit, needs_limit(intent.type), tick))
    return defect;
  if (const auto defect = defect_of_price(intent.terms.stop, needs_stop(intent.type), tick))
    return defect;
  return defect_of_trail(intent, tick);
}

}  // namespace st0ck::trading
