#pragma once

#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/rate.hpp"

#include <cstdint>

namespace st0ck::core {

struct PriceTag {
  static constexpr int kDecimalsMin = 2;
};
struct QuantityTag {
  static constexpr int kDecimalsMin = 0;
};
struct VolumeTag {
  static constexpr int kDecimalsMin = 0;
};
struct MoneyTag {
  static constexpr int kDecimalsMin = 2;
};

/// US dollars per unit of an instrument, in 1e-9 dollars. May be negative: spreads are prices too.
using Price = FixedPoint<PriceTag, 9>;

/// Ours: shares or contracts that we order, hold or fill; 1e-9 (fractional shares exist). Signed
/// where it is a position: long is positive.
using Quantity = FixedPoint<QuantityTag, 9>;

/// The market's: shares or contracts that the tape reports, 1e-6.
using Volume = FixedPoint<VolumeTag, 6>;

/// US dollars, 1e-9.
using Money = FixedPoint<MoneyTag, 9>;

/// Units of the underlying per contract: 1 for a stock, 100 for a standard option.
enum class Multiplier : std::uint32_t {};

inline constexpr Multiplier kUnitMultiplier{1};

/// Price x quantity x multiplier, rounded to 1e-9 dollars as named; exact whenever the two have
/// nine decimals together. Nothing when it exceeds Money.
std::optional<Money> checked_notional(Price price, Quantity quantity, Multiplier multiplier,
                                      Rounding rounding = Rounding::HalfEven);

/// The same where the operands were range-checked before; aborts on overflow.
Money notional(Price price, Quantity quantity, Multiplier multiplier,
               Rounding rounding = Rounding::HalfEven);

/// `amount` x `rate`. Aborts on overflow.
Money scaled(Money amount, Rate rate, Rounding rounding = Rounding::HalfEven);

/// Price x factor, brought to a multiple of `tick` in one rounding.
Price scaled_to_tick(Price price, Rate factor, Price tick, Rounding rounding);

/// The mean of two prices, rounded as named to 1e-9.
Price midpoint(Price a, Price b, Rounding rounding = Rounding::HalfEven);

/// Average price of `quantity` bought for `cost`; `quantity` must not be zero.
Price average_price(Money cost, Quantity quantity, Multiplier multiplier,
                    Rounding rounding = Rounding::HalfEven);

}  // namespace st0ck::core
