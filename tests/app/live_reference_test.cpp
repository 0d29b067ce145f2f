#include "app/filling_broker.hpp"
#include "src/app/live_daemon.hpp"
#include "support/orders.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a live run does with the broker's terms and the provider's corporate actions.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using st0ck::test::ProbeEngine;
using st0ck::test::utc;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The world around a run: it fills every order at 100 and goes on with the steps of the test.
struct World : FillingWorld {
  core::Result<trading::TradingTerms> terms = trading::TradingTerms{};
  core::Result<market::AnnouncedActions> announced = market::AnnouncedActions{};
};

class WorldsTerms final : public trading::TermsSource {
 public:
  explicit WorldsTerms(World& world) : world_{world} {}
  void read_terms(const core::Symbol&, Read done) override {
    world_.post([this, done = std::move(done)] { done(world_.terms); });
  }

 private:
  World& world_;
};

class WorldsActions final : public market::CorporateActionSource {
 public:
  explicit WorldsActions(World& world) : world_{world} {}
  void read(core::Date, core::Date, Read done) override {
    world_.post([this, done = std::move(done)] { done(world_.announced); });
  }

 private:
  World& world_;
};

class LiveReferenceTest : public testing::Test {
 protected:
  /// A run of one bot that buys a share of SPY at each quote, until the steps are done.
  core::Result<RunOutcome> run() {
    Configuration configuration =
        live_configuration(folder.path(), heard, [](ProbeEngine& engine, auto spy) {
          engine.does_on_quote = [spy](auto& context, const auto&) {
            context.submit(st0ck::test::one_share(spy, trading::Side::Buy));
          };
        });
    heard.clear();
    world.sent.clear();
    auto daemon = LiveDaemon::open(
        std::move(configuration), folder / "state",
        [&](const Configuration&, const LiveSurroundings& around) -> core::Result<LiveParts> {
          world.io = &around.io;
          world.updates = &around.updates;
          LiveParts parts;
          parts.stream = std::make_unique<SteppingStream>(world);
          parts.broker = std::make_unique<FillingBroker>(world);
          parts.terms = std::make_unique<WorldsTerms>(world);
          parts.corporate_actions = std::make_unique<WorldsActions>(world);
          return parts;
        },
        kernel::LiveClock{[this] { return world.now; }}, core::RunMark{"mark"});
    if (!daemon) return tl::unexpected(daemon.error());
    world.steps.emplace_back([&daemon] { (*daemon)->stop(); });
    return (*daemon)->run();
  }

  void quote() {
    world.steps.emplace_back([this] { world.quote(); });
  }

  /// Turns of the loop until the bot has heard something.
  void wait_for(std::string_view event) {
    world.steps.insert(world.steps.begin(), [this, event = std::string{event}] {
      if (std::ranges::count(heard, event) == 0) wait_for(event);
    });
  }
  void then_wait_for(std::string_view event) {
    world.steps.emplace_back([this, event = std::string{event}] { wait_for(event); });
  }

  void announce_split(std::string_view ex_date) {
    market::CorporateAction split;
    split.kind = market::CorporateActionKind::Split;
    split.ex_date = core::parse_date(ex_date).value();
    split.numerator = 4;
    world.announced->actions.push_back(split);
  }

  test::TemporaryFolder folder;
  World world;
  std::vector<std::string> heard;
};

TEST_F(LiveReferenceTest, EndsWhereTheBrokerDoesNotTradeAStockAndLeavesNoRunBehind) {
  world.terms->blocked = "its status is not active";

  const auto outcome = run();

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Broker);
  EXPECT_THAT(outcome.error().message, HasSubstr("SPY (its status is not active)"));
  EXPECT_THAT(heard, IsEmpty());

  world.terms = trading::TradingTerms{};
  world.steps.clear();
  quote();
  then_wait_for("a fill");
  ASSERT_TRUE(run());
  EXPECT_THAT(world.sent, ElementsAre("a-buyer-20250102mark-1"));
}

TEST_F(LiveReferenceTest, GoesOnWithARunWhoseStockIsNoLongerTradedAndEntersNothing) {
  quote();
  then_wait_for("a fill");
  ASSERT_TRUE(run());

  world.now += 1min;
  world.terms->blocked = "its status is not active";
  world.steps.clear();
  quote();
  then_wait_for("a rejected");
  const auto again = run();

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(world.sent, IsEmpty());
}

TEST_F(LiveReferenceTest, TellsASplitOnceHoweverOftenItIsStartedAgain) {
  quote();
  then_wait_for("a fill");
  ASSERT_TRUE(run());
  EXPECT_THAT(heard, Not(Contains("a split")));

  announce_split("2025-01-03");
  world.now = utc("2025-01-03T14:00:00Z");
  world.steps.clear();
  then_wait_for("a split");
  const auto split = run();
  ASSERT_TRUE(split) << split.error().message;
  EXPECT_THAT(split->remarks, Contains(HasSubstr("a holds 4 SPY")));

  world.now += 1min;
  world.held = 4;
  world.steps.clear();
  // A turn for whatever would be told after trading has begun.
  for (int i = 0; i < 20; ++i) world.steps.emplace_back([] {});
  const auto again = run();

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(std::ranges::count(heard, "a split"), 1) << "out of its journal";
  EXPECT_THAT(again->remarks, Contains(HasSubstr("a holds 4 SPY")));
}

TEST_F(LiveReferenceTest, EntersNothingWhileCorporateActionsAreUnknown) {
  world.announced = core::fail(core::Errc::Refused, "403");
  quote();

  const auto outcome = run();

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->figures.orders, 0U);
  EXPECT_THAT(heard, Contains("a quote"));
}

TEST_F(LiveReferenceTest, EntersNothingInAStockThatMergedToday) {
  world.now = utc("2025-01-02T14:00:00Z");
  world.announced->unhandled.push_back({core::InstrumentId{}, "cash_mergers",
                                        core::parse_date("2025-01-02").value(),
                                        "it is neither a split nor a dividend"});
  world.steps.emplace_back([this] { world.now = utc("2025-01-02T15:00:00Z"); });
  then_wait_for("a open");
  quote();
  then_wait_for("a rejected");

  const auto outcome = run();

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(world.sent, IsEmpty());
}

}  // namespace
}  // namespace st0ck::app
