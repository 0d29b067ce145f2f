#include "st0ck/adapters/sim/tick_market.hpp"

#include "adapters/sim/tick_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>

// The playing of a tape: what comes after what.
namespace st0ck::adapters::sim {
namespace {

using namespace std::chrono_literals;

/// Events made by hand, given out two at a time.
class HandTape final : public market::TickSource {
 public:
  explicit HandTape(std::vector<market::TapeEvent> events) : events_{std::move(events)} {}

  core::Result<std::span<const market::TapeEvent>> next_several() override {
    const std::size_t count = std::min<std::size_t>(2, events_.size() - given_);
    const std::span<const market::TapeEvent> next{events_.data() + given_, count};
    given_ += count;
    return next;
  }

 private:
  std::vector<market::TapeEvent> events_;
  std::size_t given_ = 0;
};

market::TapeEvent quote_at(std::string_view time, std::string_view bid, std::string_view ask) {
  market::Quote quote;
  quote.time = moment(time);
  quote.bid = price(bid);
  quote.ask = price(ask);
  quote.bid_size = quote.ask_size = core::Volume::whole(300);
  return {quote.time, quote};
}

market::TapeEvent print_at(std::string_view time, std::string_view at,
                           std::string_view conditions = "") {
  market::Trade trade;
  trade.time = moment(time);
  trade.price = price(at);
  trade.size = core::Volume::whole(100);
  trade.conditions = market::SaleConditions{conditions};
  trade.exchange = 'P';
  return {trade.time, trade};
}

market::TapeEvent phase_at(std::string_view time, market::Phase phase) {
  return {moment(time), market::SessionPhase{phase, session_of_ticks()}};
}

/// Plays a tape to its end and writes down what it hears.
class Play final : public market::EventSink, public trading::OrderUpdateSink {
 public:
  explicit Play(const LineSettings& line = {}) : line_{clock, line, *this} {
    market::Instrument spy;
    spy.symbol = core::Symbol{"SPY"};
    instruments.define(spy);
    line_.connect(engine);
  }

  void run(std::vector<market::TapeEvent> events) {
    const auto market = TickMarket::open(std::make_unique<HandTape>(std::move(events)),
                                         core::ExchangeCalendar::xnys(), core::Code{"hand"},
                                         {clock, instruments, engine, line_});
    ASSERT_TRUE(market) << market.error().message;
    while (const auto next = (*market)->next_time()) {
      clock.set(*next);
      if (const auto stepped = (*market)->step(*this); !stepped) {
        error = stepped.error().message;
        return;
      }
      step_ended();
    }
  }

  void submit(const trading::OrderIntent& intent) { line_.submit(test::approved(intent)); }

  void on_quote(const market::Quote& quote) override { add("quote " + quote.bid.to_string()); }
  void on_trade(const market::Trade& trade) override {
    add("trade " + trade.price.to_string());
    if (at_trade) at_trade(trade);
  }
  void on_bar(const market::Bar& bar) override {
    add(fmt::format("bar {} {} {} {} {}", bar.open.to_string(), bar.high.to_string(),
                    bar.low.to_string(), bar.close.to_string(), bar.volume.to_string()));
  }
  void on_session_phase(const market::SessionPhase& phase) override {
    add(std::string{name_of(phase.phase)});
  }
  void on_provider_status(const market::ProviderStatus& status) override {
    add(fmt::format("{} {}", status.provider, name_of(status.state)));
  }
  void on_order_update(const trading::OrderUpdate& update) override { updates_.push_back(update); }

  test::HandClock clock{moment("14:20")};
  market::InstrumentTable instruments;
  Lines lines;
  std::string error;
  std::function<void(const market::Trade&)> at_trade;
  std::function<void(const trading::OrderUpdate&)> at_update;

 private:
  /// As the kernel does: updates are handled once the step is over.
  void step_ended() {
    for (const auto& update : std::exchange(updates_, {})) {
      const bool is_fill = update.kind == trading::OrderUpdateKind::Fill;
      add(fmt::format("{} {}{}", update.client_order_id, name_of(update.kind),
                      is_fill ? " @ " + update.price.to_string() : ""));
      if (at_update) at_update(update);
    }
  }

  void add(std::string_view what) {
    lines.push_back(fmt::format("{} {}", core::format_utc(clock.now()).substr(11, 8), what));
  }

