#include "st0ck/market/market_data.hpp"

#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace st0ck::market {
namespace {

using core::InstrumentId;
using core::Timestamp;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr InstrumentId kSpy{3};
constexpr core::Duration kAgeMax = seconds{2};

constexpr Timestamp at(std::chrono::nanoseconds since) {
  return Timestamp{std::chrono::hours{400'000}} + since;
}

core::Price cents(std::int64_t count) { return core::Price::from_raw(count * 10'000'000); }

Quote quote_at(Timestamp time, std::int64_t bid = 1000, std::int64_t ask = 1002) {
  Quote quote;
  quote.instrument = kSpy;
  quote.time = time;
  quote.bid = cents(bid);
  quote.ask = cents(ask);
  return quote;
}

Trade trade_at(Timestamp time, std::int64_t price = 1000) {
  Trade trade;
  trade.instrument = kSpy;
  trade.time = time;
  trade.price = cents(price);
  trade.size = core::Volume::whole(1);
  return trade;
}

Bar bar_at(Timestamp start, std::int64_t close = 1000) {
  Bar bar;
  bar.instrument = kSpy;
  bar.start = start;
  bar.end = start + minutes{1};
  bar.open = bar.high = bar.low = bar.close = cents(close);
  return bar;
}

TEST(MarketData, HasNothingBeforeItHeardAnything) {
  MarketData data;
  const auto reading = data.quote(kSpy, at(seconds{0}), kAgeMax);

  EXPECT_EQ(reading.staleness, Staleness::Missing);
  EXPECT_FALSE(reading.is_fresh());
  EXPECT_FALSE(data.last_bar(kSpy).has_value());
  EXPECT_FALSE(data.last_trade(kSpy).has_value());
  EXPECT_FALSE(data.mark(kSpy).has_value());
}

TEST(MarketData, KeepsInstrumentsApart) {
  MarketData data;
  data.declare(0, {.instrument = InstrumentId{9}});
  data.apply(quote_at(at(seconds{0})));
  EXPECT_EQ(data.quote(InstrumentId{2}, at(seconds{0}), kAgeMax).staleness, Staleness::Missing);
  EXPECT_EQ(data.quote(InstrumentId{9}, at(seconds{0}), kAgeMax).staleness, Staleness::Missing);
  EXPECT_EQ(data.quote(InstrumentId{10}, at(seconds{0}), kAgeMax).staleness, Staleness::Missing);
  EXPECT_TRUE(data.quote(kSpy, at(seconds{0}), kAgeMax).is_fresh());
}

TEST(MarketData, CallsAQuoteStaleOnceItIsOlderThanAllowed) {
  MarketData data;
  data.apply(quote_at(at(seconds{10})));

  const auto fresh = data.quote(kSpy, at(seconds{12}), kAgeMax);
  const auto stale = data.quote(kSpy, at(seconds{12} + nanoseconds{1}), kAgeMax);

  EXPECT_TRUE(fresh.is_fresh());
  EXPECT_EQ(fresh.age, seconds{2});
  EXPECT_EQ(stale.staleness, Staleness::Stale);
  EXPECT_EQ(stale.quote.bid, cents(1000)) << "the stale one can still be looked at";
}

TEST(MarketData, HoldsADerivedQuoteFreshUntilTheNextBarIsDue) {
  MarketData data;
  Quote derived = quote_at(at(minutes{1}));
  derived.derived_fresh_until = at(minutes{2});
  data.apply(derived);

  const auto before = data.quote(kSpy, at(minutes{2} - nanoseconds{1}), kAgeMax);
  const auto due = data.quote(kSpy, at(minutes{2}), kAgeMax);

  EXPECT_TRUE(before.is_fresh()) << "older than an observed quote may be";
  EXPECT_EQ(due.staleness, Staleness::Stale);
}

TEST(MarketData, RefusesAndCountsDefects) {
  MarketData data;
  Trade trade = trade_at(at(seconds{0}));
  trade.size = core::Volume::whole(0);
  Bar bar = bar_at(at(seconds{0}));
  bar.high = cents(1);

  EXPECT_FALSE(data.apply(quote_at(at(seconds{0}), 1002, 1001)));
  EXPECT_FALSE(data.apply(quote_at(at(seconds{0}), 0, 1001)));
  EXPECT_FALSE(data.apply(trade));
  EXPECT_FALSE(data.apply(bar));

  EXPECT_EQ(data.counters().refused_defective, 4U);
  EXPECT_EQ(data.counters().accepted, 0U);
  EXPECT_EQ(data.quote(kSpy, at(seconds{0}), kAgeMax).staleness, Staleness::Missing);
}

TEST(MarketData, RefusesAndCountsWhatIsOlderThanWhatItHas) {
  MarketData data;
  EXPECT_TRUE(data.apply(quote_at(at(seconds{10}))));
  EXPECT_TRUE(data.apply(trade_at(at(seconds{10}))));
  EXPECT_TRUE(data.apply(bar_at(at(minutes{1}))));

  EXPECT_FALSE(data.apply(quote_at(at(seconds{10} - nanoseconds{1}))));
  EXPECT_FALSE(data.apply(trade_at(at(seconds{10} - nanoseconds{1}))));
  EXPECT_FALSE(data.apply(bar_at(at(seconds{0}))));
  EXPECT_FALSE(data.apply(bar_at(at(minutes{1})))) << "a second bar of one time";

  EXPECT_TRUE(data.apply(quote_at(at(seconds{10}), 1001))) << "many quotes share one time";
  EXPECT_TRUE(data.apply(trade_at(at(seconds{10}))));
  EXPECT_EQ(data.counters().refused_out_of_order, 4U);
  EXPECT_EQ(data.counters().accepted, 5U);
  EXPECT_EQ(data.quote(kSpy, at(seconds{10}), kAgeMax).quote.bid, cents(1001));
}

TEST(MarketData, MarksByTheLatestOfTradeBarAndObservedQuote) {
  MarketData data;
  data.apply(bar_at(at(seconds{0}), 1000));
  EXPECT_EQ(data.mark(kSpy), cents(1000));
  data.apply(quote_at(at(minutes{1}), 1010, 1012));
  EXPECT_EQ(data.mark(kSpy), cents(1011));
  data.apply(trade_at(at(minutes{1}), 1012));
  EXPECT_EQ(data.mark(kSpy), cents(1012));

  Quote derived = quote_at(at(minutes{2}), 1, 3);
  derived.derived_fresh_until = at(minutes{3});
  data.apply(derived);

  EXPECT_EQ(data.mark(kSpy), cents(1012)) << "a derived quote says nothing new";
}

/// After a break a provider's history tells the bars that were missed.
TEST(MarketData, TakesAnOldBarWithoutMarkingByIt) {
  MarketData data;
  data.apply(quote_at(at(minutes{5}), 1010, 1012));

  EXPECT_TRUE(data.apply(bar_at(at(minutes{2}), 900)));
  EXPECT_EQ(data.mark(kSpy), cents(1011));
  EXPECT_TRUE(data.apply(bar_at(at(minutes{4}), 1005)));

  EXPECT_EQ(data.mark(kSpy), cents(1005)) << "it ends when the quote was made";
}

TEST(MarketData, KeepsTheLastBarAndTrade) {
  MarketData data;
  data.apply(bar_at(at(seconds{0}), 1000));
  data.apply(bar_at(at(minutes{1}), 1001));
  data.apply(trade_at(at(seconds{90}), 1003));

  EXPECT_EQ(data.last_bar(kSpy)->close, cents(1001));
  EXPECT_EQ(data.last_trade(kSpy)->price, cents(1003));
}

TEST(MarketData, TellsWhoNeedsWhatInTheOrderOfTheirDeclarations) {
  MarketData data;
  data.declare(2, {.instrument = kSpy, .kind = DataKind::Bars});
  data.declare(0, {.instrument = kSpy, .kind = DataKind::Bars});
  data.declare(1, {.instrument = kSpy, .kind = DataKind::Quotes});

  const auto bars = data.subscribers(kSpy, DataKind::Bars);

  EXPECT_TRUE(std::ranges::equal(bars, std::vector<Subscriber>{2, 0}));
  EXPECT_TRUE(data.is_needed(kSpy, DataKind::Quotes));
  EXPECT_FALSE(data.is_needed(kSpy, DataKind::Trades));
  EXPECT_FALSE(data.is_needed(InstrumentId{50}, DataKind::Bars));
}

TEST(MarketData, ReadsAQuoteByTheAgeThatEachSubscriberDeclared) {
  MarketData data;
  data.declare(0, {.instrument = kSpy, .age_max = seconds{1}});
  data.declare(1, {.instrument = kSpy, .age_max = seconds{5}});
  data.declare(2, {.instrument = kSpy, .kind = DataKind::Bars});
  data.apply(quote_at(at(seconds{0})));

  EXPECT_EQ(data.quote_for(0, kSpy, at(seconds{3})).staleness, Staleness::Stale);
  EXPECT_EQ(data.quote_for(1, kSpy, at(seconds{3})).staleness, Staleness::Fresh);
  EXPECT_EQ(data.quote_for(2, kSpy, at(seconds{3})).staleness, Staleness::Missing)
      << "it declared bars only";
}

TEST(MarketData, AllocatesNothingForAnInstrumentThatWasDeclared) {
  MarketData data;
  data.declare(0, {.instrument = kSpy});

  const auto before = test::allocations_of_this_thread();
  for (int i = 0; i < 1000; ++i) {
    data.apply(quote_at(at(seconds{i})));
    data.apply(trade_at(at(seconds{i})));
    data.apply(bar_at(at(minutes{i})));
    static_cast<void>(data.quote(kSpy, at(seconds{i}), kAgeMax));
  }
  const auto after = test::allocations_of_this_thread();

  EXPECT_EQ(after, before);
  EXPECT_EQ(data.counters().accepted, 3000U);
}

}  // namespace
}  // namespace st0ck::market
