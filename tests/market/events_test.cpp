#include "st0ck/market/events.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace st0ck::market {
namespace {

core::Price cents(std::int64_t count) { return core::Price::from_raw(count * 10'000'000); }

Quote quote(std::int64_t bid, std::int64_t ask) {
  Quote made;
  made.bid = cents(bid);
  made.ask = cents(ask);
  return made;
}

TEST(QuoteDefect, IsAMissingOrNegativeSideOrACrossing) {
  EXPECT_EQ(defect_of(quote(1001, 1002)), std::nullopt);
  EXPECT_EQ(defect_of(quote(1001, 1001)), std::nullopt) << "locked is usable";
  EXPECT_EQ(defect_of(quote(1002, 1001)), "CROSSED");
  EXPECT_EQ(defect_of(quote(0, 1001)), "INVALID");
  EXPECT_EQ(defect_of(quote(1001, 0)), "INVALID");
  EXPECT_EQ(defect_of(quote(-1, 1001)), "INVALID");
}

TEST(TradeDefect, IsAPriceOrSizeNotAboveZero) {
  Trade trade;
  trade.price = cents(1000);
  trade.size = core::Volume::whole(1);
  EXPECT_EQ(defect_of(trade), std::nullopt);

  Trade free = trade;
  free.price = cents(0);
  EXPECT_EQ(defect_of(free), "price is not positive");
  Trade empty = trade;
  empty.size = core::Volume::whole(0);
  EXPECT_EQ(defect_of(empty), "size is not positive");
}

struct BarCase {
  std::string name;
  std::int64_t open, high, low, close;
  std::int64_t volume;
  std::int64_t seconds;
  std::optional<std::string_view> defect;
};

void PrintTo(const BarCase& bar, std::ostream* stream) { *stream << bar.name; }
std::string name_of(const testing::TestParamInfo<BarCase>& info) { return info.param.name; }

class BarDefect : public testing::TestWithParam<BarCase> {};

TEST_P(BarDefect, IsToldInWords) {
  const BarCase& given = GetParam();
  Bar bar;
  bar.end = bar.start + std::chrono::seconds{given.seconds};
  bar.open = cents(given.open);
  bar.high = cents(given.high);
  bar.low = cents(given.low);
  bar.close = cents(given.close);
  bar.volume = core::Volume::whole(given.volume);

  EXPECT_EQ(defect_of(bar), given.defect);
}

INSTANTIATE_TEST_SUITE_P(
    Each, BarDefect,
    testing::Values(BarCase{"Good", 10, 12, 9, 11, 5, 60, std::nullopt},
                    BarCase{"FlatWithoutVolume", 10, 10, 10, 10, 0, 60, std::nullopt},
                    BarCase{"ZeroOpen", 0, 12, 9, 11, 5, 60, "a price is not positive"},
                    BarCase{"NegativeLow", 10, 12, -9, 11, 5, 60, "a price is not positive"},
                    BarCase{"HighBelowOpen", 13, 12, 9, 11, 5, 60, "high is below open or close"},
                    BarCase{"HighBelowClose", 10, 12, 9, 13, 5, 60, "high is below open or close"},
                    BarCase{"LowAboveOpen", 8, 12, 9, 11, 5, 60, "low is above open or close"},
                    BarCase{"LowAboveClose", 10, 12, 9, 8, 5, 60, "low is above open or close"},
                    BarCase{"NegativeVolume", 10, 12, 9, 11, -1, 60, "volume is negative"},
                    BarCase{"NoTime", 10, 12, 9, 11, 5, 0, "the bar ends before it starts"},
                    BarCase{"ReversedTime", 10, 12, 9, 11, 5, -1, "the bar ends before it starts"}),
    name_of);

TEST(EventNames, AreWords) {
  EXPECT_EQ(name_of(Phase::Prepare), "prepare");
  EXPECT_EQ(name_of(Phase::Open), "open");
  EXPECT_EQ(name_of(Phase::Close), "close");
  EXPECT_EQ(name_of(ProviderState::Connected), "connected");
  EXPECT_EQ(name_of(ProviderState::Degraded), "degraded");
  EXPECT_EQ(name_of(ProviderState::Down), "down");
  EXPECT_EQ(name_of(ProviderState::Finished), "finished");
}

}  // namespace
}  // namespace st0ck::market
