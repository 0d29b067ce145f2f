#include "st0ck/market/instrument.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace st0ck::market {
namespace {

Instrument definition(std::string_view symbol) {
  Instrument made;
  made.symbol = core::Symbol{symbol};
  return made;
}

TEST(InstrumentTable, NumbersInstrumentsInTheOrderOfTheirDefinition) {
  InstrumentTable table;
  EXPECT_EQ(table.define(definition("SPY")).id, core::InstrumentId{0});
  EXPECT_EQ(table.define(definition("QQQ")).id, core::InstrumentId{1});
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table[core::InstrumentId{1}].symbol.view(), "QQQ");
}

TEST(InstrumentTable, IgnoresTheIdOfADefinition) {
  InstrumentTable table;
  Instrument given = definition("SPY");
  given.id = core::InstrumentId{42};
  EXPECT_EQ(table.define(given).id, core::InstrumentId{0});
}

TEST(InstrumentTable, KeepsTheFirstTermsOfASymbol) {
  InstrumentTable table;
  Instrument option = definition("SPY190215C00275000");
  option.asset_class = AssetClass::Option;
  option.multiplier = core::Multiplier{100};
  const Instrument& first = table.define(option);

  const Instrument& again = table.define(definition("SPY190215C00275000"));

  EXPECT_EQ(&again, &first);
  EXPECT_EQ(again.asset_class, AssetClass::Option);
  EXPECT_EQ(again.multiplier, core::Multiplier{100});
  EXPECT_EQ(table.size(), 1U);
}

TEST(InstrumentTable, FindsBySymbol) {
  InstrumentTable table;
  table.define(definition("SPY"));
  ASSERT_NE(table.find(core::Symbol{"SPY"}), nullptr);
  EXPECT_EQ(table.find(core::Symbol{"SPY"})->id, core::InstrumentId{0});
  EXPECT_EQ(table.find(core::Symbol{"SP"}), nullptr);
}

TEST(InstrumentTable, KeepsReferencesValidWhileItGrows) {
  InstrumentTable table;
  const Instrument& first = table.define(definition("FIRST"));
  for (int i = 0; i < 10'000; ++i) table.define(definition("S" + std::to_string(i)));

  EXPECT_EQ(&first, &table[core::InstrumentId{0}]);
  EXPECT_EQ(first.symbol.view(), "FIRST");
}

TEST(InstrumentTable, IsWalkedInTheOrderOfItsNumbers) {
  InstrumentTable table;
  for (const auto* symbol : {"C", "A", "B"}) table.define(definition(symbol));

  std::string walked;
  for (const Instrument& instrument : table) walked += instrument.symbol.view();

  EXPECT_EQ(walked, "CAB");
}

TEST(InstrumentTableDeathTest, EndsOnAnIdThatIsNotItsOwn) {
  const InstrumentTable table;
  EXPECT_DEATH(static_cast<void>(table[core::InstrumentId{0}]),
               "an instrument id comes from the table");
}

}  // namespace
}  // namespace st0ck::market
