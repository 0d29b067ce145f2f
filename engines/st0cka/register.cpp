#include "engines/st0cka/register.hpp"

#include "engines/st0cka/settings.hpp"
#include "engines/st0cka/st0cka.hpp"
#include "st0ck/kernel/engine_registry.hpp"

namespace st0ck::engines {

namespace {

/// Spec st0ck 3.1: one trade a day, at most $10 lost a day, five losing days in a row.
trading::RiskLimits risk_defaults() {
  trading::RiskLimits limits;
  limits.order_quantity_max = core::Quantity::whole(1);
  limits.order_notional_max = core::Money::whole(5'000);
  limits.open_orders_max = 1;
  limits.position_quantity_max = core::Quantity::whole(1);
  limits.daily_loss_max = core::Money::whole(10);
  limits.trades_per_day_max = 1;
  limits.losing_days_max = 5;
  return limits;
}

/// Spec st0ck 3.2: up to five lots and twenty trades a day.
trading::RiskLimits advanced_risk_defaults() {
  trading::RiskLimits limits = risk_defaults();
  limits.open_orders_max = 10;
  limits.position_quantity_max = core::Quantity::whole(5);
  limits.trades_per_day_max = 20;
  return limits;
}

trading::RiskLimits risk_defaults_for(core::SettingsSection& section) {
  const bool is_simple = section.read(st0cka::mode_schema()).mode == st0cka::Mode::Simple;
  return is_simple ? risk_defaults() : advanced_risk_defaults();
}

std::unique_ptr<kernel::Engine> create(core::SettingsSection& section,
                                       market::InstrumentTable& instruments) {
  const auto settings = section.read(st0cka::settings_schema());
  const market::Instrument& instrument = instruments.define({.id = {}, .symbol = settings.symbol});
  return std::make_unique<st0cka::St0cka>(settings, instrument.id);
}

}  // namespace

void register_st0cka(kernel::EngineRegistry& registry) {
  kernel::EngineType type;
  type.name = core::EngineName{"st0cka"};
  type.decision_version = 3;
  type.summary = "Buys a share in the morning and sells it for a cent more, or in time.";
  type.risk_defaults = risk_defaults();
  type.risk_defaults_for = risk_defaults_for;
  type.settings_schema = [] {
    return std::make_unique<core::Schema<st0cka::Settings>>(st0cka::settings_schema());
  };
  type.create = create;
  registry.add(std::move(type));
}

}  // namespace st0ck::engines