  std::vector<trading::OrderUpdate> updates_;
  OrderLine line_;
  MatchingEngine engine{clock, instruments, {}, line_};
};

TEST(TickMarket, PlaysATapeInItsOrderAndMakesBarsOfIt) {
  Play play;

  play.run({phase_at("14:20", market::Phase::Prepare), phase_at("14:30", market::Phase::Open),
            print_at("14:30", "100.00", "O"), quote_at("14:30:01", "99.99", "100.01"),
            print_at("14:30:02", "100.02"), print_at("14:31:10", "99.98"),
            phase_at("21:00", market::Phase::Close)});

  EXPECT_EQ(play.lines, (Lines{"14:20:00 prepare", "14:30:00 open", "14:30:00 trade 100.00",
                               "14:30:01 quote 99.99", "14:30:02 trade 100.02",
                               "14:31:00 bar 100.00 100.02 100.00 100.02 200",
                               "14:31:10 trade 99.98", "14:32:00 bar 99.98 99.98 99.98 99.98 100",
                               "21:00:00 close", "21:00:00 hand finished"}));
}

TEST(TickMarket, ABarEndsBeforeThePrintOfItsLastMoment) {
  Play play;

  play.run({phase_at("14:30", market::Phase::Open), print_at("14:30", "100.00", "O"),
            print_at("14:31", "101.00")});

  EXPECT_EQ(play.lines,
            (Lines{"14:30:00 open", "14:30:00 trade 100.00",
                   "14:31:00 bar 100.00 100.00 100.00 100.00 100", "14:31:00 trade 101.00",
                   "14:32:00 bar 101.00 101.00 101.00 101.00 100", "14:32:00 hand finished"}));
}

TEST(TickMarket, AFillIsToldBeforeThePrintThatMadeIt) {
  Play play;
  play.at_trade = [&](const market::Trade& trade) {
    if (trade.price == price("100.00")) play.submit(sell("a", 10).stop("99.95"));
  };

  play.run({phase_at("14:30", market::Phase::Open), print_at("14:30", "100.00", "O"),
            quote_at("14:30:01", "99.93", "99.97"), print_at("14:30:02", "99.95")});

  EXPECT_EQ(play.lines,
            (Lines{"14:30:00 open", "14:30:00 trade 100.00", "14:30:00 a accepted",
                   "14:30:01 quote 99.93", "14:30:02 a fill @ 99.93", "14:30:02 trade 99.95",
                   "14:31:00 bar 100.00 100.00 99.95 99.95 200", "14:31:00 hand finished"}));
}

TEST(TickMarket, LetsMessagesOfTheLineArriveInTheirTime) {
  Play play{{.latency = 2s}};
  play.at_trade = [&](const market::Trade& trade) {
    if (trade.conditions == market::SaleConditions{"O"}) play.submit(buy("a", 10));
  };

  play.run({phase_at("14:30", market::Phase::Open), print_at("14:30", "100.00", "O"),
            quote_at("14:30:01", "99.99", "100.01"), quote_at("14:30:02", "100.02", "100.04")});

  EXPECT_EQ(play.lines,
            (Lines{"14:30:00 open", "14:30:00 trade 100.00", "14:30:01 quote 99.99",
                   "14:30:02 quote 100.02", "14:30:04 a accepted", "14:30:04 a fill @ 100.01",
                   "14:31:00 bar 100.00 100.00 100.00 100.00 100", "14:31:00 hand finished"}))
      << "it came before the quote of its moment";
}

/// An exit that answers a fill must not wait for the next event of the tape, which may be an hour
/// or a weekend away.
TEST(TickMarket, AnOrderThatAnswersAnUpdateIsUnderWayAtOnce) {
  Play play{{.latency = 20ms}};
  play.at_trade = [&](const market::Trade& trade) {
    if (trade.conditions == market::SaleConditions{"O"}) play.submit(buy("a", 10).limit("90.00"));
  };
  play.at_update = [&](const trading::OrderUpdate& update) {
    if (update.client_order_id == core::ClientOrderId{"a"}) play.submit(buy("b", 5).limit("90.00"));
  };

  play.run({phase_at("14:30", market::Phase::Open), print_at("14:30", "100.00", "O"),
            quote_at("15:30", "99.99", "100.01")});

  EXPECT_EQ(play.lines,
            (Lines{"14:30:00 open", "14:30:00 trade 100.00", "14:30:00 a accepted",
                   "14:30:00 b accepted", "14:31:00 bar 100.00 100.00 100.00 100.00 100",
                   "15:30:00 quote 99.99", "15:30:00 hand finished"}));
}

TEST(TickMarket, ATapeThatGoesBackEndsTheRun) {
  Play play;

  play.run({print_at("14:30:02", "100.00"), print_at("14:30:01", "100.00")});

  EXPECT_EQ(play.error,
            "tape: found an event of 2019-02-11T14:30:01Z after one of 2019-02-11T14:30:02Z, "
            "allowed is their order");
}

}  // namespace
}  // namespace st0ck::adapters::sim
