#include "src/app/faults/day_configuration.hpp"

#include "src/app/faults/day_engine.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;

constexpr core::Duration kStaleAfter = 25s;
constexpr core::Duration kPollEvery = 15s;

trading::RiskLimits limits() {
  trading::RiskLimits limits;
  limits.quote_age_max = kQuoteAge;
  limits.position_quantity_max = core::Quantity::whole(kPositionMax);
  limits.trades_per_day_max = 1'000;
  limits.open_orders_max = 8;
  limits.orders_per_minute_max = kEntriesPerMinute;
  return limits;
}

}  // namespace

Configuration configuration_of(const Schedule& schedule, core::Timestamp begin) {
  Configuration configuration;
  configuration.mode = "paper";
  configuration.account.name = core::AccountId{"default"};
  configuration.account.cash = core::Money::whole(100'000);
  configuration.market.kind = MarketKind::Alpaca;
  configuration.market.alpaca.uses_msgpack = true;
  configuration.market.alpaca.data_url = "http://exchange";
  configuration.market.alpaca.stream_url = "ws://exchange";
  configuration.market.alpaca.stale_after = kStaleAfter;
  configuration.broker.kind = BrokerKind::Alpaca;
  configuration.broker.alpaca.url = "http://exchange";
  configuration.broker.alpaca.poll_every = kPollEvery;
  configuration.canonical = "faults";
  configuration.hash = "faults";
  std::vector<core::InstrumentId> instruments;
  for (const core::Symbol& symbol : symbols_of(schedule.market)) {
    market::Instrument instrument;
    instrument.symbol = symbol;
    instruments.push_back(configuration.instruments.define(instrument).id);
  }
  std::uint64_t number = 0;
  for (const std::string_view name : kBots) {
    DayEngineSettings engine;
    if (schedule.shares_symbols)
      engine.instruments = instruments;
    else
      engine.instruments = {instruments[number % instruments.size()]};
    engine.entries_until = begin + schedule.entries_for;
    engine.flat_at = begin + schedule.flat_after;
    engine.acts_one_in = schedule.idle_bots.contains(core::BotId{name}) ? 0 : schedule.acts_one_in;
    engine.acts_every = schedule.acts_every;
    engine.seed = schedule.seed * 1'000 + ++number;
    ConfiguredBot& bot = configuration.bots.emplace_back();
    bot.identity = {core::BotId{name}, core::EngineName{"day"}, 1};
    bot.limits = limits();
    bot.engine = std::make_unique<DayEngine>(engine);
  }
  return configuration;
}

}  // namespace st0ck::app::faults
