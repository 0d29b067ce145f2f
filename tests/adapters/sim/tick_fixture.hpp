#pragma once

#include "adapters/sim/exchange_fixture.hpp"

// An exchange that follows ticks, made by hand.
namespace st0ck::adapters::sim {

/// `14:30:00.250` on the one day of these tests, or `14:31`.
inline core::Timestamp moment(std::string_view time) {
  const std::string seconds = time.size() == 5 ? ":00Z" : "Z";
  return core::parse_timestamp(fmt::format("2019-02-11T{}{}", time, seconds)).value();
}

inline core::Session session_of_ticks() {
  return {core::Date{std::chrono::year{2019} / 2 / 11}, moment("14:30"), moment("21:00")};
}

class TickExchange : public Exchange {
 public:
  explicit TickExchange(const MatchingSettings& settings = {}) : Exchange{settings} { begin(); }
  TickExchange(const MatchingSettings& settings, const market::Instrument& instrument)
      : Exchange{settings, instrument} {
    begin();
  }

  /// A quote of 300 shares a side.
  void quote(std::string_view time, std::string_view bid, std::string_view ask,
             std::int64_t bid_size = 300, std::int64_t ask_size = 300) {
    market::Quote quote;
    quote.time = moment(time);
    quote.bid = price(bid);
    quote.ask = price(ask);
    quote.bid_size = core::Volume::whole(bid_size);
    quote.ask_size = core::Volume::whole(ask_size);
    clock.set(quote.time);
    engine->on_quote(quote);
  }

  void print(std::string_view time, std::string_view at, std::int64_t size = 100,
             std::string_view conditions = "", char venue = 'P') {
    market::Trade trade;
    trade.time = moment(time);
    trade.price = price(at);
    trade.size = core::Volume::whole(size);
    trade.conditions = market::SaleConditions{conditions};
    trade.exchange = venue;
    clock.set(trade.time);
    engine->on_trade(trade);
  }

  void status(std::string_view time, market::TradingStatus status) {
    status.time = moment(time);
    clock.set(status.time);
    engine->on_trading_status(status);
  }

  void halt(std::string_view time) {
    market::TradingStatus status_now;
    status_now.state = market::TradingState::Halted;
    status_now.reason = core::Code{"T1"};
    status(time, status_now);
  }

  /// The opening auction, and a quote of 99.99 to 100.01.
  void open() {
    print("14:30", "100.00", 50'000, "O");
    quote("14:30", "99.99", "100.01");
    heard();
  }

 private:
  void begin() {
    engine->follow_ticks();
    clock.set(moment("14:20"));
    engine->on_session_open(session_of_ticks());
  }
};

}  // namespace st0ck::adapters::sim
