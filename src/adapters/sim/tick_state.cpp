#include "st0ck/adapters/sim/tick_state.hpp"

#include "st0ck/adapters/sim/fill_rules.hpp"
#include "st0ck/adapters/sim/volume_share.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

using trading::Side;

constexpr core::Rate kWhole = core::Rate::whole(1);

}  // namespace

void TickState::on_quote(const market::Quote& seen) {
  if (defect_of(seen)) {
    quote.reset();
    return;
  }
  if (!quote || quote->bid != seen.bid || quote->bid_size != seen.bid_size) bid_taken = {};
  if (!quote || quote->ask != seen.ask || quote->ask_size != seen.ask_size) ask_taken = {};
  quote = seen;
}

void TickState::on_status(const market::TradingStatus& status) {
  is_halted = status.state != market::TradingState::Trading;
  is_short_sale_restricted = status.is_short_sale_restricted;
  band_low = status.band_low;
  band_high = status.band_high;
}

core::Price step_at(core::Price price, core::Price tick) {
  constexpr core::Price kFine = core::Price::from_raw(100'000);
  return price < core::Price::whole(1) ? std::min(tick, kFine) : tick;
}

QuoteDepth::QuoteDepth(TickState& state, Side side, core::Price tick)
    : side_{side},
      best_{side == Side::Buy ? state.quote->ask : state.quote->bid},
      size_{whole_share(side == Side::Buy ? state.quote->ask_size : state.quote->bid_size, kWhole)},
      tick_{step_at(best_, tick)},
      taken_{side == Side::Buy ? state.ask_taken : state.bid_taken} {}

core::Price QuoteDepth::price_of(std::int64_t level) const {
  const core::Price away = core::Price::from_raw(tick_.raw() * level);
  return side_ == Side::Buy ? best_ + away : best_ - away;
}

std::optional<QuoteDepth::Level> QuoteDepth::best() const {
  if (!size_.is_positive()) return std::nullopt;
  const std::int64_t level = taken_.raw() / size_.raw();
  const core::Price price = price_of(level);
  if (level >= kLevels || !price.is_positive()) return std::nullopt;
  return Level{price, core::Quantity::from_raw(size_.raw() * (level + 1)) - taken_};
}

core::Quantity QuoteDepth::until(std::optional<core::Price> limit) const {
  if (!size_.is_positive()) return {};
  std::int64_t levels = 0;
  while (levels < kLevels && price_of(levels).is_positive() &&
         (!limit || is_within(side_, price_of(levels), *limit)))
    ++levels;
  return std::max(core::Quantity::from_raw(size_.raw() * levels) - taken_, core::Quantity{});
}

}  // namespace st0ck::adapters::sim
