#include "src/app/exchange/order_desk.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

// What speaks against an order besides its own body: time, account, positions, other orders.

namespace st0ck::app::exchange {

using alpaca::OrderClass;
using trading::GroupRole;
using trading::OrderType;
using trading::TimeInForce;
namespace api_code = alpaca::api_code;

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr core::Duration kOpgFrom = hours{19};
constexpr core::Duration kOpgUntil = hours{9} + minutes{28};
constexpr core::Duration kClsFrom = hours{19};
constexpr core::Duration kClsUntil = hours{15} + minutes{50};
constexpr core::Money kShortEquityMin = core::Money::whole(2000);
constexpr core::Rate kShortFactor = core::Rate::from_raw(1'030'000'000);
constexpr core::Price kCent = core::Price::from_raw(10'000'000);
constexpr core::Price kSmallest = core::Price::from_raw(1);
constexpr core::Quantity kShare = core::Quantity::whole(1);

alpaca::ApiError rule(std::string message) {
  return refusal(api_code::kUnprocessable, std::move(message));
}

alpaca::ApiError forbidden(std::string message) {
  return refusal(api_code::kForbidden, std::move(message));
}

alpaca::ApiError bad_group(std::string message) {
  auto error = refusal(api_code::kInvalidField, std::move(message));
  error.http_status = 422;
  return error;
}

/// Whether an order may have that price: cents, below a dollar hundredths of them.
bool is_on_grid(core::Price price) {
  constexpr core::Price kDollar = core::Price::whole(1);
  constexpr core::Price kHundredthCent = core::Price::from_raw(100'000);
  return price.is_positive() && price.is_multiple_of(price >= kDollar ? kCent : kHundredthCent);
}

std::string_view word_of(alpaca::PositionIntent intent) {
  switch (intent) {
    case alpaca::PositionIntent::BuyToOpen: return "buy_to_open";
    case alpaca::PositionIntent::BuyToClose: return "buy_to_close";
    case alpaca::PositionIntent::SellToOpen: return "sell_to_open";
    case alpaca::PositionIntent::SellToClose: return "sell_to_close";
  }
  return "";
}

/// Whether an order to buy and one to sell could meet; a stop may at any moment.
bool may_meet(const OrderRecord& buy, const OrderRecord& sell) {
  if (buy.told.type != OrderType::Limit || sell.told.type != OrderType::Limit) return true;
  return *buy.told.limit_price >= *sell.told.limit_price;
}

}  // namespace

/// What a share of the order is reserved at, and what a notional is turned into shares by.
core::Price OrderDesk::estimate_of(const OrderRecord& order) const {
  const alpaca::Order& told = order.told;
  const auto touch = parts_.prices.touch(order.instrument, order.buys()).value_or(core::Price{});
  if (order.buys()) {
    if (told.limit_price) return *told.limit_price;
    return told.stop_price && told.type != OrderType::TrailingStop
               ? std::max(*told.stop_price, touch)
               : touch;
  }
  // A short sale is valued at three per cent above the ask.
  const auto ask = parts_.prices.touch(order.instrument, true).value_or(core::Price{});
  const core::Price valued = core::scaled_to_tick(ask, kShortFactor, kSmallest, core::Rounding::Up);
  const bool opens = !parts_.holdings.position(order.instrument).is_positive();
  if (opens) return std::max(told.limit_price.value_or(core::Price{}), valued);
  return told.limit_price.value_or(touch);
}

bool OrderDesk::opens(const OrderRecord& order) const {
  if (order.is_exit()) return false;
  const core::Quantity position = parts_.holdings.position(order.instrument);
  return order.buys() ? !position.is_negative() : !position.is_positive();
}

/// What the order is by its side and the position of the moment; an exit closes, though what it is
/// for may not be there yet.
alpaca::PositionIntent OrderDesk::intent_of(const OrderRecord& order) const {
  using alpaca::PositionIntent;
  const bool closes = order.is_exit() || closable(order).is_positive();
  if (order.buys()) return closes ? PositionIntent::BuyToClose : PositionIntent::BuyToOpen;
  return closes ? PositionIntent::SellToClose : PositionIntent::SellToOpen;
}

/// How much of the position an order on this side could close.
core::Quantity OrderDesk::closable(const OrderRecord& order) const {
  const core::Quantity position = parts_.holdings.position(order.instrument);
  return std::max(order.buys() ? -position : position, core::Quantity{});
}

core::Money OrderDesk::reserved(const OrderRecord& order) const {
  if (!opens(order) || !order.remaining().is_positive()) return {};
  return core::checked_notional(order.estimate, order.remaining(),
                                parts_.instruments[order.instrument].multiplier, core::Rounding::Up)
      .value_or(core::Money::max());
}

core::Money OrderDesk::reserved_by_all(const OrderRecord* but) const {
  core::Money sum;
  for (const auto& [number, order] : open_)
    if (order != but) sum = sum.checked_add(reserved(*order)).value_or(core::Money::max());
  return sum;
}

core::Money OrderDesk::buying_power() const {
  const Worth worth = parts_.holdings.worth();
  core::Money power = -worth.exposure();
  for (std::uint32_t i = 0; i < settings_.leverage; ++i) power += worth.equity();
  return std::max(power - reserved_by_all(nullptr), core::Money{});
}

OrderDesk::Held OrderDesk::held_of(core::InstrumentId instrument) const {
  Held held;
  const core::Quantity position = parts_.holdings.position(instrument);
  if (position.is_zero()) return held;
  for (const auto& [number, order] : open_) {
    const bool closes = order->instrument == instrument && order->buys() == position.is_negative();
    if (!closes || order->waits) continue;
    // Of two exits that cancel each other one counts.
    const OrderRecord* sibling = sibling_of(*order);
    if (order->role == GroupRole::Stop && sibling && sibling->is_open()) continue;
    held.quantity += order->remaining();
    held.orders.push_back(order->told.id);
  }
  return held;
}

OrderDesk::Verdict OrderDesk::check(const OrderRecord& order, const OrderRecord* replaced) const {
  if (auto refused = check_account(order)) return refused;
  if (auto refused = check_time(order)) return refused;
  if (auto refused = check_quantity(order, replaced)) return refused;
  if (auto refused = check_wash(order, replaced)) return refused;
  return check_funds(order, replaced);
}

OrderDesk::Verdict OrderDesk::check_client_id(const std::optional<std::string>& id) const {
  if (!id || id->empty() || !by_client_id_.contains(*id)) return std::nullopt;
  return bad_group("client_order_id must be unique");
}

OrderDesk::Verdict OrderDesk::check_account(const OrderRecord& order) const {
  const bool opens_short = !order.buys() && opens(order);
  if (parts_.configuration.suspend_trade)
    return forbidden("new orders are rejected by user request");
  if (order.told.order_class == OrderClass::Simple && !parts_.configuration.fractional_trading &&
      !order.target.is_multiple_of(kShare))
    return forbidden("fractional trading is disabled");
  if (opens_short) return check_short(order);
  return std::nullopt;
}

OrderDesk::Verdict OrderDesk::check_short(const OrderRecord& order) const {
  const market::Instrument& instrument = parts_.instruments[order.instrument];
  if (order.told.notional || !order.target.is_multiple_of(kShare))
    return rule("fractional orders cannot be sold short");
  if (!instrument.is_shortable)
    return rule("asset \"" + order.told.symbol + "\" cannot be sold short");
  if (parts_.configuration.no_shorting || settings_.leverage < 2 ||
      parts_.holdings.worth().equity() < kShortEquityMin)
    return forbidden("account is not allowed to short");
  return std::nullopt;
}

OrderDesk::Verdict OrderDesk::check_time(const OrderRecord& order) const {
  if (parts_.prices.is_halted(order.instrument) && parts_.prices.is_open())
    return rule("asset " + order.told.symbol + " is halted");
  const core::Duration time = core::to_new_york(parts_.clock.now()).time_of_day;
  if (order.told.time_in_force == TimeInForce::Opg && time >= kOpgUntil && time < kOpgFrom)
    return rule("opg orders are accepted from 19:00 to 09:28 New York");
  if (order.told.time_in_force == TimeInForce::Cls && time >= kClsUntil && time < kClsFrom)
    return rule("cls orders are accepted from 19:00 to 15:50 New York");
  return std::nullopt;
}

/// Exits of a market entry are judged by the price of the moment; those of a limit entry, the body
/// was asked about.
OrderDesk::Verdict OrderDesk::check_exits(const alpaca::NewOrder& body,
                                          const OrderRecord& order) const {
  const bool is_on_tick =
      (!body.take_profit || is_on_grid(body.take_profit->limit_price)) &&
      (!body.stop_loss || (is_on_grid(body.stop_loss->stop_price) &&
                           is_on_grid(body.stop_loss->limit_price.value_or(kCent))));
  if (!is_on_tick) return rule("sub-penny increment does not fulfill minimum pricing criteria");
  if (order.role != GroupRole::Entry || order.told.type != OrderType::Market || !body.stop_loss)
    return std::nullopt;
  const core::Price stop = body.stop_loss->stop_price;
  const core::Price base = parts_.prices.last(order.instrument).value_or(order.estimate);
  if (order.buys() && stop > base - kCent)
    return bad_group("stop_loss.stop_price must be <= base_price - 0.01");
  if (!order.buys() && stop < base + kCent)
    return bad_group("stop_loss.stop_price must be >= base_price + 0.01");
  return std::nullopt;
}

/// An intent that was given must be the one that side and position say, and a close must not be for
/// more than there is; what of it other orders hold is refused like that of any order.
OrderDesk::Verdict OrderDesk::check_intent(const OrderRecord& order,
                                           std::optional<alpaca::PositionIntent> asked) const {
  if (!asked) return std::nullopt;
  const alpaca::PositionIntent inferred = intent_of(order);
  if (*asked != inferred) {
    auto error = rule("position intent mismatch, inferred: " + std::string{word_of(inferred)} +
                      ", specified: " + std::string{word_of(*asked)});
    error.symbol = order.told.symbol;
    return error;
  }
  const core::Quantity left = closable(order);
  // An exit without a position has a refusal of its own.
  if (!order.closes() || left.is_zero() || order.target <= left) return std::nullopt;
  const Held held = held_of(order.instrument);
  auto error = rule(std::string{word_of(inferred)} + " for more than the position (requested: " +
                    order.target.to_string() + ", position: " + left.to_string() + ")");
  error.symbol = order.told.symbol;
  error.available = std::max(left - held.quantity, core::Quantity{});
  error.existing_quantity = left;
  error.held_for_orders = held.quantity;
  error.related_orders = held.orders;
  return error;
}

/// A replacement stands for the shares that the order before it holds.
OrderDesk::Verdict OrderDesk::check_quantity(const OrderRecord& order,
                                             const OrderRecord* replaced) const {
  if (replaced && !order.closes()) return std::nullopt;
  const core::Quantity position = parts_.holdings.position(order.instrument);
  const bool closes = !position.is_zero() && order.buys() == position.is_negative();
  if (!closes && order.is_exit()) return bad_group("oco orders require a position to close");
  if (!closes) return std::nullopt;
  Held held = held_of(order.instrument);
  if (replaced && std::erase(held.orders, replaced->told.id) > 0)
    held.quantity -= replaced->remaining();
  const core::Quantity available = std::max(position.abs() - held.quantity, core::Quantity{});
  if (order.target <= available) return std::nullopt;
  auto error =
      forbidden("insufficient qty available for order (requested: " + order.target.to_string() +
                ", available: " + available.to_string() + ")");
  error.symbol = order.told.symbol;
  error.available = available;
  error.existing_quantity = position.abs();
  error.held_for_orders = held.quantity;
  error.related_orders = held.orders;
  return error;
}

OrderDesk::Verdict OrderDesk::check_wash(const OrderRecord& order,
                                         const OrderRecord* replaced) const {
  if (order.is_exit()) return std::nullopt;
  for (const auto& [number, other] : open_) {
    if (other == replaced || other->instrument != order.instrument ||
        other->side() == order.side() || other->is_exit())
      continue;
    if (!(order.buys() ? may_meet(order, *other) : may_meet(*other, order))) continue;
    auto error = forbidden("potential wash trade detected. use complex orders");
    error.existing_order_id = other->told.id;
    error.reject_reason = "opposite side market/stop order exists";
    if (other->told.type == OrderType::Limit && order.told.type == OrderType::Limit)
      error.reject_reason = "opposite side limit order exists";
    return error;
  }
  return std::nullopt;
}

OrderDesk::Verdict OrderDesk::check_funds(const OrderRecord& order,
                                          const OrderRecord* replaced) const {
  if (!opens(order)) return std::nullopt;
  const core::Money cost = reserved(order);
  core::Money power = buying_power();
  if (replaced) power += reserved(*replaced);
  if (cost <= power) return std::nullopt;
  auto error = forbidden("insufficient buying power");
  error.buying_power = power;
  // Beyond what money can count, `cost` is only the most that it can.
  if (cost < core::Money::max()) error.cost_basis = cost;
  return error;
}

}  // namespace st0ck::app::exchange
