#pragma once

#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/order_update.hpp"
#include "support/orders.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::adapters::sim {

using test::money;
using test::price;
using test::rate;
using test::shares;

/// Keeps every update as it came.
class RecordingUpdates : public trading::OrderUpdateSink {
 public:
  void on_order_update(const trading::OrderUpdate& update) override { all.push_back(update); }

  std::vector<trading::OrderUpdate> all;
};

/// `14:31` on the one day of these tests.
inline core::Timestamp at(std::string_view time) {
  return core::parse_timestamp(fmt::format("2019-02-11T{}:00Z", time)).value();
}

struct BarPrices {
  std::string_view open;
  std::string_view high;
  std::string_view low;
  std::string_view close;
};

/// A minute of trading that begins at `start`.
inline market::Bar bar(std::string_view start, const BarPrices& prices,
                       std::int64_t volume = 10'000) {
  market::Bar bar;
  bar.start = at(start);
  bar.end = bar.start + std::chrono::minutes{1};
  bar.open = price(prices.open);
  bar.high = price(prices.high);
  bar.low = price(prices.low);
  bar.close = price(prices.close);
  bar.volume = core::Volume::whole(volume);
  return bar;
}

/// An order in the making: `buy("a", 10).limit("99.50").gtc()`.
class OrderBuilder {
 public:
  OrderBuilder(trading::Side side, std::string_view id, std::int64_t quantity) {
    intent_.client_order_id = core::ClientOrderId{id};
    intent_.legs.push_back({core::InstrumentId{}, side, 1});
    intent_.terms.quantity = shares(quantity);
  }

  OrderBuilder& limit(std::string_view limit) {
    intent_.terms.limit = price(limit);
    intent_.type = intent_.terms.stop ? trading::OrderType::StopLimit : trading::OrderType::Limit;
    return *this;
  }
  OrderBuilder& stop(std::string_view stop) {
    intent_.terms.stop = price(stop);
    intent_.type = intent_.terms.limit ? trading::OrderType::StopLimit : trading::OrderType::Stop;
    return *this;
  }
  OrderBuilder& gtc() { return in_force(trading::TimeInForce::Gtc); }
  OrderBuilder& ioc() { return in_force(trading::TimeInForce::Ioc); }

  operator const trading::OrderIntent&() const { return intent_; }
  trading::OrderIntent& intent() { return intent_; }

 private:
  OrderBuilder& in_force(trading::TimeInForce time_in_force) {
    intent_.time_in_force = time_in_force;
    return *this;
  }

  trading::OrderIntent intent_;
};

inline OrderBuilder buy(std::string_view id, std::int64_t quantity) {
  return {trading::Side::Buy, id, quantity};
}
inline OrderBuilder sell(std::string_view id, std::int64_t quantity) {
  return {trading::Side::Sell, id, quantity};
}

/// One simulated exchange with one instrument and a clock at 14:30.
class Exchange {
 public:
  explicit Exchange(const MatchingSettings& settings = {}) : Exchange{settings, spy()} {}
  Exchange(const MatchingSettings& settings, const market::Instrument& instrument) {
    instruments.define(instrument);
    engine.emplace(clock, instruments, settings, updates);
  }

  void enter(const trading::OrderIntent& intent) { engine->enter(intent); }
  void cancel(std::string_view id) { engine->cancel(core::ClientOrderId{id}); }
  void amend(std::string_view id, const trading::OrderIntent& wanted) {
    engine->amend({core::ClientOrderId{id}, wanted.terms, core::Code{"TEST"}});
  }

  /// Plays a bar's open with the clock at its start, and then the inside with the clock at its end.
  void play(const market::Bar& bar) {
    play_open(bar);
    play_inside(bar);
  }
  void play_open(const market::Bar& bar) {
    clock.set(bar.start);
    engine->on_bar_open(bar);
  }
  void play_inside(const market::Bar& bar) {
    clock.set(bar.end);
    engine->on_bar_stops(bar);
    engine->on_bar_limits(bar);
  }

  /// What was said since the last call, one line each: `a Fill 10 @ 100.00 at 14:31`, or
  /// `a Rejected BAD_ORDER`.
  std::vector<std::string> heard() {
    std::vector<std::string> lines;
    for (; heard_ < updates.all.size(); ++heard_) lines.push_back(line_of(updates.all[heard_]));
    return lines;
  }

  /// The last thing said.
  const trading::OrderUpdate& last() const { return updates.all.back(); }

  test::HandClock clock{at("14:30")};
  market::InstrumentTable instruments;
  RecordingUpdates updates;
  std::optional<MatchingEngine> engine;

 private:
  static market::Instrument spy() {
    market::Instrument spy;
    spy.symbol = core::Symbol{"SPY"};
    return spy;
  }

  static std::string line_of(const trading::OrderUpdate& update) {
    if (update.kind == trading::OrderUpdateKind::Fill)
      return fmt::format("{} fill {} @ {} at {}", update.client_order_id,
                         update.quantity.to_string(), update.price.to_string(),
                         core::format_utc(update.time).substr(11, 5));
    return fmt::format("{} {}{}{}", update.client_order_id, name_of(update.kind),
                       update.reason.empty() ? "" : " ", update.reason);
  }

  std::size_t heard_ = 0;
};

using Lines = std::vector<std::string>;

}  // namespace st0ck::adapters::sim
