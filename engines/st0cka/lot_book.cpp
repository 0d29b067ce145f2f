#include "engines/st0cka/lot_book.hpp"

#include <utility>

namespace st0ck::engines::st0cka {

void LotBook::apply(trading::Side side, core::Quantity quantity, core::Money notional,
                    core::Money fee) {
  held_ += trading::signed_quantity(side, quantity);
  cash_ += (side == trading::Side::Buy ? -notional : notional) - fee;
  if (side == trading::Side::Buy) {
    bought_ += quantity;
    cost_ += notional;
  }
  if (!held_.is_zero()) return;
  result_ = cash_;
  bought_ = {};
  cost_ = cash_ = {};
}

void LotBook::split(std::uint32_t numerator, std::uint32_t denominator) {
  const auto scaled = [&](core::Quantity quantity) {
    const core::Int128 raw = core::Int128{quantity.raw()} * numerator;
    const auto whole = core::narrow(core::divide(raw, denominator, core::Rounding::HalfEven));
    ST0CK_ASSERT(whole.has_value(), "a split leaves a quantity in its range");
    return core::Quantity::from_raw(*whole);
  };
  held_ = scaled(held_);
  bought_ = scaled(bought_);
}

std::optional<core::Price> LotBook::entry(core::Multiplier multiplier) const {
  if (!held_.is_positive() || !bought_.is_positive()) return std::nullopt;
  return core::average_price(cost_, bought_, multiplier);
}

std::optional<core::Money> LotBook::take_result() { return std::exchange(result_, std::nullopt); }

}  // namespace st0ck::engines::st0cka
