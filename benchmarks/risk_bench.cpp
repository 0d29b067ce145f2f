#include "st0ck/trading/risk_manager.hpp"

#include <benchmark/benchmark.h>

namespace st0ck::trading {
namespace {

/// A limit order to buy 100 shares in the middle of a session: every check has its input and looks.
struct Entry {
  Entry() {
    intent.client_order_id = core::ClientOrderId{"bench-st0cka-20190211-1"};
    intent.account = core::AccountId{"default"};
    intent.bot = core::BotId{"bench"};
    intent.engine = core::EngineName{"st0cka"};
    intent.legs.push_back({core::InstrumentId{}, Side::Buy, 1});
    intent.type = OrderType::Limit;
    intent.terms.quantity = core::Quantity::whole(100);
    intent.terms.limit = core::Price::whole(270);
    instrument.symbol = core::Symbol{"SPY"};
    facts.quote.staleness = market::Staleness::Fresh;
    facts.quote.quote.bid = core::Price::whole(270);
    facts.quote.quote.ask = core::Price::from_raw(270'010'000'000);
    facts.position = core::Quantity::whole(100);
    facts.entries_working = core::Quantity::whole(50);
    facts.open_orders = 3;
    facts.orders_last_minute = 5;
    facts.trades_today = 7;
    facts.buying_power = core::Money::whole(500'000);
    facts.day_pnl = core::Money::whole(-25);
    facts.in_session = true;
    facts.status.emplace();
    facts.status->band_low = core::Price::whole(256);
    facts.status->band_high = core::Price::whole(284);
    facts.equity = core::Money::whole(1'000'000);
    facts.equity_peak = core::Money::whole(1'001'000);
    facts.symbol_exposure = core::Money::whole(40'500);
    facts.gross_exposure = core::Money::whole(90'000);
    facts.open_risk = core::Money::whole(2'000);
    facts.planned_stop = core::Price::whole(268);
    limits.restricted_symbols = {core::Symbol{"GME"}, core::Symbol{"AMC"}};
  }

  OrderIntent intent;
  market::Instrument instrument;
  RiskFacts facts{.intent = intent, .instrument = instrument, .now = {}};
  RiskLimits limits;
};

/// What do all checks cost on an entry that passes every one of them?
void check_all(benchmark::State& state) {
  const Entry entry;
  RiskReadings readings;
  for (auto _ : state) {
    const auto verdict = RiskManager::review(entry.facts, entry.limits, readings);
    if (std::holds_alternative<Refused>(verdict)) {
      state.SkipWithError("the entry was refused");
      break;
    }
    benchmark::DoNotOptimize(readings.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(check_all)->Name("risk/check_all");

}  // namespace
}  // namespace st0ck::trading
