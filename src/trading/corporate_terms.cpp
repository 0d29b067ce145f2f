#include "st0ck/trading/corporate_terms.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>

namespace st0ck::trading {

namespace {

using market::CorporateAction;
using market::CorporateActionKind;

constexpr core::Price kCent = core::Price::from_raw(10'000'000);

core::Quantity times_ratio(core::Quantity quantity, const CorporateAction& split,
                           core::Quantity grain) {
  const core::Int128 grains =
      core::divide(core::Int128{quantity.raw()} * split.numerator,
                   core::Int128{split.denominator} * grain.raw(), core::Rounding::ToZero);
  const auto raw = core::narrow(grains * grain.raw());
  ST0CK_ASSERT(raw.has_value(), "a split quantity fits its type");
  return core::Quantity::from_raw(*raw);
}

/// A limit to buy and a stop to sell wait below the market, the others above it.
core::Rounding away_from_market(bool waits_below) {
  return waits_below ? core::Rounding::Down : core::Rounding::Up;
}

OrderTerms after_split_of(const CorporateAction& split, Side side, const OrderTerms& terms,
                          core::Quantity filled, core::Price tick) {
  const bool is_buy = side == Side::Buy;
  OrderTerms changed = terms;
  const core::Quantity left = std::max(terms.quantity - filled, core::Quantity{});
  changed.quantity = filled + order_after_split(left, split);
  if (terms.limit) changed.limit = after_split(*terms.limit, split, tick, away_from_market(is_buy));
  if (terms.stop) changed.stop = after_split(*terms.stop, split, tick, away_from_market(!is_buy));
  if (terms.trail) changed.trail = after_split(*terms.trail, split, tick, core::Rounding::HalfEven);
  return changed;
}

void lower(std::optional<core::Price>& price, core::Price amount, core::Price tick) {
  if (price) price = std::max((*price - amount).rounded_to(tick, core::Rounding::Down), tick);
}

OrderTerms ex_dividend(core::Price amount, Side side, OrderType type, const OrderTerms& terms,
                       core::Price tick) {
  OrderTerms changed = terms;
  if (amount < kCent) return changed;
  if (side == Side::Buy && type == OrderType::Limit) lower(changed.limit, amount, tick);
  if (side == Side::Sell && (type == OrderType::Stop || type == OrderType::StopLimit)) {
    lower(changed.stop, amount, tick);
    lower(changed.limit, amount, tick);
  }
  return changed;
}

}  // namespace

core::Quantity after_split(core::Quantity quantity, const CorporateAction& split) {
  return times_ratio(quantity, split, core::Quantity::from_raw(1));
}

core::Quantity order_after_split(core::Quantity quantity, const CorporateAction& split) {
  constexpr core::Quantity kShare = core::Quantity::whole(1);
  const bool is_whole = quantity.is_multiple_of(kShare);
  return times_ratio(quantity, split, is_whole ? kShare : core::Quantity::from_raw(1));
}

core::Price after_split(core::Price price, const CorporateAction& split, core::Price tick,
                        core::Rounding rounding) {
  const core::Int128 ticks = core::divide(core::Int128{price.raw()} * split.denominator,
                                          core::Int128{split.numerator} * tick.raw(), rounding);
  const auto raw = core::narrow(ticks * tick.raw());
  ST0CK_ASSERT(raw.has_value(), "a split price fits its type");
  return std::max(core::Price::from_raw(*raw), tick);
}

OrderTerms terms_after(const CorporateAction& action, Side side, OrderType type,
                       const OrderTerms& terms, core::Quantity filled, core::Price tick) {
  if (action.kind == CorporateActionKind::Split)
    return after_split_of(action, side, terms, filled, tick);
  return ex_dividend(action.amount, side, type, terms, tick);
}

}  // namespace st0ck::trading
