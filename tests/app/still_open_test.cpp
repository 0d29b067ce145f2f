#include "src/app/still_open.hpp"

#include "src/app/run_remarks.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app {
namespace {

using st0ck::test::one_share;
using st0ck::test::price;
using st0ck::test::quantity;
using st0ck::test::shares;
using testing::ElementsAre;
using testing::IsEmpty;

/// One bot that buys four shares as a bracket at the first quote; the broker holds its exits until
/// the entry is whole, as Alpaca does. Orders of the broker: 0 entry, 1 target, 2 stop.
class StillOpen : public testing::Test {
 protected:
  StillOpen() {
    stage.broker.accepts_at_once = false;
    stage.broker.able_to.holds_groups = true;
    stage.broker.able_to.exits_wait_for_whole_entry = true;
    configuration.instruments = stage.table;
    auto engine = std::make_unique<test::ProbeEngine>(
        "a", std::vector<market::DataNeed>{{stage.spy, market::DataKind::Quotes}}, heard);
    engine->does_on_quote = [this](auto& context, const auto&) {
      if (!std::exchange(has_bought, true)) context.submit_group(bracket());
    };
    stage.add_bot("a", "buyer", std::move(engine));
    stage.begin();
    stage.prepare();
    stage.open();
    stage.quote("99.99", "100.01");
  }

  trading::GroupRequest bracket() const {
    trading::GroupRequest group;
    group.entry = one_share(stage.spy, trading::Side::Buy);
    group.target = one_share(stage.spy, trading::Side::Sell);
    group.target->type = trading::OrderType::Limit;
    group.target->terms.limit = price("110");
    group.stop = one_share(stage.spy, trading::Side::Sell);
    group.stop->type = trading::OrderType::Stop;
    group.stop->terms.stop = price("90");
    for (auto* order : {&*group.entry, &*group.target, &*group.stop})
      order->terms.quantity = shares(4);
    return group;
  }

  void accept_all() {
    for (std::size_t order = 0; order <= stage.broker.last(); ++order) stage.broker.accept(order);
    stage.kernel.drain();
  }

  std::vector<std::string> sentences() const { return still_open(stage.kernel, configuration); }

  st0ck::test::RecordingLogger log;
  test::KernelStage stage{log.get()};
  std::vector<std::string> heard;
  Configuration configuration;
  bool has_bought = false;
};

TEST_F(StillOpen, NamesPositionsWhoseStopGoesOnAtTheBroker) {
  accept_all();
  stage.broker.fill(0, price("100"));
  stage.kernel.drain();

  EXPECT_THAT(sentences(),
              ElementsAre("still open: a holds 4 SPY, unrealised P&L 0.00, a stop at the broker "
                          "covers all of it",
                          "still open: order a-buyer-20190211-1-1 of a, sell 4 SPY, limit, 0 "
                          "filled, working",
                          "still open: order a-buyer-20190211-1-2 of a, sell 4 SPY, stop, 0 "
                          "filled, working"));
}

TEST_F(StillOpen, CountsNoStopThatWaitsForTheRestOfItsEntry) {
  accept_all();
  stage.broker.fill(0, price("100"), shares(1));
  stage.kernel.drain();

  EXPECT_EQ(sentences().front(),
            "still open: a holds 1 SPY, unrealised P&L 0.00, no stop at the broker");
}

TEST_F(StillOpen, CountsNoStopOfUnknownFate) {
  log.expect("ORDER_UNKNOWN");
  accept_all();
  stage.broker.fill(0, price("100"));
  stage.broker.time_out(2);
  stage.kernel.drain();

  EXPECT_EQ(sentences().front(),
            "still open: a holds 4 SPY, unrealised P&L 0.00, no stop at the broker");
}

TEST_F(StillOpen, TellsHowMuchAStopCoversThatHasFilledInPart) {
  accept_all();
  stage.broker.fill(0, price("100"));
  stage.broker.fill(2, price("90"), shares(1));
  stage.kernel.drain();

  EXPECT_EQ(
      sentences().front(),
      "still open: a holds 3 SPY, unrealised P&L 0.00, a stop at the broker covers all of it");
}

TEST_F(StillOpen, SaysNothingWhereNothingIs) {
  stage.broker.reject(0, "NO");
  stage.broker.reject(1, "NO");
  stage.broker.reject(2, "NO");
  stage.kernel.drain();

  EXPECT_THAT(sentences(), IsEmpty());
  EXPECT_EQ(failure_text({core::Errc::Io, "no disk"}, stage.kernel, configuration), "no disk");
}

TEST_F(StillOpen, IsPartOfWhatIsSaidOfAFailure) {
  accept_all();

  EXPECT_THAT(failure_text({core::Errc::Io, "no disk"}, stage.kernel, configuration),
              testing::StartsWith("no disk; still open: order a-buyer-20190211-1 of a, buy 4 SPY, "
                                  "market, 0 filled, working; still open: order"));
}

}  // namespace
}  // namespace st0ck::app
