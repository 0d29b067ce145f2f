#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace st0ck::alpaca::test {
namespace {

TEST(SymbolMap, FindsEachOfManySymbolsAndNoOther) {
  SymbolMap symbols;
  for (std::uint32_t i = 0; i < 10'000; ++i)
    EXPECT_TRUE(symbols.set("S" + std::to_string(i), core::InstrumentId{i}));

  for (std::uint32_t i = 0; i < 10'000; ++i)
    EXPECT_EQ(symbols.find("S" + std::to_string(i)), core::InstrumentId{i});
  EXPECT_FALSE(symbols.find("S10000"));
  EXPECT_FALSE(symbols.find(""));
  EXPECT_FALSE(symbols.find(std::string(100, 'X')));
  EXPECT_FALSE(symbols.set("", core::InstrumentId{1}));
  EXPECT_FALSE(symbols.set(std::string(25, 'X'), core::InstrumentId{1}));
  EXPECT_EQ(symbols.size(), 10'000U);
}

}  // namespace
}  // namespace st0ck::alpaca::test
