// The days that scripts/paper runs, by config/paper.yaml: three bots, and every kind of order that
// their settings name.

#include "integration/run_content.hpp"
#include "st0ck/storage/db_check.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace st0ck::test {
namespace {

using testing::IsSupersetOf;

/// One run of the day, which all tests look at.
class PaperDay : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new TemporaryFolder;
    const RunInFolder run{DaemonCommand{"config/paper.yaml"}, *folder / "state"};
    run.finish();
    auto reader = storage::TradeLogReader::open(run.database());
    if (!reader) throw std::runtime_error(reader.error().message);
    const auto logged = reader->orders();
    if (!logged) throw std::runtime_error(logged.error().message);
    orders.clear();
    for (const storage::LoggedOrder& order : *logged) orders.push_back(order.row);
    const auto decisions = reader->decisions();
    if (!decisions) throw std::runtime_error(decisions.error().message);
    replaces = std::count_if(decisions->begin(), decisions->end(), [](const auto& decision) {
      return decision.row.kind == kernel::DecisionKind::Replace;
    });
    const auto positions = reader->positions();
    if (!positions) throw std::runtime_error(positions.error().message);
    is_flat = std::all_of(positions->begin(), positions->end(),
                          [](const auto& position) { return position.row.quantity.is_zero(); });
    const auto report = storage::check(run.database());
    is_sound = report && report->is_sound();
  }
  static void TearDownTestSuite() {
    delete folder;
    folder = nullptr;
  }

  template <typename Name>
  static std::set<std::string> names(Name&& name) {
    std::set<std::string> all;
    for (const kernel::OrderRow& order : orders) all.emplace(name(order));
    return all;
  }

  static inline TemporaryFolder* folder = nullptr;
  static inline std::vector<kernel::OrderRow> orders;
  static inline std::ptrdiff_t replaces = 0;
  static inline bool is_flat = false;
  static inline bool is_sound = false;
};

TEST_F(PaperDay, HasThreeBotsThatUseEveryKindOfOrderAndEndsFlatWithSoundBooks) {
  EXPECT_EQ(names([](const auto& order) { return order.bot.str(); }),
            (std::set<std::string>{"lots", "scalper", "trend"}));
  EXPECT_EQ(names([](const auto& order) { return order.engine.str(); }),
            (std::set<std::string>{"sma_cross", "st0cka"}));
  EXPECT_THAT(names([](const auto& order) { return std::string{trading::name_of(order.type)}; }),
              IsSupersetOf({"market", "limit", "stop", "stop_limit", "trailing_stop"}));
  EXPECT_THAT(
      names([](const auto& order) { return std::string{trading::name_of(order.time_in_force)}; }),
      IsSupersetOf({"day", "gtc", "ioc", "fok", "opg", "cls"}));
  EXPECT_THAT(
      names([](const auto& order) { return std::string{trading::name_of(order.group.kind)}; }),
      IsSupersetOf({std::string{trading::name_of(trading::GroupKind::OneCancelsOther)},
                    std::string{trading::name_of(trading::GroupKind::OneTriggersOther)},
                    std::string{trading::name_of(trading::GroupKind::Bracket)}}));
  EXPECT_GT(replaces, 0);
  EXPECT_TRUE(is_flat);
  EXPECT_TRUE(is_sound);
}

}  // namespace
}  // namespace st0ck::test
