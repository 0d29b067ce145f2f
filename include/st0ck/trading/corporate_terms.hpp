#pragma once

#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/trading/order.hpp"

// What a corporate action makes of quantities, prices and orders: one set of rules for the ledger,
// for the orders that the desk keeps, and for the simulated broker's.
namespace st0ck::trading {

/// `numerator` new shares for `denominator` old ones, cut off to 1e-9 shares. Signed.
core::Quantity after_split(core::Quantity quantity, const market::CorporateAction& split);

/// The same for what an order or its group is for: of whole shares only whole ones are made, and a
/// fraction is cut off (FINRA 5330 rounds an order down too).
core::Quantity order_after_split(core::Quantity quantity, const market::CorporateAction& split);

/// A price per share after a split, brought to `tick` as named; never below one tick.
core::Price after_split(core::Price price, const market::CorporateAction& split, core::Price tick,
                        core::Rounding rounding);

/// What becomes of a working order's terms, `filled` of which was executed before.
///
/// A split changes what is left of the quantity and all its prices; a price that leaves the tick
/// goes away from the market: limits to buy and stops to sell down, the others up. A distance of a
/// trailing stop goes to the nearest tick. The quantity is `filled` where nothing is left.
///
/// A cash dividend of a cent or more lowers limits to buy and stops to sell, stop-limits to sell
/// with their limit, by its amount, down to the tick (FINRA 5330); other orders keep their terms.
OrderTerms terms_after(const market::CorporateAction& action, Side side, OrderType type,
                       const OrderTerms& terms, core::Quantity filled, core::Price tick);

}  // namespace st0ck::trading
