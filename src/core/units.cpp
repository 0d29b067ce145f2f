#include "st0ck/core/units.hpp"

namespace st0ck::core {

namespace {

constexpr Int128 kUnit = Price::kOne;
static_assert(Price::kOne == Quantity::kOne && Price::kOne == Money::kOne);

Int128 as_wide(Multiplier multiplier) { return static_cast<std::uint32_t>(multiplier); }

}  // namespace

std::optional<Money> checked_notional(Price price, Quantity quantity, Multiplier multiplier,
                                      Rounding rounding) {
  // Whatever is beyond this bound does not fit Money either, and what is within it leaves room for
  // any multiplier: one division of the full product is one single rounding.
  constexpr Int128 kProductMax = kUnit << 64;
  const Int128 product = Int128{price.raw()} * quantity.raw();
  if (product > kProductMax || product < -kProductMax) return std::nullopt;
  const auto raw = narrow(divide(product * as_wide(multiplier), kUnit, rounding));
  if (!raw) return std::nullopt;
  return Money::from_raw(*raw);
}

Money notional(Price price, Quantity quantity, Multiplier multiplier, Rounding rounding) {
  const auto money = checked_notional(price, quantity, multiplier, rounding);
  ST0CK_ASSERT(money.has_value(), "a notional fits Money");
  return *money;
}

Money scaled(Money amount, Rate rate, Rounding rounding) {
  const auto raw = narrow(divide(Int128{amount.raw()} * rate.raw(), kUnit, rounding));
  ST0CK_ASSERT(raw.has_value(), "a scaled amount fits Money");
  return Money::from_raw(*raw);
}

Price scaled_to_tick(Price price, Rate factor, Price tick, Rounding rounding) {
  ST0CK_ASSERT(tick.is_positive(), "a tick is positive");
  const Int128 ticks = divide(Int128{price.raw()} * factor.raw(), kUnit * tick.raw(), rounding);
  const auto raw = narrow(ticks * tick.raw());
  ST0CK_ASSERT(raw.has_value(), "a scaled price fits Price");
  return Price::from_raw(*raw);
}

Price midpoint(Price a, Price b, Rounding rounding) {
  return Price::from_raw(static_cast<std::int64_t>(divide(Int128{a.raw()} + b.raw(), 2, rounding)));
}

Price average_price(Money cost, Quantity quantity, Multiplier multiplier, Rounding rounding) {
  ST0CK_ASSERT(!quantity.is_zero(), "an average needs a quantity");
  const Int128 units = Int128{quantity.raw()} * as_wide(multiplier);
  const Int128 numerator = Int128{cost.raw()} * kUnit;
  const auto raw =
      narrow(divide(units < 0 ? -numerator : numerator, units < 0 ? -units : units, rounding));
  ST0CK_ASSERT(raw.has_value(), "an average price fits Price");
  return Price::from_raw(*raw);
}

}  // namespace st0ck::core
