#include "st0ck/adapters/sim/live_venue.hpp"

#include "adapters/sim/tick_fixture.hpp"
#include "st0ck/market/null_event_sink.hpp"

#include <gtest/gtest.h>

// Simulated orders on somebody else's market.
namespace st0ck::adapters::sim {
namespace {

/// Takes what goes on to the kernel.
class Kernel final : public market::NullEventSink {
 public:
  void on_quote(const market::Quote&) override { ++quotes; }

  int quotes = 0;
};

class LiveVenueTest : public testing::Test {
 protected:
  LiveVenueTest() { line.connect(*exchange.engine); }

  void phase(std::string_view time, market::Phase phase) {
    exchange.clock.set(moment(time));
    venue.on_session_phase({phase, session_of_ticks()});
  }

  void quote(std::string_view time, std::string_view bid = "99.99") {
    market::Quote quote;
    quote.time = moment(time);
    quote.bid = price(bid);
    quote.ask = price("100.01");
    quote.bid_size = quote.ask_size = core::Volume::whole(300);
    exchange.clock.set(quote.time);
    venue.on_quote(quote);
  }

  TickExchange exchange;
  OrderLine line{exchange.clock, {}, exchange.updates};
  Kernel kernel;
  LiveVenue venue{{*exchange.engine, line, kernel, [] {}}};
};

TEST_F(LiveVenueTest, MatchesQuotesFromFiveMinutesAfterTheOpenThoughNoPrintWasSeen) {
  phase("14:30", market::Phase::Open);
  exchange.enter(buy("a", 10));
  quote("14:30:01");
  quote("14:34:59.999");
  EXPECT_EQ(exchange.heard(), Lines{"a accepted"});

  quote("14:35");
  EXPECT_EQ(exchange.heard(), Lines{"a fill 10 @ 100.01 at 14:35"});
}

TEST_F(LiveVenueTest, MatchesAtOnceWhereARunBeginsInsideASession) {
  phase("15:00", market::Phase::Open);
  exchange.enter(buy("a", 10));

  quote("15:00:01");

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a fill 10 @ 100.01 at 15:00"}));
}

/// A process that is started again hears of no open any more, and still holds what it held.
TEST_F(LiveVenueTest, GoesOnInsideTheSessionThatAnEarlierProcessHasBegun) {
  exchange.clock.set(moment("15:00"));
  BrokerAccount account{core::Money::whole(1'000)};
  account.hold(core::InstrumentId{}, core::Quantity::whole(10));
  venue.resume(market::SessionPhase{market::Phase::Open, session_of_ticks()}, account);
  exchange.enter(sell("a", 10));

  quote("15:00:01");

  EXPECT_EQ(exchange.heard(), (Lines{"a accepted", "a fill 10 @ 99.99 at 15:00"}));
}

TEST_F(LiveVenueTest, MatchesNothingAfterTheClose) {
  phase("15:00", market::Phase::Open);
  phase("21:00", market::Phase::Close);
  exchange.enter(buy("a", 10));

  quote("21:00:01");

  EXPECT_EQ(exchange.heard(), Lines{"a accepted"});
}

TEST_F(LiveVenueTest, TradesAgainstNoQuoteThatTheKernelRefuses) {
  phase("15:00", market::Phase::Open);
  exchange.enter(buy("a", 10));

  quote("15:00:01", "-1");

  EXPECT_EQ(exchange.heard(), Lines{"a accepted"});
  EXPECT_EQ(kernel.quotes, 1) << "it counts and tells of it";
}

}  // namespace
}  // namespace st0ck::adapters::sim
