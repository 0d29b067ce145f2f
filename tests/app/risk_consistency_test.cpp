#include "src/app/risk_consistency.hpp"

#include "cmake/registered_engines.hpp"
#include "src/app/configuration.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

// Limits that contradict each other are refused when a configuration is read.
namespace st0ck::app {
namespace {

using testing::HasSubstr;

struct RiskConsistency : testing::Test {
  RiskConsistency() { register_engines(registry); }

  /// What is wrong with a good configuration that has these settings too.
  std::string problems(const std::vector<std::string>& settings) {
    const auto file = folder / "c.yaml";
    std::ofstream{file} << "market: {kind: generated}\n"
                           "bots:\n  a: {engine: sma_cross, symbol: SPY}\n";
    loaded = load_configuration(file, settings, registry);
    return loaded.problem_text();
  }
  /// The one problem, without the place it stands at.
  std::string problem(const std::vector<std::string>& settings) {
    const std::string text = problems(settings);
    EXPECT_EQ(loaded.problems.size(), 1U) << text;
    return text;
  }

  st0ck::test::TemporaryFolder folder;
  kernel::EngineRegistry registry;
  LoadedConfiguration loaded;
};

/// A setting with its value and the message's end.
struct Contradiction {
  std::vector<std::string> settings;
  std::string_view message;
};

TEST_F(RiskConsistency, TellsEachContradictionWithKeyAndBothValues) {
  const std::vector<Contradiction> all{
      {{"risk.order_quantity_max=200", "risk.position_quantity_max=100"},
       "risk.order_quantity_max: found '200'; allowed: at most position_quantity_max, 100"},
      {{"bots.a.risk.order_quantity_max=200", "bots.a.risk.position_quantity_max=100"},
       "bots.a.risk.order_quantity_max: found '200'; allowed: at most position_quantity_max, 100"},
      {{"bots.a.risk.order_quantity_max=200", "risk.position_quantity_max=100"},
       "bots.a.risk.order_quantity_max: found '200'; allowed: at most position_quantity_max, 100"},
      {{"risk.symbol_share_max=0.5", "risk.capital_use_max=0.4"},
       "risk.symbol_share_max: found '0.5'; allowed: at most capital_use_max, 0.4"},
      {{"bots.a.risk.open_risk_max=0.5", "bots.a.risk.capital_use_max=0.4"},
       "bots.a.risk.open_risk_max: found '0.5'; allowed: at most capital_use_max, 0.4"},
      {{"broker.pace.orders_max=5", "broker.pace.exit_reserve=5"},
       "broker.pace.exit_reserve: found '5'; allowed: less than orders_max, 5"},
      {{"broker.fees.minimum=2", "broker.fees.maximum=1"},
       "broker.fees.maximum: found '1'; allowed: at least minimum, 2.00"},
      {{"risk.price_collar=0"}, "risk.price_collar: found '0'; allowed: "},
      {{"risk.drawdown_max=1.01"}, "risk.drawdown_max: found '1.01'; allowed: "},
      {{"risk.loss_rate_share_max=1.01"}, "risk.loss_rate_share_max: found '1.01'; allowed: "},
      {{"risk.loss_rate_window=61m"}, "risk.loss_rate_window: found '61m'; allowed: "},
  };
  for (const Contradiction& contradiction : all)
    EXPECT_THAT(problem(contradiction.settings), HasSubstr(contradiction.message));
}

TEST_F(RiskConsistency, FindsAnEntryThatALimitNeverLetsThrough) {
  EXPECT_THAT(problem({"bots.a.size=101"}),
              HasSubstr("bots.a.size: found '101'; allowed: at most risk.order_quantity_max, 100"));
  EXPECT_THAT(problem({"risk.order_quantity_max=9"}),
              HasSubstr("bots.a.size: found the default '10'; allowed: at most "
                        "risk.order_quantity_max, 9"));
  EXPECT_EQ(problems({"bots.a.size=100"}), "");
}

TEST_F(RiskConsistency, TakesEachLimitAtTheOtherOne) {
  EXPECT_EQ(problems({"risk.order_quantity_max=100", "risk.position_quantity_max=100"}), "");
  EXPECT_EQ(problems({"risk.symbol_share_max=0.4", "risk.capital_use_max=0.4"}), "");
  EXPECT_EQ(problems({"risk.open_risk_max=0.4", "risk.capital_use_max=0.4"}), "");
  EXPECT_EQ(problems({"broker.pace.orders_max=5", "broker.pace.exit_reserve=4"}), "");
  EXPECT_EQ(problems({"broker.pace.exit_reserve=4"}), "") << "without a pace there is no reserve";
  EXPECT_EQ(problems({"broker.fees.minimum=1", "broker.fees.maximum=1"}), "");
}

/// A limit of the account and one of a bot that is wider than it.
struct Wider {
  std::string_view key;
  std::string_view account;
  std::string_view bot;
};

const std::vector<Wider> kWider{
    {"order_quantity_max", "9", "10"},       {"order_notional_max", "900.00", "901.00"},
    {"price_collar", "0.02", "0.03"},        {"regular_hours_only", "true", "false"},
    {"quote_age_max", "1s", "3s"},           {"duplicate_window", "5s", "4s"},
    {"orders_per_minute_max", "8", "9"},     {"open_orders_max", "8", "9"},
    {"position_quantity_max", "800", "900"}, {"daily_loss_max", "50.00", "60.00"},
    {"trades_per_day_max", "8", "9"},        {"losing_trades_max", "3", "4"},
    {"symbol_share_max", "0.1", "0.2"},      {"capital_use_max", "0.5", "0.6"},
    {"open_risk_max", "0.01", "0.02"},       {"drawdown_max", "0.1", "0.2"},
    {"spread_max", "0.001", "0.002"},        {"losing_days_max", "2", "3"},
};

TEST_F(RiskConsistency, TellsABotsLimitThatIsWiderThanTheAccounts) {
  for (const auto& [key, account, bot] : kWider) {
    const std::string text =
        problems({fmt::format("risk.{}={}", key, account),
                  fmt::format("bots.a.risk.{}={}", key, bot), "bots.a.size=1"});
    const auto relation =
        key == "regular_hours_only" || key == "duplicate_window" ? "at least" : "at most";
    EXPECT_THAT(text, HasSubstr(fmt::format(
                          "bots.a.risk.{}: found '{}'; allowed: {} the account's risk.{}, {}", key,
                          bot, relation, key, account)));
  }
}

TEST_F(RiskConsistency, KnowsEveryLimitOfABot) {
  std::size_t limits = 0;
  for (const core::SettingInfo& info : risk_schema({}).list())
    if (info.key != "restricted_symbols") ++limits;
  EXPECT_EQ(kWider.size(), limits) << "a new limit needs its comparison and its line above";
}

TEST_F(RiskConsistency, NarrowsAnEnginesDefaultWithoutAWord) {
  EXPECT_EQ(
      problems({"risk.order_quantity_max=9", "risk.position_quantity_max=9", "bots.a.size=9"}), "");
  EXPECT_EQ(loaded.configuration.bots.at(0).limits.position_quantity_max, core::Quantity::whole(9));
}

TEST_F(RiskConsistency, TellsAllInOneRun) {
  problems({"risk.order_quantity_max=200", "risk.position_quantity_max=100",
            "bots.a.risk.daily_loss_max=60", "risk.daily_loss_max=50", "broker.pace.orders_max=5",
            "broker.pace.exit_reserve=9"});
  EXPECT_EQ(loaded.problems.size(), 3U) << loaded.problem_text();
}

// What a run writes down in full, defaults and all, is read again: by a replay from its journal.
TEST_F(RiskConsistency, ReadsItsOwnEffectiveSettingsAgain) {
  ASSERT_EQ(problems({"risk.order_quantity_max=9", "risk.position_quantity_max=9",
                      "risk.capital_use_max=1", "bots.a.risk.daily_loss_max=40", "bots.a.size=9",
                      "risk.loss_rate_max=1000", "broker.pace.orders_max=5"}),
            "");
  const std::string hash = loaded.configuration.hash;

  const auto again = configuration_of_journal(loaded.configuration.canonical, registry);

  EXPECT_EQ(again.problem_text(), "");
  EXPECT_EQ(again.configuration.hash, hash);
  EXPECT_EQ(again.configuration.account_limits.loss_rate.loss_max, core::Money::whole(1000));
  EXPECT_EQ(again.configuration.account_limits.pace.orders_max, 5U);
}

}  // namespace
}  // namespace st0ck::app
