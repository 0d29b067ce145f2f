#include "src/app/exchange/market_record.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace st0ck::app::exchange {

namespace {

bool has_same_bands(const market::TradingStatus& a, const market::TradingStatus& b) {
  return a.band_low == b.band_low && a.band_high == b.band_high;
}

bool is_same_state(const market::TradingStatus& a, const market::TradingStatus& b) {
  return a.state == b.state && a.reason == b.reason &&
         a.is_short_sale_restricted == b.is_short_sale_restricted;
}

template <typename Tick>
void add_bounded(std::vector<Tick>& ticks, const Tick& tick, std::size_t count_max) {
  if (ticks.size() >= count_max)
    ticks.erase(ticks.begin(), ticks.begin() + static_cast<std::ptrdiff_t>(1 + count_max / 4));
  ticks.push_back(tick);
}

}  // namespace

MarketRecord::MarketRecord(const core::ExchangeCalendar& calendar,
                           const market::InstrumentTable& instruments, History& history,
                           MarketRecordSettings settings)
    : calendar_{calendar},
      instruments_{instruments},
      history_{history},
      settings_{settings},
      ticks_(instruments.size()),
      trade_counts_(instruments.size()),
      listing_exchanges_(instruments.size()),
      latest_trades_(instruments.size()),
      latest_quotes_(instruments.size()),
      statuses_(instruments.size()) {
  settings_.ticks_max = std::max<std::size_t>(settings_.ticks_max, 4);
}

/// Makes the day of `time` the running one; false, and counted, for what belongs to no day.
bool MarketRecord::enter_day(core::Timestamp time) {
  if (time >= day_begin_ && time < day_end_) return true;
  const core::Date date = core::to_new_york(time).date;
  const auto session = calendar_.check(date) ? calendar_.session_on(date) : std::nullopt;
  if (!session || time < day_end_) {
    ++refused_;
    return false;
  }
  if (day_) history_.append(std::move(*day_));
  day_.emplace(*session, instruments_.size());
  day_begin_ = core::from_new_york(date, core::Duration::zero());
  day_end_ = core::from_new_york(date, std::chrono::hours{24});
  for (InstrumentTicks& each : ticks_) {
    each.quotes.clear();
    each.trades.clear();
  }
  std::ranges::fill(trade_counts_, 0);
  std::ranges::fill(latest_quotes_, std::nullopt);
  std::ranges::fill(statuses_, std::nullopt);
  return true;
}

bool MarketRecord::enter(core::InstrumentId instrument, core::Timestamp time) {
  if (instrument.value() < ticks_.size()) return enter_day(time);
  ++refused_;
  return false;
}

void MarketRecord::on_quote(const market::Quote& quote) {
  if (!enter(quote.instrument, quote.time)) return;
  const std::size_t place = quote.instrument.value();
  add_bounded(ticks_[place].quotes, quote, settings_.ticks_max);
  latest_quotes_[place] = quote;
  for (MarketListener* listener : listeners_) listener->on_quote(quote);
}

void MarketRecord::on_trade(const market::Trade& trade) {
  if (!enter(trade.instrument, trade.time)) return;
  const std::size_t place = trade.instrument.value();
  const NumberedTrade numbered{trade, ++trade_counts_[place]};
  add_bounded(ticks_[place].trades, numbered, settings_.ticks_max);
  latest_trades_[place] = numbered;
  if (is_auction(trade)) {
    day_->instruments[place].auctions.push_back(numbered);
    listing_exchanges_[place] = trade.exchange;
  }
  for (MarketListener* listener : listeners_) listener->on_trade(numbered);
}

void MarketRecord::on_bar(const market::Bar& bar) {
  if (!enter(bar.instrument, bar.start)) return;
  InstrumentDay& day = day_->instruments[bar.instrument.value()];
  const bool is_update = !day.minutes.empty() && bar.start <= day.minutes.back().start;
  if (is_update) {
    const auto found = std::ranges::lower_bound(day.minutes, bar.start, {}, &market::Bar::start);
    if (found->start != bar.start) {
      ++refused_;
      return;
    }
    *found = bar;
    day.session = {};
    for (const market::Bar& minute : day.minutes) day.session.add(minute);
  } else {
    day.add(bar);
  }
  const market::Bar session = *day.session.bar();
  for (MarketListener* listener : listeners_) {
    if (is_update)
      listener->on_updated_bar(bar);
    else
      listener->on_bar(bar);
    listener->on_daily_bar(session);
  }
}

