#include "src/adapters/sim/generated/share_changes.hpp"

#include <algorithm>

namespace st0ck::adapters::sim::generated {

namespace {

constexpr core::Price kCent = core::Price::from_raw(10'000'000);

/// Of a minute; far above any symbol's.
constexpr std::int64_t kVolumeMax = 1'000'000'000;

struct Ratio {
  std::uint32_t numerator;
  std::uint32_t denominator;
};

/// Dear shares are split, cheap ones put together.
Ratio ratio_at(core::Price close, std::int64_t dice) {
  constexpr Ratio kUp[] = {{2, 1}, {3, 1}, {4, 1}, {3, 2}};
  constexpr Ratio kDear[] = {{10, 1}, {5, 1}, {20, 1}, {4, 1}};
  constexpr Ratio kDown[] = {{1, 10}, {1, 5}, {1, 8}, {1, 20}};
  const auto which = static_cast<std::size_t>(dice);
  if (close >= core::Price::whole(500)) return kDear[which];
  return close >= core::Price::whole(15) ? kUp[which] : kDown[which];
}

}  // namespace

void ShareChanges::begin_day(core::Date date, core::InstrumentId instrument, core::Price close,
                             Random& random) {
  skip_day();
  const bool pays = dividend_one_in_ > 0 && random.below(dividend_one_in_) == 0;
  const bool splits = split_one_in_ > 0 && random.below(split_one_in_) == 0;
  const Fraction yield = fraction_of_thousand(1) * (1000 + random.below(5000)) / kThousand;
  const Ratio ratio = ratio_at(close, random.below(4));
  // A penny stock pays nothing.
  if (pays && close >= core::Price::whole(2)) {
    market::CorporateAction& action = dividend_.emplace();
    action.instrument = instrument;
    action.kind = market::CorporateActionKind::CashDividend;
    action.ex_date = date;
    const auto amount = core::Price::from_raw(part_of(close.raw(), yield));
    action.amount = std::max(amount.rounded_to(kCent, core::Rounding::HalfEven), kCent);
  }
  if (splits) {
    market::CorporateAction& action = split_.emplace();
    action.instrument = instrument;
    action.kind = market::CorporateActionKind::Split;
    action.ex_date = date;
    action.numerator = ratio.numerator;
    action.denominator = ratio.denominator;
  }
}

core::Price ShareChanges::adjusted(core::Price close) const {
  if (dividend_) close -= dividend_->amount;
  if (split_)
    close = core::Price::from_raw(
        *core::narrow(core::divide(core::Int128{close.raw()} * split_->denominator,
                                   split_->numerator, core::Rounding::HalfEven)));
  return close;
}

std::int64_t ShareChanges::adjusted_volume(std::int64_t shares) const {
  if (!split_) return shares;
  return std::clamp<std::int64_t>(shares * split_->numerator / split_->denominator, 1, kVolumeMax);
}

}  // namespace st0ck::adapters::sim::generated
