#include "st0ck/adapters/sim/broker_account.hpp"

namespace st0ck::adapters::sim {

void BrokerAccount::on_fill(const market::Instrument& instrument, trading::Side side,
                            core::Quantity quantity, core::Money notional, core::Money fee) {
  Holding& held = holding(instrument.id);
  held.quantity += trading::signed_quantity(side, quantity);
  cash_ += side == trading::Side::Buy ? -notional : notional;
  cash_ -= fee;
}

core::Quantity BrokerAccount::position(core::InstrumentId instrument) const {
  return instrument.value() < holdings_.size() ? holdings_[instrument.value()].quantity
                                               : core::Quantity{};
}

core::Price BrokerAccount::mark_of(core::InstrumentId instrument) const {
  return instrument.value() < holdings_.size() ? holdings_[instrument.value()].mark : core::Price{};
}

core::Money BrokerAccount::buying_power(const market::InstrumentTable& instruments,
                                        std::uint32_t leverage) const {
  core::Money equity = cash_;
  core::Money gross;
  for (const market::Instrument& instrument : instruments) {
    if (instrument.id.value() >= holdings_.size()) break;
    const Holding& held = holdings_[instrument.id.value()];
    const core::Money value = core::notional(held.mark, held.quantity.abs(), instrument.multiplier);
    equity += held.quantity.is_negative() ? -value : value;
    gross += value;
  }
  core::Money power = -gross;
  for (std::uint32_t i = 0; i < leverage; ++i) power += equity;
  return power;
}

BrokerAccount::Holding& BrokerAccount::holding(core::InstrumentId instrument) {
  if (instrument.value() >= holdings_.size()) holdings_.resize(instrument.value() + 1);
  return holdings_[instrument.value()];
}

}  // namespace st0ck::adapters::sim