void MarketRecord::on_session_phase(const market::SessionPhase& phase) {
  if (!enter_day(phase.session.open)) return;
  for (MarketListener* listener : listeners_) listener->on_session_phase(phase);
}

void MarketRecord::on_trading_status(const market::TradingStatus& status) {
  if (!enter(status.instrument, status.time)) return;
  auto& latest = statuses_[status.instrument.value()];
  const bool is_new_state = !latest || !is_same_state(*latest, status);
  const bool has_new_bands =
      status.band_low && status.band_high && !(latest && has_same_bands(*latest, status));
  latest = status;
  for (MarketListener* listener : listeners_) {
    if (is_new_state) listener->on_status(status);
    if (has_new_bands) listener->on_bands(status);
  }
}

void MarketRecord::on_corporate_action(const market::CorporateAction& action) {
  const auto begin = core::from_new_york(action.ex_date, core::Duration::zero());
  if (enter(action.instrument, begin))
    day_->instruments[action.instrument.value()].actions.push_back(action);
}

std::optional<market::Quote> MarketRecord::quote(core::InstrumentId instrument) const {
  if (instrument.value() >= latest_quotes_.size()) return std::nullopt;
  return latest_quotes_[instrument.value()];
}

std::optional<NumberedTrade> MarketRecord::numbered_trade(core::InstrumentId instrument) const {
  if (instrument.value() >= latest_trades_.size()) return std::nullopt;
  return latest_trades_[instrument.value()];
}

std::optional<market::TradingStatus> MarketRecord::status(core::InstrumentId instrument) const {
  if (instrument.value() >= statuses_.size()) return std::nullopt;
  return statuses_[instrument.value()];
}

std::optional<char> MarketRecord::listing_exchange(core::InstrumentId instrument) const {
  if (instrument.value() >= listing_exchanges_.size()) return std::nullopt;
  return listing_exchanges_[instrument.value()];
}

std::optional<market::Bar> MarketRecord::minute_bar(core::InstrumentId instrument) const {
  if (has_minutes(instrument)) return day_->instruments[instrument.value()].minutes.back();
  const auto& days = history_.days();
  if (days.empty() || instrument.value() >= days.back().instruments.size()) return std::nullopt;
  const auto& minutes = days.back().instruments[instrument.value()].minutes;
  return minutes.empty() ? std::nullopt : std::optional{minutes.back()};
}

std::optional<market::Bar> MarketRecord::daily_bar(core::InstrumentId instrument) const {
  if (has_minutes(instrument)) return day_->instruments[instrument.value()].session.bar();
  return session_bar(instrument, 0);
}

std::optional<market::Bar> MarketRecord::previous_daily_bar(core::InstrumentId instrument) const {
  return session_bar(instrument, has_minutes(instrument) ? 0 : 1);
}

std::optional<market::Bar> MarketRecord::session_bar(core::InstrumentId instrument,
                                                     std::size_t back) const {
  const auto& days = history_.days();
  if (back >= days.size()) return std::nullopt;
  const auto& day = days[days.size() - 1 - back];
  if (instrument.value() >= day.instruments.size()) return std::nullopt;
  return day.instruments[instrument.value()].session.bar();
}

bool MarketRecord::has_minutes(core::InstrumentId instrument) const {
  return day_ && instrument.value() < day_->instruments.size() &&
         !day_->instruments[instrument.value()].minutes.empty();
}

void MarketRecord::add_listener(MarketListener& listener) { listeners_.push_back(&listener); }

void MarketRecord::remove_listener(MarketListener& listener) { std::erase(listeners_, &listener); }

}  // namespace st0ck::app::exchange
