#include "src/app/market_settings.hpp"

#include "cmake/registered_engines.hpp"
#include "src/app/configuration.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {
namespace {

struct MarketSettingsTest : testing::Test {
  /// What is wrong with a configuration of this market, without the path of its file.
  std::string problems(std::string_view market, const std::vector<std::string>& settings = {}) {
    kernel::EngineRegistry registry;
    register_engines(registry);
    const auto file = folder / "c.yaml";
    std::ofstream{file} << "bots: {a: {engine: sma_cross, symbol: SPY}}\n" << market;
    std::string text = load_configuration(file, settings, registry).problem_text();
    const std::string path = file.string();
    for (auto at = text.find(path); at != std::string::npos; at = text.find(path))
      text.replace(at, path.size(), "c.yaml");
    return text;
  }

  test::TemporaryFolder folder;
};

TEST_F(MarketSettingsTest, NamesThePlaceOfASymbolThatNoBotTrades) {
  EXPECT_EQ(problems("market:\n"
                     "  detail: ticks\n"
                     "  symbols:\n"
                     "    spy: {sector: 1}\n"
                     "    qqq: {sector: 2}\n"),
            "c.yaml:6: market.symbols.qqq: found a map; allowed: symbols that a bot trades\n");
}

TEST_F(MarketSettingsTest, BlameAWrongDetailAloneAndNotWhatItWouldAllow) {
  EXPECT_EQ(problems("market: {detail: tick}\nbroker: {line: {latency: 20ms}}\n"),
            "c.yaml:2: market.detail: found 'tick'; allowed: one of bars, ticks\n");
  EXPECT_EQ(problems("market: {detail: bars}\nbroker: {line: {latency: 20ms}}\n"),
            "c.yaml:3: broker.line.latency: found '20ms'; allowed: 0 where the market is made of "
            "bars\n");
}

}  // namespace
}  // namespace st0ck::app
