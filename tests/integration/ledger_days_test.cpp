#include "st0ck/adapters/sim/bar_market.hpp"
#include "st0ck/adapters/sim/bars_in_memory.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/kernel/simulated_loop.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"
#include "support/recording_sink.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

// A bracket that is held over a night in which a dividend is paid and the stock splits, from the
// market down to the records: with the exits held by the simulated broker, and kept by the desk.
namespace st0ck {
namespace {

using adapters::sim::GroupHolding;
using test::money;
using test::price;
using test::shares;
using test::utc;

market::Bar minute(std::string_view start, std::string_view open, std::string_view high,
                   std::string_view low, std::string_view close) {
  market::Bar bar;
  bar.start = utc(start);
  bar.end = bar.start + std::chrono::minutes{1};
  bar.open = price(open);
  bar.high = price(high);
  bar.low = price(low);
  bar.close = price(close);
  bar.volume = core::Volume::whole(1'000'000);
  return bar;
}

const std::vector<market::Bar> kBars{
    minute("2019-02-11T14:30:00Z", "300.00", "300.00", "300.00", "300.00"),
    minute("2019-02-11T14:31:00Z", "300.00", "301.00", "299.00", "300.00"),
    minute("2019-02-11T14:32:00Z", "300.00", "301.00", "299.00", "300.00"),
    minute("2019-02-12T14:30:00Z", "100.00", "100.50", "99.50", "100.00"),
    minute("2019-02-12T14:31:00Z", "100.00", "110.50", "99.50", "110.20"),
    minute("2019-02-12T14:32:00Z", "110.20", "110.40", "110.10", "110.30"),
    minute("2019-02-12T14:33:00Z", "110.20", "110.40", "110.10", "110.30"),
};

/// Ten shares at the market, out at 330 or 270, all good until cancelled.
trading::GroupRequest bracket(core::InstrumentId instrument) {
  trading::OrderRequest exit = test::one_share(instrument, trading::Side::Sell);
  exit.time_in_force = trading::TimeInForce::Gtc;
  exit.terms.quantity = shares(10);
  trading::GroupRequest group;
  group.kind = trading::GroupKind::Bracket;
  group.entry = test::one_share(instrument, trading::Side::Buy);
  group.entry->terms.quantity = shares(10);
  group.target = group.stop = exit;
  group.target->type = trading::OrderType::Limit;
  group.target->terms.limit = price("330.00");
  group.stop->type = trading::OrderType::Stop;
  group.stop->terms.stop = price("270.00");
  return group;
}

class LedgerDays : public testing::TestWithParam<GroupHolding> {
 protected:
  LedgerDays() {
    market::Instrument definition;
    definition.symbol = core::Symbol{"SPY"};
    spy_ = table_.define(definition).id;
    settings_.groups = GetParam();
    log_.expect("SPLIT");
  }

  market::CorporateAction action(market::CorporateActionKind kind) const {
    market::CorporateAction action;
    action.instrument = spy_;
    action.kind = kind;
    action.ex_date = core::Date{std::chrono::year{2019} / 2 / 12};
    action.amount = price("0.30");
    action.numerator = 3;
    return action;
  }

