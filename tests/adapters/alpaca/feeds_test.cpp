#include "st0ck/adapters/alpaca/feeds.hpp"

#include "st0ck/adapters/alpaca/status_board.hpp"
#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

// What feeds are worth, and what the tape's letters mean.
namespace st0ck::alpaca {
namespace {

using namespace std::chrono_literals;
using market::AssetClass;
using market::DataKind;
using market::TradingState;

TEST(Feeds, AreFoundByTheirNames) {
  for (const FeedTraits& feed : all_feeds()) {
    EXPECT_EQ(feed_named(feed.name), feed.feed);
    EXPECT_EQ(traits_of(feed.feed).name, feed.name);
    EXPECT_TRUE(feed.stream_path.ends_with(feed.name));
    EXPECT_FALSE(feed.description.empty());
  }
  EXPECT_FALSE(feed_named("otc"));
}

TEST(Feeds, DecideWhatIsUnavailable) {
  struct Case {
    Feed feed;
    AssetClass asset_class;
    DataKind kind;
    std::string reason;
  };
  const Case cases[] = {
      {Feed::Iex, AssetClass::Equity, DataKind::Quotes, ""},
      {Feed::Iex, AssetClass::Equity, DataKind::Bars, ""},
      {Feed::Iex, AssetClass::Option, DataKind::Quotes, "FEED_OTHER_PRODUCT"},
      {Feed::Iex, AssetClass::Option, DataKind::Statuses, ""},
      {Feed::Sip, AssetClass::Equity, DataKind::Statuses, ""},
      {Feed::DelayedSip, AssetClass::Equity, DataKind::Quotes, "FEED_DELAYED"},
      {Feed::DelayedSip, AssetClass::Equity, DataKind::Bars, "FEED_DELAYED"},
      {Feed::Opra, AssetClass::Option, DataKind::Quotes, ""},
      {Feed::Opra, AssetClass::Option, DataKind::Bars, "FEED_NO_BARS"},
      {Feed::Opra, AssetClass::Equity, DataKind::Quotes, "FEED_OTHER_PRODUCT"},
      {Feed::Indicative, AssetClass::Option, DataKind::Quotes, "FEED_MODIFIED"},
      {Feed::Indicative, AssetClass::Option, DataKind::Trades, "FEED_DELAYED"},
  };
  for (const auto& [feed, asset_class, kind, reason] : cases)
    EXPECT_EQ(unavailability(traits_of(feed), asset_class, kind).value_or(core::Code{}).view(),
              reason)
        << traits_of(feed).name;
}

TEST(Feeds, AreRefusedWhereNothingWorks) {
  market::InstrumentTable instruments;
  market::Instrument stock;
  stock.symbol = core::Symbol{"SPY"};
  instruments.define(stock);
  market::Instrument option;
  option.symbol = core::Symbol{"SPY260320C00600000"};
  option.asset_class = AssetClass::Option;
  instruments.define(option);
  using Needs = std::vector<market::DataNeed>;
  const core::InstrumentId spy{0};
  const core::InstrumentId call{1};

  EXPECT_TRUE(check_needs(traits_of(Feed::Iex), instruments, {}));
  EXPECT_TRUE(check_needs(traits_of(Feed::Iex), instruments,
                          Needs{{call, DataKind::Quotes}, {spy, DataKind::Quotes}}));
  const auto refused =
      check_needs(traits_of(Feed::DelayedSip), instruments, Needs{{spy, DataKind::Quotes}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("FEED_DELAYED"), std::string::npos);
}

TEST(StatusLetters, SayWhatTheyDo) {
  struct Case {
    std::string code;
    std::string reason;
    StatusEffect effect;
  };
  const Case cases[] = {
      {"H", "T1", StatusEffect::Halt},  {"H", "LUDP", StatusEffect::Pause},
      {"H", "T5", StatusEffect::Pause}, {"P", "", StatusEffect::Pause},
      {"2", "D", StatusEffect::Halt},   {"2", "M", StatusEffect::Pause},
      {"3", "", StatusEffect::Resume},  {"T", "T3", StatusEffect::Resume},
      {"Q", "R4", StatusEffect::None},  {"E", "", StatusEffect::RestrictShortSales},
      {"F", "", StatusEffect::None},    {"5", "", StatusEffect::None},
      {"", "", StatusEffect::None},     {"HALT", "", StatusEffect::None},
  };
  for (const auto& [code, reason, effect] : cases)
    EXPECT_EQ(effect_of(code, reason), effect) << code << ' ' << reason;
}

class StatusBoardTest : public ::testing::Test {
 protected:
  static constexpr core::InstrumentId kSpy{0};

  core::Timestamp begin_ = core::parse_timestamp("2026-03-03T15:00:00Z").value();
  StatusBoard board_{core::ExchangeCalendar::xnys()};

  const market::TradingStatus* status(core::Duration after, const char* code,
                                      const char* reason = "") {
    return board_.apply(kSpy, TapeStatus{.time = begin_ + after,
                                         .status_code = core::Code{code},
                                         .reason_code = core::Code{reason},
                                         .status_message = {},
                                         .reason_message = {}});
  }
  const market::TradingStatus* bands(core::Duration after, char indicator) {
    return board_.apply(kSpy, TapeBands{.time = begin_ + after,
                                        .up = core::Price::whole(110),
                                        .down = core::Price::whole(90),
                                        .indicator = indicator});
  }
};

TEST_F(StatusBoardTest, PutsBothChannelsTogether) {
  ASSERT_NE(bands(1s, 'A'), nullptr);
  const auto* halted = status(2s, "H", "T1");

  ASSERT_NE(halted, nullptr);
  EXPECT_EQ(halted->state, TradingState::Halted);
  EXPECT_EQ(halted->reason.view(), "T1");
  EXPECT_EQ(halted->band_low, core::Price::whole(90));
  EXPECT_TRUE(board_.is_halted(kSpy));
  EXPECT_FALSE(bands(3s, 'D')->band_high);
  const auto* resumed = status(4s, "T", "T3");
  EXPECT_EQ(resumed->state, TradingState::Trading);
  EXPECT_TRUE(resumed->reason.empty());
}

TEST_F(StatusBoardTest, ChangesNothingForAnOlderMessageOfAChannel) {
  status(5s, "H", "T1");

  EXPECT_EQ(status(4s, "T"), nullptr);
  EXPECT_TRUE(board_.is_halted(kSpy));
  // The other channel may lag behind; the time told does not go back.
  EXPECT_EQ(bands(3s, 'B')->time, begin_ + 5s);
}

TEST_F(StatusBoardTest, RestrictsShortSalesForThisSessionAndTheNext) {
  EXPECT_TRUE(status(1s, "E")->is_short_sale_restricted);
  EXPECT_TRUE(bands(30h - 1ns, 'B')->is_short_sale_restricted);
  EXPECT_FALSE(bands(30h, 'B')->is_short_sale_restricted);
}

}  // namespace
}  // namespace st0ck::alpaca
