#include "st0ck/market/bar_aggregator.hpp"

#include "st0ck/market/sale_conditions.hpp"

#include <algorithm>

namespace st0ck::market {

using core::Timestamp;

BarAggregator::BarAggregator(core::InstrumentId instrument, BarInterval interval,
                             core::ExchangeCalendar calendar)
    : instrument_{instrument}, interval_{interval}, sessions_{calendar} {}

std::optional<CompletedBar> BarAggregator::add(const Trade& trade) {
  if (defect_of(trade)) {
    ++counters_.refused_defective;
    return std::nullopt;
  }
  const core::Session* session = regular_session_at(trade.time);
  if (session == nullptr) return std::nullopt;
  if (trade.time < floor_) {
    ++counters_.refused_late;
    return std::nullopt;
  }
  auto completed = enter(*session, trade.time);
  const TradeEffect effect = effect_of(trade.conditions);
  if (effect.volume && !add_volume(trade.size)) return completed;
  if (effect.volume) building_->bar.trade_count = building_->bar.trade_count.value_or(0) + 1;
  if (effect.high_low || effect.last) add_extremes(trade.price, trade.price);
  if (effect.last)
    add_price(trade);
  else if (!effect.high_low)
    ++counters_.ineligible_trades;
  return completed;
}

std::optional<CompletedBar> BarAggregator::add(const Bar& bar) {
  if (defect_of(bar)) {
    ++counters_.refused_defective;
    return std::nullopt;
  }
  const core::Session* session = regular_session_at(bar.start);
  if (session == nullptr) return std::nullopt;
  if (bar.start < floor_ || (building_ && bar.start < building_->covered_until)) {
    ++counters_.refused_late;
    return std::nullopt;
  }
  if (bar.end > interval_.bucket_at(*session, bar.start).end) {
    ++counters_.refused_straddling;
    return std::nullopt;
  }
  auto completed = enter(*session, bar.start);
  if (add_volume(bar.volume)) add_prices(bar);
  return completed;
}

std::optional<CompletedBar> BarAggregator::advance_to(Timestamp now) {
  if (building_ && now < building_->bucket.end) return std::nullopt;
  auto completed = complete();
  if (const core::Session* session = sessions_.on_date_of(now); session != nullptr) {
    if (now >= session->close)
      floor_ = std::max(floor_, session->close);
    else if (now >= session->open)
      floor_ = std::max(floor_, interval_.bucket_at(*session, now).start);
  }
  return completed;
}

/// Counts what it refuses.
const core::Session* BarAggregator::regular_session_at(Timestamp time) {
  const core::Session* session = sessions_.on_date_of(time);
  if (session != nullptr && is_regular_hours(*session, time)) return session;
  ++counters_.refused_outside_hours;
  return nullptr;
}

/// Makes the bucket of `time`, which is not late, the one that is being filled.
std::optional<CompletedBar> BarAggregator::enter(const core::Session& session, Timestamp time) {
  if (building_ && time < building_->bucket.end) return std::nullopt;
  auto completed = complete();
  Building next;
  next.session = session;
  next.bucket = interval_.bucket_at(session, time);
  next.bar.instrument = instrument_;
  next.bar.start = next.bucket.start;
  next.bar.end = next.bucket.end;
  next.covered_until = next.bucket.start;
  building_ = next;
  floor_ = next.bucket.start;
  return completed;
}

std::optional<CompletedBar> BarAggregator::complete() {
  if (!building_) return std::nullopt;
  Building done = *building_;
  building_.reset();
  floor_ = std::max(floor_, done.bucket.end);
  if (!done.has_price) {
    const auto sum = counters_.volume_without_price.checked_add(done.bar.volume);
    counters_.volume_without_price = sum.value_or(core::Volume::max());
    return std::nullopt;
  }
  note_empty_buckets(done.session, done.bar.start);
  last_session_ = done.session;
  last_end_ = done.bar.end;
  if (done.is_of_bars) done.uncovered += done.bucket.end - done.covered_until;
  if (done.vwap_known && done.turnover_volume > 0)
    done.bar.vwap = core::Price::from_raw(
        *core::narrow(core::divide(done.turnover, done.turnover_volume, core::Rounding::HalfEven)));
  ++counters_.bars;
  return CompletedBar{done.bar, done.uncovered};
}

void BarAggregator::note_empty_buckets(const core::Session& session, Timestamp start) {
  std::int64_t empty = 0;
  if (last_session_ && last_session_->date == session.date) {
    empty = interval_.count_in(last_end_, start);
  } else {
    if (last_session_) empty = interval_.count_in(last_end_, last_session_->close);
    empty += interval_.count_in(session.open, start);
  }
  counters_.empty_buckets += static_cast<std::uint64_t>(empty);
}

bool BarAggregator::add_volume(core::Volume volume) {
  const auto sum = building_->bar.volume.checked_add(volume);
  if (sum)
    building_->bar.volume = *sum;
  else
    ++counters_.refused_defective;
  return sum.has_value();
}

void BarAggregator::add_price(const Trade& trade) {
  Building& now = *building_;
  if (!now.has_price || trade.time < now.open_time) {
    now.bar.open = trade.price;
    now.open_time = trade.time;
  }
  if (!now.has_price || trade.time >= now.close_time) {
    now.bar.close = trade.price;
    now.close_time = trade.time;
  }
  now.has_price = true;
  add_turnover(trade.price, trade.size);
}

void BarAggregator::add_prices(const Bar& bar) {
  Building& now = *building_;
  if (!now.has_price) {
    now.bar.open = bar.open;
    now.bar.trade_count = bar.trade_count;
  } else if (now.bar.trade_count && bar.trade_count) {
    *now.bar.trade_count += *bar.trade_count;
  } else {
    now.bar.trade_count.reset();
  }
  now.bar.close = bar.close;
  now.has_price = true;
  now.is_of_bars = true;
  add_extremes(bar.high, bar.low);
  if (bar.vwap)
    add_turnover(*bar.vwap, bar.volume);
  else if (!bar.volume.is_zero())
    now.vwap_known = false;
  now.uncovered += bar.start - now.covered_until;
  now.covered_until = bar.end;
}

void BarAggregator::add_extremes(core::Price high, core::Price low) {
  Building& now = *building_;
  now.bar.high = now.has_extremes ? std::max(now.bar.high, high) : high;
  now.bar.low = now.has_extremes ? std::min(now.bar.low, low) : low;
  now.has_extremes = true;
}

void BarAggregator::add_turnover(core::Price price, core::Volume volume) {
  building_->turnover += core::Int128{price.raw()} * volume.raw();
  building_->turnover_volume += volume.raw();
}

}  // namespace st0ck::market
