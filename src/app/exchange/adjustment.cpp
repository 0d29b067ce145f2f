#include "src/app/exchange/adjustment.hpp"

#include "st0ck/core/fixed_point.hpp"

#include <ranges>

namespace st0ck::app::exchange {

namespace {

using core::Int128;
using core::Rounding;

}  // namespace

std::optional<Adjustment> Adjustment::parse(std::string_view text) {
  Adjustment adjustment;
  while (true) {
    const auto comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    if (word == "all")
      adjustment = {.splits = true, .dividends = true};
    else if (word == "split")
      adjustment.splits = true;
    else if (word == "dividend")
      adjustment.dividends = true;
    else if (word != "raw" && word != "spin-off")
      return std::nullopt;
    if (comma == std::string_view::npos) return adjustment;
    text.remove_prefix(comma + 1);
  }
}

void BarAdjuster::step_over(const std::vector<market::CorporateAction>& actions,
                            std::optional<core::Price> last_close) {
  for (const market::CorporateAction& action : actions | std::views::reverse) {
    if (action.kind == market::CorporateActionKind::Split) {
      if (adjustment_.splits)
        factors_.insert(factors_.begin(), {action.denominator, action.numerator, true});
    } else if (adjustment_.dividends && last_close && *last_close > action.amount) {
      factors_.insert(factors_.begin(),
                      {(*last_close - action.amount).raw(), last_close->raw(), false});
    }
  }
}

core::Price BarAdjuster::adjusted(core::Price price) const {
  for (const Factor& factor : factors_)
    price = core::Price::from_raw(core::narrow(core::divide(Int128{price.raw()} * factor.numerator,
                                                            factor.denominator, Rounding::HalfEven))
                                      .value_or(core::Price::max().raw()));
  return price;
}

market::Bar BarAdjuster::adjusted(market::Bar bar) const {
  if (factors_.empty()) return bar;
  for (core::Price* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price = adjusted(*price);
  if (bar.vwap) bar.vwap = adjusted(*bar.vwap);
  for (const Factor& factor : factors_) {
    if (!factor.is_split) continue;
    const Int128 volume = core::divide(Int128{bar.volume.raw()} * factor.denominator,
                                       factor.numerator, Rounding::HalfEven);
    bar.volume = core::Volume::from_raw(core::narrow(volume).value_or(core::Volume::max().raw()));
  }
  return bar;
}

}  // namespace st0ck::app::exchange
