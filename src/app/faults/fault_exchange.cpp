#include "src/app/faults/fault_exchange.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace st0ck::app::faults {

namespace {

namespace generated = adapters::sim::generated;

constexpr std::array<std::string_view, 4> kSymbols{"AAPL", "F", "MSFT", "SPY"};
constexpr std::array<std::int64_t, 4> kPrices{200, 40, 100, 300};

generated::TapeSettings tape_of(const FaultMarket& market) {
  generated::TapeSettings tape;
  tape.has_premarket = false;
  tape.halt_one_in = 0;
  tape.dividend_one_in = 0;
  tape.split_one_in = 0;
  tape.special_day_one_in = 0;
  for (std::uint32_t i = 0; i < market.symbols && i < kSymbols.size(); ++i) {
    generated::SymbolTraits& traits = tape.symbols.emplace_back();
    traits.symbol = core::Symbol{kSymbols[i]};
    traits.start_price = core::Price::whole(kPrices[i]);
    traits.own_volatility = core::Rate::from_raw(300'000);
    traits.events_per_minute = market.events_per_minute;
  }
  return tape;
}

}  // namespace

std::vector<core::Symbol> symbols_of(const FaultMarket& market) {
  std::vector<core::Symbol> symbols;
  for (std::uint32_t i = 0; i < market.symbols && i < kSymbols.size(); ++i)
    symbols.emplace_back(kSymbols[i]);
  return symbols;
}

core::Result<std::unique_ptr<FaultExchange>> FaultExchange::open(const FaultMarket& market,
                                                                 const exchange::Scenario& scenario,
                                                                 net::Scheduler& scheduler,
                                                                 exchange::FaultLog on_fault) {
  std::unique_ptr<FaultExchange> made{new FaultExchange{scheduler}};
  exchange::ExchangeSettings settings;
  settings.market.seed = market.seed;
  settings.market.sessions_before = 0;
  settings.market.at = market.begins;
  settings.market.sessions_after = 1;
  settings.market.generated = tape_of(market);
  settings.scenario = scenario;
  settings.accounts.front().seed = market.seed;
  auto host = exchange::ExchangeHost::open(
      settings, {.scheduler = scheduler, .wall = made->wall_, .on_fault = std::move(on_fault)},
      [&](exchange::ExchangeHost& opening) -> core::Result<exchange::DataHalf> {
        auto data = exchange::DataSide::open(settings, opening, {scheduler, made->wall_});
        if (!data) return tl::unexpected(data.error());
        made->data_ = std::move(*data);
        return made->data_->half();
      });
  if (!host) return tl::unexpected(host.error());
  made->host_ = std::move(*host);
  made->wall_.begin_at(made->host_->clock().now());
  return made;
}

}  // namespace st0ck::app::faults
