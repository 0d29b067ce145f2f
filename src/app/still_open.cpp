#include "src/app/still_open.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::app {

namespace {

using trading::Order;
using trading::OrderState;
using trading::Position;

bool is_stop(const Order& order) {
  switch (order.intent.type) {
    case trading::OrderType::Stop:
    case trading::OrderType::StopLimit:
    case trading::OrderType::TrailingStop: return order.intent.purpose == trading::Purpose::Exit;
    case trading::OrderType::Market:
    case trading::OrderType::Limit: return false;
  }
  return false;
}

bool reduces(const Order& order, const Position& position) {
  const trading::OrderLeg& leg = order.intent.leg();
  return order.intent.bot == position.key.bot && leg.instrument == position.key.instrument &&
         (leg.side == trading::Side::Sell) == position.quantity.is_positive();
}

/// A broker may keep the exits of a group back until its entry has filled whole.
bool waits_for_entry(const Order& stop, const trading::OrderManager& orders) {
  const Order* entry = orders.find(stop.intent.group.group);
  return entry != nullptr && entry != &stop && entry->is_open();
}

/// What the broker has said that it watches; a stop whose fate is not known or whose cancel is
/// under way covers nothing.
core::Quantity covered_by(const Order& stop, const trading::OrderManager& orders) {
  const bool is_working =
      stop.state == OrderState::Working || stop.state == OrderState::PendingReplace;
  if (!is_working || waits_for_entry(stop, orders)) return {};
  core::Quantity least = stop.intent.terms.quantity;
  if (stop.pending_terms) least = std::min(least, stop.pending_terms->quantity);
  return std::max(least - stop.filled, core::Quantity{});
}

std::string protection_of(const Position& position, const trading::OrderManager& orders) {
  const core::Quantity held =
      position.quantity.is_positive() ? position.quantity : -position.quantity;
  core::Quantity covered;
  for (const Order* order : orders.open_orders())
    if (is_stop(*order) && reduces(*order, position)) covered += covered_by(*order, orders);
  if (covered >= held) return "a stop at the broker covers all of it";
  if (covered.is_zero()) return "no stop at the broker";
  return fmt::format("stops at the broker cover {} of it", covered.to_string());
}

std::string text_of(const Position& position, const kernel::Kernel& kernel,
                    const market::Instrument& instrument) {
  const auto mark = kernel.market().mark(instrument.id);
  return fmt::format("still open: {} holds {} {}, unrealised P&L {}, {}", position.key.bot,
                     position.quantity.to_string(), instrument.symbol,
                     mark ? position.unrealized_pnl(*mark, instrument.multiplier).to_string()
                          : std::string{"unavailable"},
                     protection_of(position, kernel.desk().orders()));
}

std::string text_of(const Order& order, const market::InstrumentTable& instruments) {
  const trading::OrderIntent& intent = order.intent;
  std::string what;
  for (const trading::OrderLeg& leg : intent.legs)
    what += fmt::format(", {} {}{} {}", trading::name_of(leg.side),
                        leg.ratio == 1 ? std::string{} : fmt::format("{} x ", leg.ratio),
                        intent.terms.quantity.to_string(), instruments[leg.instrument].symbol);
  return fmt::format("still open: order {} of {}{}, {}, {} filled, {}", intent.client_order_id,
                     intent.bot, what, trading::name_of(intent.type), order.filled.to_string(),
                     trading::name_of(order.state));
}

}  // namespace

std::vector<std::string> still_open(const kernel::Kernel& kernel,
                                    const Configuration& configuration) {
  std::vector<std::string> sentences;
  const trading::Desk& desk = kernel.desk();
  for (const Position& position : desk.ledger().positions())
    if (!position.is_flat())
      sentences.push_back(
          text_of(position, kernel, configuration.instruments[position.key.instrument]));
  for (const Order* order : desk.orders().open_orders())
    sentences.push_back(text_of(*order, configuration.instruments));
  return sentences;
}

}  // namespace st0ck::app
