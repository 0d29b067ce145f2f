#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::adapters::sim {

/// What the simulated broker knows of the one account that trades at it: cash and positions, from
/// its own fills. It does not know bots.
class BrokerAccount {
 public:
  explicit BrokerAccount(core::Money cash) : cash_{cash} {}

  void on_fill(const market::Instrument& instrument, trading::Side side, core::Quantity quantity,
               core::Money notional, core::Money fee);

  /// Adds to what is held, with nothing paid: of trades that were made elsewhere.
  void hold(core::InstrumentId instrument, core::Quantity quantity) {
    holding(instrument).quantity += quantity;
  }

  /// A corporate action takes effect: a split of whole shares leaves whole ones and cash.
  void on_corporate_action(const market::CorporateAction& action);

  /// The price that a position is valued at.
  void mark(core::InstrumentId instrument, core::Price price) { holding(instrument).mark = price; }

  /// Zero while none is known.
  core::Price mark_of(core::InstrumentId instrument) const;

  core::Money cash() const { return cash_; }

  /// Signed; zero for what was never traded.
  core::Quantity position(core::InstrumentId instrument) const;

  /// `leverage` times equity, less the value of all positions, long and short. Negative when they
  /// are too large.
  core::Money buying_power(const market::InstrumentTable& instruments,
                           std::uint32_t leverage) const;

 private:
  struct Holding {
    core::Quantity quantity;
    core::Price mark;
  };

  Holding& holding(core::InstrumentId instrument);

  core::Money cash_;
  std::vector<Holding> holdings_;  ///< By instrument.
};

}  // namespace st0ck::adapters::sim
