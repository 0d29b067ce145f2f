// The sma-anchor data set (shared data README) through bar market and matching engine: its 100,000
// bars, its strategy with an entry at market and a bracket, and its result to the last digit.

#include "adapters/sim/exchange_fixture.hpp"
#include "st0ck/adapters/sim/bar_market.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "support/shared_data.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <numeric>
#include <optional>

namespace st0ck::adapters::sim {
namespace {

using trading::OrderUpdateKind;
using trading::Side;

constexpr core::Price kTick = core::Price::from_raw(100'000);
const core::Rate kTarget = core::Rate::parse("1.01").value();
const core::Rate kStop = core::Rate::parse("0.99").value();

struct Trade {
  core::Timestamp entry_time;
  core::Price entry_price;
  core::Timestamp exit_time;
  core::Price exit_price;
  std::string_view reason;
};

/// Sums of the last closes; both averages compare as three short sums against one long one.
class Cross {
 public:
  /// Whether the short average has crossed above the long one at this close.
  bool is_up_at(core::Price close) {
    closes_.push_back(close);
    if (closes_.size() > 30) closes_.pop_front();
    if (closes_.size() < 30) return false;
    const auto sum = [&](std::size_t count) {
      return std::accumulate(closes_.end() - static_cast<std::ptrdiff_t>(count), closes_.end(),
                             core::Price{});
    };
    const core::Price shorter = sum(10);
    const core::Price difference = shorter + shorter + shorter - sum(30);
    const bool is_up = difference.is_positive() && was_below_;
    if (!difference.is_zero()) was_below_ = difference.is_negative();
    return is_up;
  }

 private:
  std::deque<core::Price> closes_;
  bool was_below_ = false;
};

/// The anchor's strategy, with an order desk as simple as can be.
class Strategy : public market::NullEventSink {
 public:
  explicit Strategy(Exchange& exchange) : exchange_{exchange} {}

  void on_bar(const market::Bar& bar) override {
    last_close = bar.close;
    if (!cross_.is_up_at(bar.close) || is_busy_) return;
    is_busy_ = true;
    ++round_;
    signal_close_ = bar.close;
    exchange_.enter(buy(id("entry"), 10));
    drain();
  }

  void drain() {
    while (read_ < exchange_.updates.all.size()) handle(exchange_.updates.all[read_++]);
    exchange_.updates.all.clear();
    read_ = 0;
  }

  std::vector<Trade> trades;
  core::Money cash = core::Money::whole(10'000'000);
  core::Money fees;
  core::Quantity position;
  core::Price last_close;

 private:
  std::string id(std::string_view what) const { return fmt::format("{}-{}", what, round_); }

  void handle(const trading::OrderUpdate& update) {
    if (update.kind != OrderUpdateKind::Fill) return;
    const bool is_entry = update.client_order_id.view().starts_with("entry");
    const core::Money notional =
        core::notional(update.price, update.quantity, core::kUnitMultiplier);
    cash += (is_entry ? -notional : notional) - update.fee;
    fees += update.fee;
    position += signed_quantity(is_entry ? Side::Buy : Side::Sell, update.quantity);
    is_entry ? send_bracket(update) : close_trade(update);
  }

  void send_bracket(const trading::OrderUpdate& entry) {
    open_ = {entry.time, entry.price, {}, {}, {}};
    const auto level = [&](core::Rate factor) {
      return core::scaled_to_tick(signal_close_, factor, kTick, core::Rounding::HalfAway)
          .to_string();
    };
    exchange_.enter(sell(id("stop"), 10).stop(level(kStop)).gtc());
    exchange_.enter(sell(id("target"), 10).limit(level(kTarget)).gtc());
  }

  void close_trade(const trading::OrderUpdate& exit) {
    const bool is_stop = exit.client_order_id.view().starts_with("stop");
    exchange_.cancel(id(is_stop ? "target" : "stop"));
    open_.exit_time = exit.time;
    open_.exit_price = exit.price;
    open_.reason = is_stop ? "STOP" : "TARGET";
    trades.push_back(open_);
    is_busy_ = false;
  }

  Exchange& exchange_;
  Cross cross_;
  core::Price signal_close_;
  Trade open_;
  int round_ = 0;
  bool is_busy_ = false;
  std::size_t read_ = 0;
};

std::string text_of(const Trade& trade) {
  return fmt::format("{} {} {} {} {}", core::format_utc(trade.entry_time),
                     trade.entry_price.to_string(4), core::format_utc(trade.exit_time),
                     trade.exit_price.to_string(4), trade.reason);
}

TEST(SmaAnchor, ComesOutToTheLastDigit) {
  ST0CK_NEED_SHARED_DATA("sma-anchor/bars.csv.gz");
  market::Instrument anchor;
  anchor.symbol = core::Symbol{"ANCHOR"};
  anchor.tick = kTick;
  Exchange exchange{{.limit_fill = LimitFill::Touch, .fees = {.rate = rate("0.0005")}}, anchor};
  exchange.clock.set({});
  auto bars =
      market::CsvBarReader::open(test::shared_data("sma-anchor/bars.csv.gz"), market::kBarCsv, {});
  ASSERT_TRUE(bars) << bars.error().message;
  std::vector<BarFeed> feeds;
  feeds.push_back({core::InstrumentId{}, std::move(*bars), false});
  BarMarketSettings settings;
  settings.from = core::Date{std::chrono::year{2016} / 1 / 4};
  settings.to = core::Date{std::chrono::year{2017} / 12 / 29};
  auto market = BarMarket::open(settings, core::ExchangeCalendar::xnys(), exchange.instruments,
                                *exchange.engine, std::move(feeds));
  ASSERT_TRUE(market) << market.error().message;

  Strategy strategy{exchange};
  while (const auto time = (*market)->next_time()) {
    exchange.clock.set(*time);
    const auto status = (*market)->step(strategy);
    ASSERT_TRUE(status) << status.error().message;
    strategy.drain();
  }

  EXPECT_EQ((*market)->bars_played(), 100'000u);
  ASSERT_EQ(strategy.trades.size(), 696u);
  EXPECT_EQ(std::count_if(strategy.trades.begin(), strategy.trades.end(),
                          [](const Trade& trade) { return trade.reason == "TARGET"; }),
            338);
  EXPECT_EQ(strategy.fees, money("523.5199085"));
  EXPECT_EQ(strategy.position, shares(10));
  EXPECT_EQ(
      strategy.cash + core::notional(strategy.last_close, strategy.position, core::kUnitMultiplier),
      money("9999275.4940915"));
  EXPECT_EQ(text_of(strategy.trades.front()),
            "2016-01-04T15:49:00Z 101.1973 2016-01-04T16:24:00Z 100.1853 STOP");
  EXPECT_EQ(text_of(strategy.trades[2]),
            "2016-01-04T19:57:00Z 99.0770 2016-01-05T15:45:00Z 100.0678 TARGET");
  EXPECT_EQ(text_of(strategy.trades.back()),
            "2017-01-09T16:43:00Z 73.2085 2017-01-09T17:58:00Z 73.9406 TARGET");
}

}  // namespace
}  // namespace st0ck::adapters::sim