  void run() {
    adapters::sim::MatchingEngine exchange{clock_, table_, settings_, updates_};
    kernel::Kernel kernel{{clock_, table_, exchange, updates_, &records_, log_},
                          core::AccountId{"default"},
                          core::Money::whole(10'000)};
    auto engine = std::make_unique<test::ProbeEngine>(
        "a",
        std::vector<market::DataNeed>{{spy_, market::DataKind::Quotes, std::chrono::seconds{10}}},
        heard_);
    engine->does_on_quote = [this](kernel::EngineContext& context, const market::Quote&) {
      if (is_sent_) return;
      is_sent_ = true;
      const auto sent = context.submit_group(bracket(spy_));
      ASSERT_TRUE(std::holds_alternative<trading::GroupIds>(sent));
      ids_ = std::get<trading::GroupIds>(sent);
    };
    engine->does_on_action = [&](kernel::EngineContext& context, const market::CorporateAction&) {
      held_ = context.position(spy_)->quantity;
    };
    const kernel::BotIdentity identity{core::BotId{"a"}, core::EngineName{"probe"}, 1};
    trading::RiskLimits limits;
    limits.order_notional_max = core::Money::whole(100'000);
    kernel.add_bot(identity, std::move(engine), limits);

    adapters::sim::BarMarketSettings playing;
    playing.from = core::Date{std::chrono::year{2019} / 2 / 11};
    playing.to = core::Date{std::chrono::year{2019} / 2 / 12};
    playing.actions = {action(market::CorporateActionKind::CashDividend),
                       action(market::CorporateActionKind::Split)};
    std::vector<adapters::sim::BarFeed> feeds;
    feeds.push_back({spy_, std::make_unique<adapters::sim::BarsInMemory>(kBars), true});
    const auto market = adapters::sim::BarMarket::open(playing, core::ExchangeCalendar::xnys(),
                                                       table_, exchange, std::move(feeds))
                            .value();
    clock_.advance_to(*market->next_time());
    kernel::RunStart start;
    start.account = core::AccountId{"default"};
    start.mode = "paper";
    start.cash = core::Money::whole(10'000);
    start.bots = {identity};
    kernel.start(start);
    kernel::SimulatedLoop loop{clock_, *market, kernel, {}};
    ASSERT_TRUE(loop.run().has_value());
    kernel.finish();
  }

  /// The last state of an order that was recorded before the second session's open.
  kernel::OrderRow before_open(const core::ClientOrderId& id) const {
    kernel::OrderRow found;
    for (const auto& entry : records_.entries()) {
      if (entry.time >= utc("2019-02-12T14:30:00Z")) break;
      const auto* row = std::get_if<kernel::OrderRow>(&entry.record);
      if (row != nullptr && row->client_order_id == id) found = *row;
    }
    return found;
  }

  test::RecordingLogger log_;
  kernel::SimulatedClock clock_;
  market::InstrumentTable table_;
  core::InstrumentId spy_;
  adapters::sim::MatchingSettings settings_;
  kernel::OrderUpdateQueue updates_;
  test::RecordingSink records_;
  std::vector<std::string> heard_;
  trading::GroupIds ids_;
  core::Quantity held_;
  bool is_sent_ = false;
};

TEST_P(LedgerDays, MoveTheExitsWithTheShares) {
  run();

  EXPECT_EQ(held_, shares(30));
  EXPECT_EQ(before_open(ids_.target).limit, price("110.00"));
  EXPECT_EQ(before_open(ids_.target).quantity, shares(30));
  EXPECT_EQ(before_open(ids_.stop).stop, price("89.90")) << "less the dividend, then a third";
  EXPECT_EQ(before_open(ids_.stop).quantity, shares(30));
}

TEST_P(LedgerDays, EndInARoundTripInNewSharesAndExactCash) {
  run();

  const auto trips = records_.all<kernel::RoundTripRow>();
  ASSERT_EQ(trips.size(), 1U);
  EXPECT_EQ(trips[0].quantity, shares(30));
  EXPECT_EQ(trips[0].entry_price, price("100.00"));
  EXPECT_GE(trips[0].exit_price, price("110.00"));
  const auto marks = records_.all<kernel::EquityMarkRow>();
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0].equity, money("10000.00"));
  EXPECT_EQ(marks[2].cash, money("10003") + trips[0].realized_pnl);
  EXPECT_EQ(marks[2].equity, marks[2].cash);
  EXPECT_EQ(marks[2].settled_cash, money("10003")) << "neither trade has settled";
}

INSTANTIATE_TEST_SUITE_P(Everywhere, LedgerDays,
                         testing::Values(GroupHolding::Held, GroupHolding::AfterEntry,
                                         GroupHolding::None),
                         [](const auto& tested) {
                           return std::string{tested.param == GroupHolding::Held ? "Held"
                                              : tested.param == GroupHolding::AfterEntry
                                                  ? "AfterEntry"
                                                  : "Kept"};
                         });

}  // namespace
}  // namespace st0ck
