#include "src/app/exchange/bar_fold.hpp"

#include <algorithm>

namespace st0ck::app::exchange {

void BarFold::add(const market::Bar& bar) {
  if (bar.vwap) {
    turnover_ += core::Int128{bar.vwap->raw()} * bar.volume.raw();
    turnover_volume_ += bar.volume.raw();
  }
  if (!bar_) {
    bar_ = bar;
    return;
  }
  bar_->end = bar.end;
  bar_->high = std::max(bar_->high, bar.high);
  bar_->low = std::min(bar_->low, bar.low);
  bar_->close = bar.close;
  bar_->volume = bar_->volume.checked_add(bar.volume).value_or(core::Volume::max());
  if (bar.trade_count) bar_->trade_count = bar_->trade_count.value_or(0) + *bar.trade_count;
}

std::optional<market::Bar> BarFold::bar() const {
  auto bar = bar_;
  if (!bar) return bar;
  bar->vwap.reset();
  if (turnover_volume_ > 0)
    if (const auto raw =
            core::narrow(core::divide(turnover_, turnover_volume_, core::Rounding::HalfEven)))
      bar->vwap = core::Price::from_raw(*raw);
  return bar;
}

}  // namespace st0ck::app::exchange
