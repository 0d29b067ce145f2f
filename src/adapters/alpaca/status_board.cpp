#include "st0ck/adapters/alpaca/status_board.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/market/sale_conditions.hpp"

#include <algorithm>

namespace st0ck::alpaca {

using market::TradingState;

StatusEffect effect_of(std::string_view status_code, std::string_view reason_code) {
  if (status_code.size() != 1) return StatusEffect::None;
  const bool is_volatility =
      reason_code == "M" || reason_code == "T5" || reason_code == "LUDP" || reason_code == "LUDS";
  switch (status_code.front()) {
    case '2':  // CTA: trading halt.
    case 'H':  // UTP: trading halt.
      return is_volatility ? StatusEffect::Pause : StatusEffect::Halt;
    case 'P': return StatusEffect::Pause;   // UTP: volatility trading pause.
    case '3':                               // CTA: resume.
    case 'T': return StatusEffect::Resume;  // UTP: trading resumption.
    case 'E':
      return StatusEffect::RestrictShortSales;  // CTA: Rule 201.
    // Quotation resumption (Q), indications and imbalances change nothing: no trade yet.
    default: return StatusEffect::None;
  }
}

auto StatusBoard::line_of(core::InstrumentId instrument) -> Line& {
  if (instrument.value() >= lines_.size()) lines_.resize(instrument.value() + 1);
  Line& line = lines_[instrument.value()];
  line.status.instrument = instrument;
  return line;
}

const market::TradingStatus* StatusBoard::apply(core::InstrumentId instrument,
                                                const TapeStatus& status) {
  Line& line = line_of(instrument);
  if (status.time < line.status_time) return nullptr;
  line.status_time = status.time;
  switch (effect_of(status.status_code.view(), status.reason_code.view())) {
    case StatusEffect::None: return nullptr;
    case StatusEffect::Halt: line.status.state = TradingState::Halted; break;
    case StatusEffect::Pause: line.status.state = TradingState::Paused; break;
    case StatusEffect::Resume: line.status.state = TradingState::Trading; break;
    case StatusEffect::RestrictShortSales:
      line.restricted_until = end_of_restriction(status.time);
      return told(line, status.time);
  }
  trust(line);
  const bool is_trading = line.status.state == TradingState::Trading;
  line.status.reason = is_trading ? core::Code{} : status.reason_code;
  if (!is_trading && line.status.reason.empty()) line.status.reason = core::Code{"HALT"};
  return told(line, status.time);
}

const market::TradingStatus* StatusBoard::apply(core::InstrumentId instrument,
                                                const TapeBands& bands) {
  Line& line = line_of(instrument);
  if (bands.time < line.bands_time) return nullptr;
  line.bands_time = bands.time;
  // D: suspended in a halt or pause; F: outside the hours of the rule.
  const bool in_force = bands.indicator != 'D' && bands.indicator != 'F' &&
                        bands.down > core::Price{} && bands.up >= bands.down;
  line.status.band_low = in_force ? std::optional{bands.down} : std::nullopt;
  line.status.band_high = in_force ? std::optional{bands.up} : std::nullopt;
  return told(line, bands.time);
}

void StatusBoard::doubt() {
  for (Line& line : lines_) {
    if (line.is_doubted || line.status.state == TradingState::Trading) continue;
    line.is_doubted = true;
    ++doubted_;
  }
}

bool StatusBoard::is_halted(core::InstrumentId instrument) const {
  return instrument.value() < lines_.size() &&
         lines_[instrument.value()].status.state != TradingState::Trading;
}

const market::TradingStatus* StatusBoard::told(Line& line, core::Timestamp time) {
  line.status.time = std::max(line.status.time, time);
  line.status.is_short_sale_restricted = line.status.time < line.restricted_until;
  return &line.status;
}

const market::TradingStatus* StatusBoard::resolve(const market::Trade& trade) {
  Line& line = line_of(trade.instrument);
  if (!line.is_doubted || trade.time <= line.status.time) return nullptr;
  if (!market::effect_of(trade.conditions).last) return nullptr;
  trust(line);
  line.status.state = TradingState::Trading;
  line.status.reason = {};
  return told(line, trade.time);
}

void StatusBoard::trust(Line& line) {
  if (line.is_doubted) --doubted_;
  line.is_doubted = false;
}

core::Timestamp StatusBoard::end_of_restriction(core::Timestamp time) const {
  const auto next = calendar_.next_session(core::to_new_york(time).date);
  return next ? next->close : core::Timestamp::max();
}

}  // namespace st0ck::alpaca
