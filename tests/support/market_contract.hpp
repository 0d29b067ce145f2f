#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/market/data_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::test {

/// Hears a market and writes down what no market may do.
class MarketWitness final : public market::EventSink {
 public:
  explicit MarketWitness(const core::Clock& clock) : clock_{clock} {}

  void on_quote(const market::Quote& quote) override {
    ++quotes;
    expect(quote.time >= of(quote.instrument).quote, "the time of quotes does not go back");
    expect(quote.time <= clock_.now(), "no quote comes before its time");
    of(quote.instrument).quote = quote.time;
  }

  void on_trade(const market::Trade& trade) override {
    ++trades;
    Last& last = of(trade.instrument);
    expect(trade.time >= last.trade, "the time of trades does not go back");
    expect(trade.time <= clock_.now(), "no trade comes before its time");
    expect(trade.time >= last.bar_end, "no trade comes after the bar that it belongs to");
    last.trade = trade.time;
  }

  void on_bar(const market::Bar& bar) override {
    ++bars;
    Last& last = of(bar.instrument);
    expect(bar.start >= last.bar_end, "bars come in order, each once, and do not overlap");
    expect(bar.start < bar.end, "a bar has a length");
    expect(bar.end <= clock_.now(), "no bar comes before its end");
    expect(!defect_of(bar).has_value(), "bars make sense");
    last.bar_end = bar.end;
  }

  void on_session_phase(const market::SessionPhase& phase) override {
    const auto place = [](const market::SessionPhase& it) {
      return std::pair{it.session.open, it.phase};
    };
    if (phase_) expect(place(phase) > place(*phase_), "phases follow each other");
    if (phase_ && phase.phase != market::Phase::Prepare)
      expect(phase.session == phase_->session, "a session that opens and closes was prepared");
    phase_ = phase;
    ++phases;
  }

  void on_trading_status(const market::TradingStatus& status) override {
    expect(status.time >= of(status.instrument).status, "the time of statuses does not go back");
    of(status.instrument).status = status.time;
  }

  void on_provider_status(const market::ProviderStatus& status) override {
    expect(!state_ || *state_ != market::ProviderState::Finished,
           "nothing is said of a provider that has finished");
    state_ = status.state;
    ++states;
  }

  std::size_t count() const { return quotes + trades + bars + phases + states; }

  std::size_t quotes = 0;
  std::size_t trades = 0;
  std::size_t bars = 0;
  std::size_t phases = 0;
  std::size_t states = 0;
  std::vector<std::string> broken;  ///< The rules that were, in positive words.

 private:
  struct Last {
    core::Timestamp quote = core::Timestamp::min();
    core::Timestamp trade = core::Timestamp::min();
    core::Timestamp status = core::Timestamp::min();
    core::Timestamp bar_end = core::Timestamp::min();
  };

  Last& of(core::InstrumentId instrument) { return last_[instrument.value()]; }
  void expect(bool holds, const char* rule) {
    if (!holds && broken.size() < 10) broken.emplace_back(rule);
  }

  const core::Clock& clock_;
  std::map<std::uint32_t, Last> last_;
  std::optional<market::SessionPhase> phase_;
  std::optional<market::ProviderState> state_;
};

/// A market for the contract, with quotes, trades and several minutes of bars to tell.
class MarketOnTrial {
 public:
  virtual ~MarketOnTrial() = default;
  virtual const core::Clock& clock() const = 0;

  /// Tells the first half of what it has, or the second.
  virtual void play_first_half(market::EventSink& sink) = 0;
  virtual void play_second_half(market::EventSink& sink) = 0;

  /// Markets that are stepped cannot be stopped: nobody steps them any more.
  virtual bool can_stop() const { return false; }
  virtual void stop() {}
  virtual void start_again(market::EventSink&) {}
  /// What was asked of the provider at the latest start; equal texts are equal subscriptions.
  virtual std::string subscriptions() const { return {}; }
};

/// What holds for any market, stepped or streaming. `Trial` is a MarketOnTrial.
template <typename Trial>
class MarketContract : public ::testing::Test {
 protected:
  Trial market;
};
TYPED_TEST_SUITE_P(MarketContract);

TYPED_TEST_P(MarketContract, TellsEachKindInOrderAndOfItsTime) {
  MarketWitness witness{this->market.clock()};

  this->market.play_first_half(witness);
  this->market.play_second_half(witness);

  EXPECT_EQ(witness.broken, std::vector<std::string>{});
  EXPECT_GT(witness.quotes, 0U);
  EXPECT_GT(witness.trades, 0U);
  EXPECT_GT(witness.bars, 2U);
  EXPECT_GT(witness.states, 0U);
}

TYPED_TEST_P(MarketContract, TellsNothingAfterItWasStopped) {
  if (!this->market.can_stop()) GTEST_SKIP() << "stepped from outside";
  MarketWitness witness{this->market.clock()};
  this->market.play_first_half(witness);
  const std::size_t count = witness.count();

  this->market.stop();
  this->market.play_second_half(witness);

  EXPECT_GT(count, 0U);
  EXPECT_EQ(witness.count(), count);
}

TYPED_TEST_P(MarketContract, AsksForTheSameAgainAndTellsNothingTwiceAfterARestart) {
  if (!this->market.can_stop()) GTEST_SKIP() << "stepped from outside";
  MarketWitness witness{this->market.clock()};
  this->market.play_first_half(witness);
  const std::string before = this->market.subscriptions();

  this->market.stop();
  this->market.start_again(witness);
  this->market.play_second_half(witness);

  EXPECT_EQ(this->market.subscriptions(), before);
  EXPECT_EQ(witness.broken, std::vector<std::string>{});
}

REGISTER_TYPED_TEST_SUITE_P(MarketContract, TellsEachKindInOrderAndOfItsTime,
                            TellsNothingAfterItWasStopped,
                            AsksForTheSameAgainAndTellsNothingTwiceAfterARestart);

}  // namespace st0ck::test
