#include "src/app/configuration.hpp"

#include "support/probe_engine.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace st0ck::app {
namespace {

std::string problems_of_bot(const std::string& bot) {
  std::vector<std::string> heard;
  kernel::EngineRegistry registry;
  kernel::EngineType type;
  type.name = core::EngineName{"twelve_chars"};
  type.create = [&](core::SettingsSection&, market::InstrumentTable& instruments) {
    instruments.define({.id = {}, .symbol = core::Symbol{"SPY"}});
    return std::make_unique<test::ProbeEngine>("a", std::vector<market::DataNeed>{}, heard);
  };
  registry.add(std::move(type));
  const test::TemporaryFolder folder;
  const auto file = folder / "c.yaml";
  std::ofstream{file} << "market: {kind: generated}\nbots: {" << bot
                      << ": {engine: twelve_chars}}\n";
  return load_configuration(file, {}, registry).problem_text();
}

/// Else the first order whose id is too long would end the process.
TEST(Configuration, HasNamesThatOrderIdsHaveRoomFor) {
  EXPECT_EQ(problems_of_bot("thirteen_char"), "");
  EXPECT_THAT(problems_of_bot("fourteen_chars"),
              testing::HasSubstr("bots.fourteen_chars.engine: found 'twelve_chars'; allowed: names "
                                 "of the bot and its engine of 25 letters or fewer together"));
}

}  // namespace
}  // namespace st0ck::app
