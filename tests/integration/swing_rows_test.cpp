// The worked examples of the swing specification (section 8.4) as orders: AAPL and MSFT long, TSLA
// short, each a bracket, through kernel, risk manager, desk and
// matching engine, and what comes of them to the cent.

#include "st0ck/adapters/sim/bar_market.hpp"
#include "st0ck/adapters/sim/bars_in_memory.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/kernel/simulated_loop.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"
#include "support/recording_sink.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::test {
namespace {

using trading::Side;

/// A row of the table, with what it gains at its target and risks at its stop as printed there.
struct Row {
  std::string_view symbol;
  Side side;
  std::string_view
      seen;  ///< The price P that the entry was computed from; entry = P x 0.998 or 1.002.
  std::string_view entry;
  std::string_view stop;
  std::string_view target;
  std::int64_t quantity;
  std::string_view at_target;
  std::string_view at_stop;
};

constexpr Row kRows[] = {
    {"AAPL", Side::Buy, "150.55", "150.25", "145.80", "161.38", 33, "367.29", "-146.85"},
    {"MSFT", Side::Buy, "406.31", "405.50", "398.20", "423.75", 12, "219.00", "-87.60"},
    {"TSLA", Side::Sell, "184.93", "185.30", "189.50", "174.80", 26, "273.00", "-109.20"},
};

enum class Ending { Target, Stop };

/// After the first bar, sends the row as a bracket.
class RowEngine : public kernel::Engine {
 public:
  RowEngine(const Row& row, core::InstrumentId instrument) : row_{row}, instrument_{instrument} {}

  std::vector<market::DataNeed> needs() const override {
    return {{instrument_, market::DataKind::Bars, std::chrono::minutes{1}}};
  }

  void on_bar(kernel::EngineContext& context, const market::Bar&) override {
    if (std::exchange(is_sent_, true)) return;
    EXPECT_TRUE(std::holds_alternative<trading::GroupIds>(context.submit_group(bracket())));
  }

 private:
  /// Section 9: the entry DAY, target and stop GTC, equal quantities.
  trading::GroupRequest bracket() const {
    const Side out = trading::opposite(row_.side);
    trading::GroupRequest group;
    group.kind = trading::GroupKind::Bracket;
    group.entry = order(row_.side, trading::Purpose::Entry, "ENTRY");
    group.entry->type = trading::OrderType::Limit;
    group.entry->terms.limit = price(row_.entry);
    group.target = order(out, trading::Purpose::Exit, "TARGET");
    group.target->type = trading::OrderType::Limit;
    group.target->time_in_force = trading::TimeInForce::Gtc;
    group.target->terms.limit = price(row_.target);
    group.stop = order(out, trading::Purpose::Exit, "STOP");
    group.stop->type = trading::OrderType::Stop;
    group.stop->time_in_force = trading::TimeInForce::Gtc;
    group.stop->terms.stop = price(row_.stop);
    return group;
  }

  trading::OrderRequest order(Side side, trading::Purpose purpose, std::string_view reason) const {
    trading::OrderRequest request;
    request.instrument = instrument_;
    request.side = side;
    request.purpose = purpose;
    request.terms.quantity = shares(row_.quantity);
    request.reason = core::Code{reason};
    return request;
  }

