#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_of_day.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "support/recording_sink.hpp"
#include "support/scripted_broker.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace st0ck::test {

/// The session of a New York date, which must be one.
inline core::Session session_on(std::string_view date) {
  return core::ExchangeCalendar::xnys().session_on(core::parse_date(date).value()).value();
}

/// A kernel with simulated time, a scripted broker and a sink that keeps the records, for two
/// stocks. Add bots, then `begin`.
class KernelStage {
 public:
  explicit KernelStage(const core::Logger& log, std::string_view date = "2019-02-11")
      : spy{define(table, "SPY")},
        qqq{define(table, "QQQ")},
        kernel{{clock, table, broker, updates, &records, log}, account, core::Money::whole(10'000)},
        session_{session_on(date)} {}

  void add_bot(std::string_view bot, std::string_view engine, std::unique_ptr<kernel::Engine> made,
               const trading::RiskLimits& limits = {}) {
    const kernel::BotIdentity identity{core::BotId{bot}, core::EngineName{engine}, 1};
    run.bots.push_back(identity);
    kernel.add_bot(identity, std::move(made), limits);
  }

  void begin() {
    run.account = account;
    run.mode = "paper";
    run.cash = core::Money::whole(10'000);
    kernel.start(run);
  }

  const core::Session& session() const { return session_; }
  void use_session(std::string_view date) { session_ = session_on(date); }

  /// A time of the session's day in New York, `09:30` or `09:30:15`.
  core::Timestamp at(std::string_view time) const {
    return core::from_new_york(session_.date, core::parse_time_of_day(time).value().since_midnight);
  }

  /// Moves the clock, firing the timers that come due on the way.
  void go(core::Timestamp time) {
    while (kernel.next_deadline() && *kernel.next_deadline() <= time) {
      clock.advance_to(*kernel.next_deadline());
      kernel.fire_due_timer();
    }
    clock.advance_to(time);
  }
  void go(std::string_view time) { go(at(time)); }

  void prepare() {
    go(session_.open - std::chrono::minutes{10});
    phase(market::Phase::Prepare);
  }
  /// At equal times data come before timers.
  void open() {
    go(session_.open - core::Duration{1});
    clock.advance_to(session_.open);
    phase(market::Phase::Open);
  }
  void close() {
    go(session_.close - core::Duration{1});
    clock.advance_to(session_.close);
    phase(market::Phase::Close);
  }
  void phase(market::Phase phase) { kernel.on_session_phase({phase, session_}); }

  /// A quote that was made now.
  market::Quote quote_of(core::InstrumentId instrument, std::string_view bid,
                         std::string_view ask) const {
    market::Quote quote;
    quote.instrument = instrument;
    quote.time = clock.now();
    quote.bid = core::Price::parse(bid).value();
    quote.ask = core::Price::parse(ask).value();
    quote.bid_size = core::Volume::whole(100);
    quote.ask_size = core::Volume::whole(100);
    return quote;
  }
  void quote(std::string_view bid, std::string_view ask) {
    kernel.on_quote(quote_of(spy, bid, ask));
  }

  const core::AccountId account{"default"};
  kernel::SimulatedClock clock;
  market::InstrumentTable table;
  core::InstrumentId spy;
  core::InstrumentId qqq;
  kernel::OrderUpdateQueue updates;
  ScriptedBroker broker{clock, updates};
  RecordingSink records;
  kernel::RunStart run;
  kernel::Kernel kernel;

 private:
  static core::InstrumentId define(market::InstrumentTable& table, std::string_view symbol) {
    market::Instrument definition;
    definition.symbol = core::Symbol{symbol};
    return table.define(definition).id;
  }

  core::Session session_;
};

}  // namespace st0ck::test
