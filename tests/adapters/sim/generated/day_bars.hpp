#pragma once

#include "adapters/sim/generated/tape_fixture.hpp"
#include "st0ck/market/bar_aggregator.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace st0ck::adapters::sim::generated {

/// The minutes of one symbol's session, made of its prints, and its spreads.
struct DayBars {
  core::Session session;
  std::vector<market::Bar> minutes;
  std::vector<double> spreads;  ///< Dollars, one of each quote of the regular hours.
  double size_sum = 0;          ///< Of both sides of those quotes.

  double open() const { return minutes.front().open.to_double(); }
  double close() const { return minutes.back().close.to_double(); }
  double low() const {
    double low = open();
    for (const market::Bar& bar : minutes) low = std::min(low, bar.low.to_double());
    return low;
  }
  double high() const {
    double high = open();
    for (const market::Bar& bar : minutes) high = std::max(high, bar.high.to_double());
    return high;
  }
  double range() const { return (high() - low()) / open(); }
  double net() const { return (close() - open()) / open(); }
  double volume() const {
    double sum = 0;
    for (const market::Bar& bar : minutes) sum += bar.volume.to_double();
    return sum;
  }
  double mean_spread() const {
    double sum = 0;
    for (const double spread : spreads) sum += spread;
    return sum / static_cast<double>(spreads.size());
  }
  double mean_size() const { return size_sum / static_cast<double>(2 * spreads.size()); }
  /// Logarithms of close to close.
  std::vector<double> returns() const {
    std::vector<double> all;
    for (std::size_t i = 1; i < minutes.size(); ++i)
      all.push_back(std::log(minutes[i].close.to_double() / minutes[i - 1].close.to_double()));
    return all;
  }
  /// Net move over the sum of the moves of half hours: 1 goes straight, 0 nowhere.
  double efficiency() const {
    double path = 0;
    double last = open();
    for (std::size_t i = 29; i < minutes.size(); i += 30) {
      path += std::abs(minutes[i].close.to_double() - last);
      last = minutes[i].close.to_double();
    }
    return std::abs(last - open()) / path;
  }
};

/// Every symbol's sessions, by its ticker.
inline std::map<std::string, std::vector<DayBars>> bars_of(const TapeSettings& settings) {
  const market::InstrumentTable table = table_of(settings);
  const auto calendar = core::ExchangeCalendar::xnys();
  std::map<std::string, std::vector<DayBars>> days;
  std::vector<market::BarAggregator> aggregators;
  for (const market::Instrument& instrument : table)
    aggregators.emplace_back(instrument.id, market::BarInterval::minutes(1), calendar);
  const auto day_of = [&](core::InstrumentId id) -> DayBars& {
    return days[table[id].symbol.str()].back();
  };
  core::Timestamp open = core::Timestamp::max();
  play(settings, [&](const market::TapeEvent& event) {
    if (const auto* phase = std::get_if<market::SessionPhase>(&event.what)) {
      open = phase->session.open;
      for (const market::Instrument& instrument : table) {
        if (phase->phase == market::Phase::Prepare)
          days[instrument.symbol.str()].emplace_back().session = phase->session;
        if (phase->phase != market::Phase::Close) continue;
        if (const auto done = aggregators[instrument.id.value()].advance_to(event.time))
          day_of(instrument.id).minutes.push_back(done->bar);
      }
    }
    if (const auto* trade = std::get_if<market::Trade>(&event.what))
      if (const auto done = aggregators[trade->instrument.value()].add(*trade))
        day_of(trade->instrument).minutes.push_back(done->bar);
    if (const auto* quote = std::get_if<market::Quote>(&event.what);
        quote != nullptr && event.time >= open) {
      DayBars& day = day_of(quote->instrument);
      day.spreads.push_back((quote->ask - quote->bid).to_double());
      day.size_sum += quote->bid_size.to_double() + quote->ask_size.to_double();
    }
  });
  return days;
}

/// One symbol's sessions.
inline std::vector<DayBars> days_of(const TapeSettings& settings, const std::string& symbol) {
  return bars_of(settings).at(symbol);
}

inline double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto count = static_cast<double>(std::min(a.size(), b.size()));
  double sum_a = 0, sum_b = 0, sum_ab = 0, sum_aa = 0, sum_bb = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    sum_a += a[i];
    sum_b += b[i];
    sum_ab += a[i] * b[i];
    sum_aa += a[i] * a[i];
    sum_bb += b[i] * b[i];
  }
  return (sum_ab - sum_a * sum_b / count) /
         std::sqrt((sum_aa - sum_a * sum_a / count) * (sum_bb - sum_b * sum_b / count));
}

inline double deviation(const std::vector<double>& all) {
  double squares = 0;
  for (const double each : all) squares += each * each;
  return std::sqrt(squares / static_cast<double>(all.size()));
}

}  // namespace st0ck::adapters::sim::generated
