#include "support/market_contract.hpp"

#include "adapters/sim/tick_fixture.hpp"
#include "st0ck/adapters/sim/tick_market.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace st0ck::adapters::sim {
namespace {

using namespace std::chrono_literals;

/// Ten minutes of one stock: a quote and two prints each, a halt, and the session's phases.
class TenMinutes final : public market::TickSource {
 public:
  TenMinutes() {
    add_phase("14:20", market::Phase::Prepare);
    add_phase("14:30", market::Phase::Open);
    for (int minute = 0; minute < 10; ++minute) {
      const core::Timestamp start = moment("14:30") + std::chrono::minutes{minute};
      add_print(start);
      market::Quote quote;
      quote.time = start + 10s;
      quote.bid = price("99.99");
      quote.ask = price("100.01");
      quote.bid_size = quote.ask_size = core::Volume::whole(300);
      events_.push_back({quote.time, quote});
      add_print(start + 59s);
    }
    market::TradingStatus halt;
    halt.time = moment("14:45");
    halt.state = market::TradingState::Halted;
    events_.push_back({halt.time, halt});
    add_phase("21:00", market::Phase::Close);
  }

  core::Result<std::span<const market::TapeEvent>> next_several() override {
    return std::exchange(is_given_, true) ? std::span<const market::TapeEvent>{}
                                          : std::span<const market::TapeEvent>{events_};
  }

 private:
  void add_phase(std::string_view time, market::Phase phase) {
    events_.push_back({moment(time), market::SessionPhase{phase, session_of_ticks()}});
  }
  void add_print(core::Timestamp time) {
    market::Trade trade;
    trade.time = time;
    trade.price = price("100.00");
    trade.size = core::Volume::whole(100);
    events_.push_back({time, trade});
  }

  std::vector<market::TapeEvent> events_;
  bool is_given_ = false;
};

class TicksOnTrial final : public st0ck::test::MarketOnTrial, public trading::OrderUpdateSink {
 public:
  TicksOnTrial() : line_{clock_, {}, *this} {
    market::Instrument spy;
    spy.symbol = core::Symbol{"SPY"};
    instruments_.define(spy);
    engine_.emplace(clock_, instruments_, MatchingSettings{}, line_, core::Money::whole(100'000));
    line_.connect(*engine_);
    market_ = TickMarket::open(std::make_unique<TenMinutes>(), core::ExchangeCalendar::xnys(),
                               core::Code{"hand"}, {clock_, instruments_, *engine_, line_})
                  .value();
  }

  const core::Clock& clock() const override { return clock_; }
  void play_first_half(market::EventSink& sink) override { play(sink, moment("14:35")); }
  void play_second_half(market::EventSink& sink) override { play(sink, moment("22:00")); }
  void on_order_update(const trading::OrderUpdate& /*update*/) override {}

 private:
  void play(market::EventSink& sink, core::Timestamp until) {
    while (const auto next = market_->next_time()) {
      if (*next >= until) return;
      clock_.set(*next);
      ASSERT_TRUE(market_->step(sink));
    }
  }

  st0ck::test::HandClock clock_{moment("14:20")};
  market::InstrumentTable instruments_;
  OrderLine line_;
  std::optional<MatchingEngine> engine_;
  std::unique_ptr<TickMarket> market_;
};

}  // namespace
}  // namespace st0ck::adapters::sim

namespace st0ck::test {
INSTANTIATE_TYPED_TEST_SUITE_P(TickMarket, MarketContract, adapters::sim::TicksOnTrial);
}  // namespace st0ck::test
