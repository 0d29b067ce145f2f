#include "engines/sma_cross/crossing.hpp"

#include "st0ck/core/assert.hpp"

namespace st0ck::engines::sma_cross {

RollingSum::RollingSum(std::int64_t period) {
  ST0CK_ASSERT(period > 0, "an average has a period");
  closes_.resize(static_cast<std::size_t>(period));
}

void RollingSum::add(core::Price close) {
  sum_ += close - closes_[next_];
  closes_[next_] = close;
  next_ = next_ + 1 == closes_.size() ? 0 : next_ + 1;
  if (count_ < closes_.size()) ++count_;
}

void RollingSum::clear() {
  closes_.assign(closes_.size(), core::Price{});
  next_ = count_ = 0;
  sum_ = {};
}

core::Price RollingSum::average() const {
  if (count_ == 0) return {};
  const auto mean =
      core::divide(sum_.raw(), static_cast<core::Int128>(count_), core::Rounding::HalfEven);
  return core::Price::from_raw(static_cast<std::int64_t>(mean));
}

Crossing::Crossing(std::int64_t fast, std::int64_t slow)
    : fast_period_{fast}, slow_period_{slow}, fast_{fast}, slow_{slow} {}

Cross Crossing::add(core::Price close) {
  fast_.add(close);
  slow_.add(close);
  if (!slow_.is_full()) return Cross::None;
  // Both sides times both periods, so that nothing is divided.
  const core::Int128 above = core::Int128{fast_.sum().raw()} * slow_period_;
  const core::Int128 below = core::Int128{slow_.sum().raw()} * fast_period_;
  if (above == below) return Cross::None;
  const int sign = above > below ? 1 : -1;
  const bool has_crossed = sign_ == -sign;
  sign_ = sign;
  if (!has_crossed) return Cross::None;
  return sign > 0 ? Cross::Up : Cross::Down;
}

void Crossing::clear() {
  fast_.clear();
  slow_.clear();
  sign_ = 0;
}

}  // namespace st0ck::engines::sma_cross
