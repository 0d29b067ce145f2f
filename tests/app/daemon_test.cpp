#include "src/app/daemon.hpp"

#include "st0ck/kernel/engine_registry.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/probe_engine.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {
namespace {

using st0ck::test::ProbeEngine;
using testing::HasSubstr;

/// Runs of one bot whose engine changes its mind between them, as a newer program may.
class ChangedMind : public testing::Test {
 protected:
  core::Result<RunOutcome> run(std::string_view thought) {
    kernel::EngineRegistry registry;
    kernel::EngineType type;
    type.name = core::EngineName{"thinker"};
    type.create = [&](core::SettingsSection&, market::InstrumentTable& instruments) {
      const core::InstrumentId spy =
          instruments.define({.id = {}, .symbol = core::Symbol{"SPY"}}).id;
      auto engine =
          std::make_unique<ProbeEngine>("thinker", std::vector<market::DataNeed>{}, heard_);
      engine->does_on_phase = [spy, code = core::Code{thought}](auto& context, const auto&) {
        context.note_transition(spy, code, {});
      };
      return engine;
    };
    registry.add(std::move(type));
    const auto file = folder_ / "c.yaml";
    std::ofstream{file} << "market: {kind: generated}\nbots: {a: {engine: thinker}}\n";
    auto loaded = load_configuration(file, {}, registry);
    EXPECT_EQ(loaded.problem_text(), "");
    auto daemon = Daemon::open(std::move(loaded.configuration), folder_ / "state");
    if (!daemon) return tl::unexpected(daemon.error());
    return (*daemon)->run();
  }

  std::vector<std::string> decisions() const {
    auto log = storage::TradeLogReader::open(folder_ / "state" / "trades.db");
    if (!log) return {log.error().message};
    const auto decisions = log->decisions();
    if (!decisions) return {decisions.error().message};
    std::vector<std::string> codes;
    for (const auto& decision : *decisions) codes.push_back(decision.row.code.str());
    return codes;
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> heard_;
};

TEST_F(ChangedMind, LeavesTheTradeLogOfTheRunThatItDiffersFrom) {
  ASSERT_TRUE(run("OLD"));
  const auto old = decisions();
  ASSERT_EQ(old.size(), 3U);

  const auto outcome = run("NEW");

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Diverged);
  EXPECT_THAT(outcome.error().message, HasSubstr("journaled is"));
  EXPECT_EQ(decisions(), old);
}

TEST_F(ChangedMind, MakesTheTradeLogAnewWhereItDiffersInNothing) {
  ASSERT_TRUE(run("OLD"));
  const auto old = decisions();

  ASSERT_TRUE(run("OLD"));

  EXPECT_EQ(decisions(), old);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state" / "trades.db.before"));
}

TEST_F(ChangedMind, GoesOnWhereFiguresCannotBeWritten) {
  std::filesystem::create_directories(folder_ / "state" / "metrics.json");

  ASSERT_TRUE(run("OLD"));

  std::ifstream log{folder_ / "state" / "log" / "st0ckd.log"};
  const std::string lines{std::istreambuf_iterator<char>{log}, {}};
  EXPECT_THAT(lines, HasSubstr("METRICS_NOT_WRITTEN"));
  EXPECT_EQ(decisions().size(), 3U);
}

}  // namespace
}  // namespace st0ck::app
