#include "engines/st0cka/settings.hpp"

#include "engines/st0cka/register.hpp"
#include "engines/st0cka/settings_of.hpp"
#include "st0ck/kernel/engine_registry.hpp"
#include "support/orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace st0ck::engines::st0cka {
namespace {

using test::problems_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

core::TimeOfDay time(std::string_view text) { return core::parse_time_of_day(text).value(); }

TEST(St0ckaSettings, DefaultToTheFiguresOfTheSpecification) {
  const Settings settings = test::default_settings();

  EXPECT_EQ(settings.symbol.view(), "SPY");
  EXPECT_EQ(settings.buy_from, time("09:30"));
  EXPECT_EQ(settings.buy_until, time("10:15"));
  EXPECT_EQ(settings.sell_from, time("10:15"));
  EXPECT_EQ(settings.time_exit_from, time("10:55"));
  EXPECT_EQ(settings.stop_at, time("11:00"));
  EXPECT_EQ(settings.profit_target, test::price("0.01"));
  EXPECT_EQ(settings.stop_loss, test::price("5.00"));
  EXPECT_EQ(settings.fill_timeout, std::chrono::seconds{10});
}

TEST(St0ckaSettings, AllowTheOtherWindowsOfTheOriginals) {
  EXPECT_THAT(problems_of("buy_until: '10:00'\nsell_from: '10:00'\n"), IsEmpty());
}

TEST(St0ckaSettings, RefuseTimesInTheWrongOrder) {
  EXPECT_THAT(problems_of("buy_from: '10:15'\n"), ElementsAre(HasSubstr("buy_until")));
  EXPECT_THAT(problems_of("sell_from: '10:56'\n"), ElementsAre(HasSubstr("time_exit_from")));
  EXPECT_THAT(problems_of("time_exit_from: '11:00'\n"), ElementsAre(HasSubstr("stop_at")));
  EXPECT_THAT(problems_of("buy_until: '11:01'\n"), ElementsAre(HasSubstr("stop_at")));
}

TEST(St0ckaSettings, RefuseAmountsThatAreNotPositive) {
  EXPECT_THAT(problems_of("stop_loss: 0\nprofit_target: -0.01\n"),
              ElementsAre(HasSubstr("stop_loss"), HasSubstr("profit_target")));
}

TEST(St0ckaRegistration, MakesAnEngineFromASectionAndDefinesItsStock) {
  kernel::EngineRegistry registry;
  register_st0cka(registry);
  auto document = core::SettingsDocument::parse("symbol: QQQ\n", "bot.yaml");
  auto section = document.root();
  market::InstrumentTable table;

  const auto engine = registry.find("st0cka")->create(section, table);

  EXPECT_THAT(document.finish(), IsEmpty());
  ASSERT_NE(table.find(core::Symbol{"QQQ"}), nullptr);
  ASSERT_EQ(engine->needs().size(), 1U);
  EXPECT_EQ(engine->needs()[0].kind, market::DataKind::Quotes);
  EXPECT_EQ(engine->needs()[0].age_max, std::chrono::seconds{2});
}

}  // namespace
}  // namespace st0ck::engines::st0cka
