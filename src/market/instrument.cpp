#include "st0ck/market/instrument.hpp"

#include "st0ck/core/assert.hpp"

namespace st0ck::market {

const Instrument& InstrumentTable::define(const Instrument& definition) {
  if (const Instrument* known = find(definition.symbol)) return *known;
  Instrument added = definition;
  added.id = core::InstrumentId{static_cast<std::uint32_t>(instruments_.size())};
  by_symbol_.emplace(added.symbol, added.id);
  return instruments_.emplace_back(added);
}

const Instrument* InstrumentTable::find(const core::Symbol& symbol) const {
  const auto found = by_symbol_.find(symbol);
  return found == by_symbol_.end() ? nullptr : &instruments_[found->second.value()];
}

void InstrumentTable::set_borrow_rate(core::Rate rate) {
  for (Instrument& instrument : instruments_)
    if (instrument.asset_class == AssetClass::Equity && instrument.borrow_rate.is_zero())
      instrument.borrow_rate = rate;
}

const Instrument& InstrumentTable::operator[](core::InstrumentId id) const {
  ST0CK_ASSERT(id.value() < instruments_.size(), "an instrument id comes from the table");
  return instruments_[id.value()];
}

}  // namespace st0ck::market
