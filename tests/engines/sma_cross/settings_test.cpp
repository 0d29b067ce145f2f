#include "engines/sma_cross/register.hpp"
#include "engines/sma_cross/settings_of.hpp"
#include "st0ck/kernel/engine_registry.hpp"
#include "support/orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace st0ck::engines::sma_cross {
namespace {

using test::sma_cross_problems;
using test::sma_cross_settings;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(SmaCrossSettings, AreTheAnchorsStrategyByDefault) {
  const Settings settings = sma_cross_settings();

  EXPECT_EQ(settings.fast, 10);
  EXPECT_EQ(settings.slow, 30);
  EXPECT_EQ(settings.size, test::shares(10));
  EXPECT_EQ(settings.target, test::rate("0.01"));
  EXPECT_EQ(settings.stop, test::rate("0.01"));
  EXPECT_EQ(settings.direction, Direction::Long);
  EXPECT_THAT(settings.entry, ElementsAre(EntryStyle::Market));
  EXPECT_THAT(settings.exits, ElementsAre(ExitStyle::Bracket));
  EXPECT_EQ(settings.exit_time_in_force, trading::TimeInForce::Gtc);
  EXPECT_EQ(settings.flat_by, FlatBy::Hold);
  EXPECT_TRUE(settings.across_sessions);
}

TEST(SmaCrossSettings, TakeSeveralWaysInTurn) {
  const Settings settings =
      sma_cross_settings("entry: [limit, stop_limit, fok]\nexits: [oco, trailing]");

  EXPECT_THAT(settings.entry,
              ElementsAre(EntryStyle::Limit, EntryStyle::StopLimit, EntryStyle::Fok));
  EXPECT_THAT(settings.exits, ElementsAre(ExitStyle::Oco, ExitStyle::Trailing));
}

TEST(SmaCrossSettings, RefuseASlowAverageThatIsNotSlower) {
  EXPECT_THAT(sma_cross_problems("fast: 30"), ElementsAre(HasSubstr("a period longer than fast")));
}

TEST(SmaCrossSettings, RefuseAListWithoutAWay) {
  EXPECT_THAT(sma_cross_problems("entry: []"), testing::SizeIs(1));
  EXPECT_THAT(sma_cross_problems("exits: [none]"), ElementsAre(HasSubstr("trailing")));
}

TEST(SmaCrossRegistration, DefinesTheInstrumentWithItsTick) {
  kernel::EngineRegistry registry;
  register_sma_cross(registry);
  auto document = core::SettingsDocument::parse("symbol: ANCHOR\ntick: 0.0001", "bot.yaml");
  auto section = document.root();
  market::InstrumentTable instruments;

  const auto engine = registry.find("sma_cross")->create(section, instruments);

  ASSERT_EQ(engine->needs().size(), 1U);
  const market::Instrument& instrument = instruments[engine->needs().front().instrument];
  EXPECT_EQ(instrument.symbol, core::Symbol{"ANCHOR"});
  EXPECT_EQ(instrument.tick, test::price("0.0001"));
}

}  // namespace
}  // namespace st0ck::engines::sma_cross
