#include "engines/sma_cross/register.hpp"

#include "engines/sma_cross/settings.hpp"
#include "engines/sma_cross/sma_cross.hpp"
#include "st0ck/kernel/engine_registry.hpp"

#include <fmt/format.h>

namespace st0ck::engines {

namespace {

/// Ten shares of most stocks, and an entry with its two exits.
trading::RiskLimits risk_defaults() {
  trading::RiskLimits limits;
  limits.order_quantity_max = core::Quantity::whole(100);
  limits.order_notional_max = core::Money::whole(50'000);
  limits.open_orders_max = 4;
  limits.position_quantity_max = core::Quantity::whole(100);
  limits.daily_loss_max = core::Money::whole(500);
  limits.trades_per_day_max = 50;
  return limits;
}

std::unique_ptr<kernel::Engine> create(core::SettingsSection& section,
                                       market::InstrumentTable& instruments) {
  auto settings = section.read(sma_cross::settings_schema());
  market::Instrument definition;
  definition.symbol = settings.symbol;
  definition.tick = settings.tick;
  const market::Instrument& instrument = instruments.define(definition);
  if (instrument.tick != settings.tick)
    section.problem("tick", fmt::format("{}, as another bot has it for {}",
                                        instrument.tick.to_string(), instrument.symbol));
  return std::make_unique<sma_cross::SmaCross>(std::move(settings), instrument.id);
}

/// An entry above a limit is refused every time it comes.
void check_limits(core::SettingsSection& section, const trading::RiskLimits& limits) {
  const core::Quantity size = section.read(sma_cross::settings_schema()).size;
  if (size > limits.order_quantity_max)
    section.problem("size", fmt::format("at most risk.order_quantity_max, {}",
                                        limits.order_quantity_max.to_string()));
  else if (size > limits.position_quantity_max)
    section.problem("size", fmt::format("at most risk.position_quantity_max, {}",
                                        limits.position_quantity_max.to_string()));
}

}  // namespace

void register_sma_cross(kernel::EngineRegistry& registry) {
  kernel::EngineType type;
  type.name = core::EngineName{"sma_cross"};
  type.decision_version = 4;
  type.summary = "Buys or sells short where two averages of the close cross, with target and stop.";
  type.risk_defaults = risk_defaults();
  type.settings_schema = [] {
    return std::make_unique<core::Schema<sma_cross::Settings>>(sma_cross::settings_schema());
  };
  type.check_limits = check_limits;
  type.create = create;
  registry.add(std::move(type));
}

}  // namespace st0ck::engines