  const Row& row_;
  core::InstrumentId instrument_;
  bool is_sent_ = false;
};

/// Bars that go from the price seen to the entry and on to the target or the stop.
std::vector<market::Bar> path_of(const Row& row, core::InstrumentId instrument, Ending ending) {
  const std::vector<std::string_view> way{row.seen, row.seen, row.entry,
                                          ending == Ending::Target ? row.target : row.stop};
  std::vector<market::Bar> bars;
  for (std::size_t i = 1; i < way.size(); ++i) {
    market::Bar bar;
    bar.instrument = instrument;
    bar.start = utc("2019-02-11T14:30:00Z") + std::chrono::minutes{bars.size()};
    bar.end = bar.start + std::chrono::minutes{1};
    bar.open = price(way[i - 1]);
    bar.close = price(way[i]);
    bar.high = std::max(bar.open, bar.close);
    bar.low = std::min(bar.open, bar.close);
    bar.volume = core::Volume::whole(1'000'000);
    bars.push_back(bar);
  }
  return bars;
}

/// The three rows, each a bot, in one account of 100,000 dollars.
class SwingRows : public testing::TestWithParam<Ending> {
 protected:
  std::vector<kernel::RoundTripRow> play(Ending ending) {
    std::vector<adapters::sim::BarFeed> feeds;
    for (const Row& row : kRows) {
      market::Instrument definition;
      definition.symbol = core::Symbol{row.symbol};
      const core::InstrumentId instrument = instruments.define(definition).id;
      paths.push_back(path_of(row, instrument, ending));
      bots.emplace_back(&row, instrument);
    }
    for (std::size_t i = 0; i < paths.size(); ++i)
      feeds.push_back(
          {bots[i].second, std::make_unique<adapters::sim::BarsInMemory>(paths[i]), true});
    adapters::sim::BarMarketSettings playing;
    playing.from = playing.to = core::parse_date("2019-02-11").value();
    auto market = adapters::sim::BarMarket::open(playing, core::ExchangeCalendar::xnys(),
                                                 instruments, matching, std::move(feeds));
    if (!market) throw std::runtime_error(market.error().message);
    clock.advance_to(*(*market)->next_time());
    kernel::Kernel kernel{{clock, instruments, matching, updates, &records, log},
                          core::AccountId{"default"},
                          money("100000")};
    for (const auto& [row, instrument] : bots) {
      std::string bot{row->symbol};
      std::transform(bot.begin(), bot.end(), bot.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      kernel.add_bot({core::BotId{bot}, core::EngineName{"swing"}, 1},
                     std::make_unique<RowEngine>(*row, instrument), {});
    }
    kernel::SimulatedLoop loop{clock, **market, kernel, {}};
    kernel.start({});
    if (const auto ending_of_run = loop.run(); !ending_of_run)
      throw std::runtime_error(ending_of_run.error().message);
    cash = kernel.desk().cash();
    open_orders = kernel.desk().orders().open_orders().size();
    return records.all<kernel::RoundTripRow>();
  }

  static adapters::sim::MatchingSettings matching_settings() {
    adapters::sim::MatchingSettings settings;
    settings.limit_fill = adapters::sim::LimitFill::Touch;
    settings.slippage = {};
    return settings;
  }

  market::InstrumentTable instruments;
  kernel::SimulatedClock clock;
  kernel::OrderUpdateQueue updates;
  adapters::sim::MatchingEngine matching{clock, instruments, matching_settings(), updates};
  RecordingSink records;
  RecordingLogger log;
  std::vector<std::vector<market::Bar>> paths;
  std::vector<std::pair<const Row*, core::InstrumentId>> bots;
  core::Money cash;
  std::size_t open_orders = 0;
};

TEST_P(SwingRows, ComeOutAsTheTableSays) {
  const bool is_target = GetParam() == Ending::Target;

  const auto trades = play(GetParam());

  ASSERT_EQ(trades.size(), 3U);
  core::Money sum;
  for (const Row& row : kRows) {
    const auto trade = std::find_if(trades.begin(), trades.end(), [&](const auto& candidate) {
      return candidate.symbol.view() == row.symbol;
    });
    ASSERT_NE(trade, trades.end()) << row.symbol;
    EXPECT_EQ(trade->side, row.side) << row.symbol;
    EXPECT_EQ(trade->quantity, shares(row.quantity)) << row.symbol;
    EXPECT_EQ(trade->entry_price, price(row.entry)) << row.symbol;
    EXPECT_EQ(trade->exit_price, price(is_target ? row.target : row.stop)) << row.symbol;
    EXPECT_EQ(trade->realized_pnl, money(is_target ? row.at_target : row.at_stop)) << row.symbol;
    EXPECT_EQ(trade->exit_reason, core::Code{is_target ? "TARGET" : "STOP"}) << row.symbol;
    sum += trade->realized_pnl;
  }
  // 367.29 + 219.00 + 273.00, or -146.85 - 87.60 - 109.20.
  EXPECT_EQ(sum, money(is_target ? "859.29" : "-343.65"));
  EXPECT_EQ(cash, money("100000") + sum);
  EXPECT_EQ(open_orders, 0U) << "the other exit is cancelled";
}

INSTANTIATE_TEST_SUITE_P(Endings, SwingRows, testing::Values(Ending::Target, Ending::Stop),
                         [](const auto& test) {
                           return test.param == Ending::Target ? "Target" : "Stop";
                         });

}  // namespace
}  // namespace st0ck::test
