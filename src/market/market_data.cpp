#include "st0ck/market/market_data.hpp"

#include <algorithm>

namespace st0ck::market {

namespace {

/// What a price before a corporate action is worth after it; at least 1e-9 dollars.
core::Price ex(core::Price price, const CorporateAction& action, core::Rounding rounding) {
  constexpr core::Price kSmallest = core::Price::from_raw(1);
  if (action.kind == CorporateActionKind::CashDividend)
    return std::max(price - action.amount, std::min(price, kSmallest));
  const auto raw = core::narrow(
      core::divide(core::Int128{price.raw()} * action.denominator, action.numerator, rounding));
  return std::max(raw ? core::Price::from_raw(*raw) : core::Price::max(), kSmallest);
}

}  // namespace

void MarketData::declare(Subscriber subscriber, const DataNeed& need) {
  Latest& latest = latest_of(need.instrument);
  const auto kind = static_cast<std::size_t>(need.kind);
  latest.subscribers[kind].push_back(subscriber);
  latest.ages_max[kind].push_back(need.age_max);
}

bool MarketData::is_declared(Subscriber subscriber, core::InstrumentId instrument) const {
  const Latest* latest = find(instrument);
  return latest != nullptr &&
         std::any_of(
             latest->subscribers.begin(), latest->subscribers.end(), [&](const auto& of_kind) {
               return std::find(of_kind.begin(), of_kind.end(), subscriber) != of_kind.end();
             });
}

bool MarketData::apply(const Quote& quote) {
  if (defect_of(quote)) return refuse_defective();
  Latest& latest = latest_of(quote.instrument);
  if (latest.quote && quote.time < latest.quote->time) return refuse_out_of_order();
  latest.quote = quote;
  // A derived quote knows nothing that its bar did not say.
  if (!quote.is_derived()) latest.note_mark(core::midpoint(quote.bid, quote.ask), quote.time);
  ++counters_.accepted;
  return true;
}

bool MarketData::apply(const Trade& trade) {
  if (defect_of(trade)) return refuse_defective();
  Latest& latest = latest_of(trade.instrument);
  if (latest.trade && trade.time < latest.trade->time) return refuse_out_of_order();
  latest.trade = trade;
  latest.note_mark(trade.price, trade.time);
  ++counters_.accepted;
  return true;
}

bool MarketData::apply(const Bar& bar) {
  if (defect_of(bar)) return refuse_defective();
  Latest& latest = latest_of(bar.instrument);
  if (latest.bar && bar.start <= latest.bar->start) return refuse_out_of_order();
  latest.bar = bar;
  latest.note_mark(bar.close, bar.end);
  ++counters_.accepted;
  return true;
}

bool MarketData::apply(const TradingStatus& status) {
  if (defect_of(status)) return refuse_defective();
  Latest& latest = latest_of(status.instrument);
  if (latest.status && status.time < latest.status->time) return refuse_out_of_order();
  latest.status = status;
  ++counters_.accepted;
  return true;
}

bool MarketData::apply(const CorporateAction& action) {
  if (defect_of(action)) return refuse_defective();
  Latest& latest = latest_of(action.instrument);
  if (latest.mark) latest.mark = ex(*latest.mark, action, core::Rounding::HalfEven);
  if (latest.quote) {
    latest.quote->bid = ex(latest.quote->bid, action, core::Rounding::Down);
    latest.quote->ask = ex(latest.quote->ask, action, core::Rounding::Up);
  }
  ++counters_.accepted;
  return true;
}

QuoteReading MarketData::quote(core::InstrumentId instrument, core::Timestamp now,
                               core::Duration age_max) const {
  const Latest* latest = find(instrument);
  if (latest == nullptr || !latest->quote) return {};
  const Quote& quote = *latest->quote;
  const auto age = now - quote.time;
  const bool fresh = quote.is_derived() ? now < *quote.derived_fresh_until : age <= age_max;
  return {fresh ? Staleness::Fresh : Staleness::Stale, quote, age};
}

QuoteReading MarketData::quote_for(Subscriber subscriber, core::InstrumentId instrument,
                                   core::Timestamp now) const {
  const auto all = subscribers(instrument, DataKind::Quotes);
  const auto found = std::find(all.begin(), all.end(), subscriber);
  if (found == all.end()) return {};
  const auto& ages = find(instrument)->ages_max[static_cast<std::size_t>(DataKind::Quotes)];
  return quote(instrument, now, ages[static_cast<std::size_t>(found - all.begin())]);
}

std::optional<Bar> MarketData::last_bar(core::InstrumentId instrument) const {
  const Latest* latest = find(instrument);
  return latest == nullptr ? std::nullopt : latest->bar;
}

std::optional<Trade> MarketData::last_trade(core::InstrumentId instrument) const {
  const Latest* latest = find(instrument);
  return latest == nullptr ? std::nullopt : latest->trade;
}

std::optional<TradingStatus> MarketData::trading_status(core::InstrumentId instrument) const {
  const Latest* latest = find(instrument);
  return latest == nullptr ? std::nullopt : latest->status;
}

std::optional<core::Price> MarketData::mark(core::InstrumentId instrument) const {
  const Latest* latest = find(instrument);
  return latest == nullptr ? std::nullopt : latest->mark;
}

void MarketData::grow_to(core::InstrumentId instrument) { latest_.resize(instrument.value() + 1); }

bool MarketData::refuse_defective() {
  ++counters_.refused_defective;
  return false;
}

bool MarketData::refuse_out_of_order() {
  ++counters_.refused_out_of_order;
  return false;
}

}  // namespace st0ck::market
