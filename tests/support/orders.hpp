#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/fill.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_update.hpp"
#include "st0ck/trading/risk_manager.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <variant>

namespace st0ck::test {

inline core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
inline core::Money money(std::string_view text) { return core::Money::parse(text).value(); }
inline core::Rate rate(std::string_view text) { return core::Rate::parse(text).value(); }
inline core::Quantity quantity(std::string_view text) {
  return core::Quantity::parse(text).value();
}
inline core::Quantity shares(std::int64_t count) { return core::Quantity::whole(count); }
inline core::Timestamp utc(std::string_view text) { return core::parse_timestamp(text).value(); }

/// A clock that the test moves.
class HandClock : public core::Clock {
 public:
  explicit HandClock(core::Timestamp now) : now_{now} {}
  core::Timestamp now() const override { return now_; }
  void set(core::Timestamp now) { now_ = now; }
  void pass(core::Duration time) { now_ += time; }

 private:
  core::Timestamp now_;
};

/// SPY, a share; OPT, an option with a multiplier of 100; QQQ, a share. In this order.
struct ThreeInstruments {
  ThreeInstruments() {
    market::Instrument definition;
    definition.symbol = core::Symbol{"SPY"};
    spy = table.define(definition).id;
    definition.symbol = core::Symbol{"SPY190211C00270000"};
    definition.asset_class = market::AssetClass::Option;
    definition.multiplier = core::Multiplier{100};
    option = table.define(definition).id;
    definition.symbol = core::Symbol{"QQQ"};
    definition.asset_class = market::AssetClass::Equity;
    definition.multiplier = core::kUnitMultiplier;
    qqq = table.define(definition).id;
  }

  market::InstrumentTable table;
  core::InstrumentId spy;
  core::InstrumentId option;
  core::InstrumentId qqq;
};

/// An intent in the making: `IntentBuilder{Side::Buy, 10}.limit("99.50").exit()`.
class IntentBuilder {
 public:
  IntentBuilder(trading::Side side, std::int64_t count) {
    intent_.client_order_id = core::ClientOrderId{"a-st0cka-20190211-1"};
    intent_.account = core::AccountId{"default"};
    intent_.bot = core::BotId{"a"};
    intent_.engine = core::EngineName{"st0cka"};
    intent_.legs.push_back({core::InstrumentId{}, side, 1});
    intent_.terms.quantity = shares(count);
    intent_.reason = core::Code{"TEST"};
  }

  IntentBuilder& id(std::string_view id) {
    intent_.client_order_id = core::ClientOrderId{id};
    return *this;
  }
  IntentBuilder& of(core::InstrumentId instrument) {
    intent_.legs.front().instrument = instrument;
    return *this;
  }
  IntentBuilder& limit(std::string_view limit) {
    intent_.terms.limit = price(limit);
    intent_.type = intent_.terms.stop ? trading::OrderType::StopLimit : trading::OrderType::Limit;
    return *this;
  }
  IntentBuilder& stop(std::string_view stop) {
    intent_.terms.stop = price(stop);
    intent_.type = intent_.terms.limit ? trading::OrderType::StopLimit : trading::OrderType::Stop;
    return *this;
  }
  IntentBuilder& exit() {
    intent_.purpose = trading::Purpose::Exit;
    return *this;
  }
  IntentBuilder& reason(std::string_view reason) {
    intent_.reason = core::Code{reason};
    return *this;
  }

  operator const trading::OrderIntent&() const { return intent_; }
  const trading::OrderIntent& operator*() const { return intent_; }

 private:
  trading::OrderIntent intent_;
};

/// What lets an order of any size and price pass.
struct OpenDoor {
  explicit OpenDoor(const trading::OrderIntent& intent)
      : facts{.intent = intent, .instrument = instrument, .now = {}} {
    instrument.id = intent.leg().instrument;
    instrument.tick = core::Price::from_raw(1);
    facts.quote.staleness = market::Staleness::Fresh;
    facts.quote.quote.bid = core::Price::whole(1);
    facts.quote.quote.ask = core::Price::whole(1);
    facts.in_session = true;
    facts.buying_power = core::Money::max();
    facts.day_pnl = core::Money{};
    facts.equity = facts.equity_peak = core::Money::max();
    facts.position = signed_quantity(opposite(intent.leg().side), intent.terms.quantity);
    limits.order_quantity_max = core::Quantity::max();
    limits.order_notional_max = core::Money::max();
    limits.position_quantity_max = core::Quantity::max();
    limits.price_collar = core::Rate::whole(1'000'000);
  }

  market::Instrument instrument;
  trading::RiskFacts facts;
  trading::RiskLimits limits;
  trading::RiskReadings readings;
};

/// Has the risk manager approve an intent that nothing speaks against.
inline trading::Approved<trading::OrderIntent> approved(const trading::OrderIntent& intent) {
  OpenDoor door{intent};
  auto verdict = trading::RiskManager::review(door.facts, door.limits, door.readings);
  return std::get<trading::Approved<trading::OrderIntent>>(std::move(verdict));
}

/// The same for new terms of the order.
inline trading::Approved<trading::ReplaceIntent> approved_replace(
    const trading::OrderIntent& intent, const trading::ReplaceIntent& replace) {
  OpenDoor door{intent};
  auto verdict = trading::RiskManager::review(door.facts, door.limits, replace, door.readings);
  return std::get<trading::Approved<trading::ReplaceIntent>>(std::move(verdict));
}

}  // namespace st0ck::test
