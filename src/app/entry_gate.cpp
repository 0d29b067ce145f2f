#include "src/app/entry_gate.hpp"

#include <algorithm>

namespace st0ck::app {

namespace {

const core::Code kNotTradable{"NOT_TRADABLE"};
const core::Code kNotShortable{"NOT_SHORTABLE"};
const core::Code kFractionalRule{"FRACTIONAL_RULE"};
constexpr core::Quantity kShare = core::Quantity::whole(1);

}  // namespace

EntryGate::Knowledge& EntryGate::of(core::InstrumentId instrument) {
  if (instrument.value() >= known_.size()) known_.resize(instrument.value() + 1);
  return known_[instrument.value()];
}

void EntryGate::set_terms(core::InstrumentId instrument, const trading::TradingTerms& terms) {
  of(instrument).terms = terms;
}

void EntryGate::set_stopped(core::InstrumentId instrument, const core::Code& reason,
                            bool is_stopped) {
  std::vector<core::Code>& stops = of(instrument).stops;
  std::erase(stops, reason);
  if (is_stopped) stops.push_back(reason);
}

std::optional<core::Code> EntryGate::refusal_of(const trading::OrderIntent& entry) const {
  if (entry.purpose != trading::Purpose::Entry) return std::nullopt;
  for (const trading::OrderLeg& leg : entry.legs) {
    if (leg.instrument.value() >= known_.size()) continue;
    const Knowledge& known = known_[leg.instrument.value()];
    if (!known.stops.empty()) return known.stops.front();
    if (!known.terms) continue;
    if (!known.terms->blocked.empty()) return kNotTradable;
    // An entry enlarges a position: one that sells is short.
    if (!known.terms->is_shortable && leg.side == trading::Side::Sell) return kNotShortable;
    if (!known.terms->is_fractionable && !entry.terms.quantity.is_multiple_of(kShare))
      return kFractionalRule;
  }
  return std::nullopt;
}

std::vector<core::Code> EntryGate::stops_of(core::InstrumentId instrument) const {
  if (instrument.value() >= known_.size()) return {};
  const Knowledge& known = known_[instrument.value()];
  std::vector<core::Code> stops = known.stops;
  if (known.terms && !known.terms->blocked.empty()) stops.push_back(kNotTradable);
  return stops;
}

void EntryGate::submit(const trading::Approved<trading::OrderIntent>& intent) {
  if (const auto code = refusal_of(*intent)) return reject(*intent, *code);
  parts_.broker.submit(intent);
}

/// Without its entry nothing of a group is for anything.
void EntryGate::submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) {
  for (const auto& intent : group) {
    const auto code = refusal_of(*intent);
    if (!code) continue;
    for (const auto& each : group) reject(*each, *code);
    return;
  }
  parts_.broker.submit_group(group);
}

void EntryGate::reject(const trading::OrderIntent& intent, const core::Code& code) {
  parts_.log.warn("ORDER_REFUSED", "it is not sent, for what is known of its instrument",
                  {{"order", intent.client_order_id},
                   {"symbol", parts_.instruments[intent.leg().instrument].symbol},
                   {"code", code}});
  trading::OrderUpdate update;
  update.client_order_id = intent.client_order_id;
  update.kind = trading::OrderUpdateKind::Rejected;
  update.time = parts_.clock.now();
  update.reason = code;
  parts_.answers.on_order_update(update);
}

}  // namespace st0ck::app
