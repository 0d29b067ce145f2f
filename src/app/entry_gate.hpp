#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/trading_terms.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// Stands before a broker and turns entries down that what is known of their instrument forbids:
/// one that is stopped for a reason, one that the broker does not trade (`NOT_TRADABLE`), a short
/// sale of what cannot be borrowed (`NOT_SHORTABLE`), a fraction of what has none
/// (`FRACTIONAL_RULE`). Exits, cancels and changes of terms pass.
///
/// It answers as the broker would: with an update, which is journalled like the broker's own, so
/// that nothing that is learnt here of a live day is missing in a replay. Core thread only.
class EntryGate final : public trading::Broker {
 public:
  struct Parts {
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    trading::Broker& broker;
    trading::OrderUpdateSink& answers;
    core::Logger log;
  };

  explicit EntryGate(const Parts& parts) : parts_{parts} {}

  /// The broker's terms of an instrument, until the next; without any nothing is held against them.
  void set_terms(core::InstrumentId instrument, const trading::TradingTerms& terms);

  /// Begins or ends a stop of entries in an instrument; several reasons may hold at a time.
  void set_stopped(core::InstrumentId instrument, const core::Code& reason, bool is_stopped);

  /// Why an entry is not sent; nothing where it may be.
  std::optional<core::Code> refusal_of(const trading::OrderIntent& entry) const;

  /// Why every entry in an instrument is stopped; empty where none is.
  std::vector<core::Code> stops_of(core::InstrumentId instrument) const;

  void submit(const trading::Approved<trading::OrderIntent>& intent) override;
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override;
  void cancel(const core::ClientOrderId& order) override { parts_.broker.cancel(order); }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    parts_.broker.replace(replace);
  }
  void look_up(const core::ClientOrderId& order) override { parts_.broker.look_up(order); }
  trading::BrokerAbilities abilities() const override { return parts_.broker.abilities(); }

 private:
  struct Knowledge {
    std::optional<trading::TradingTerms> terms;
    std::vector<core::Code> stops;
  };

  Knowledge& of(core::InstrumentId instrument);
  void reject(const trading::OrderIntent& intent, const core::Code& code);

  Parts parts_;
  std::vector<Knowledge> known_;  ///< By instrument.
};

}  // namespace st0ck::app
