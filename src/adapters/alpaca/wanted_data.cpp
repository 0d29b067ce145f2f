#include "wanted_data.hpp"

namespace st0ck::alpaca {

using market::DataKind;

WantedData::WantedData(const FeedTraits& feed, const market::InstrumentTable& instruments,
                       std::span<const market::DataNeed> needs)
    : kinds(instruments.size()) {
  for (const market::DataNeed& need : needs) {
    const market::Instrument& instrument = instruments[need.instrument];
    if (const auto reason = unavailability(feed, instrument.asset_class, need.kind)) {
      if (!unavailable) unavailable = reason;
    } else if (!has(instrument.id, need.kind)) {
      add(instrument, need.kind);
    }
  }
}

void WantedData::add(const market::Instrument& instrument, DataKind kind) {
  std::uint8_t& mine = kinds[instrument.id.value()];
  mine = static_cast<std::uint8_t>(mine | bit(kind));
  // There is no channel of an option's status.
  if (kind == DataKind::Statuses && instrument.asset_class == market::AssetClass::Option) return;
  const std::string symbol = instrument.symbol.str();
  symbols.set(symbol, instrument.id);
  switch (kind) {
    case DataKind::Quotes:
      channels.quotes.push_back(symbol);
      quoted.push_back(instrument.id);
      break;
    case DataKind::Trades: channels.trades.push_back(symbol); break;
    case DataKind::Bars:
      channels.bars.push_back(symbol);
      barred.push_back(instrument.id);
      break;
    case DataKind::Statuses:
      channels.statuses.push_back(symbol);
      channels.lulds.push_back(symbol);
      break;
  }
}

}  // namespace st0ck::alpaca
