#pragma once

#include "st0ck/adapters/alpaca/feeds.hpp"
#include "st0ck/adapters/alpaca/wire/data/channels.hpp"
#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/market_data.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace st0ck::alpaca {

/// What a stream was asked for, in its words and in ours.
struct WantedData {
  Channels channels;
  SymbolMap symbols;
  std::vector<core::InstrumentId> quoted;
  std::vector<core::InstrumentId> barred;
  std::optional<core::Code> unavailable;  ///< Why the first need that cannot be met is not.
  std::vector<std::uint8_t> kinds;        ///< By instrument, a bit per DataKind.

  WantedData(const FeedTraits& feed, const market::InstrumentTable& instruments,
             std::span<const market::DataNeed> needs);

  bool has(core::InstrumentId instrument, market::DataKind kind) const {
    return (kinds[instrument.value()] & bit(kind)) != 0;
  }
  bool is_empty() const { return symbols.size() == 0; }

 private:
  static constexpr std::uint8_t bit(market::DataKind kind) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
  }
  void add(const market::Instrument& instrument, market::DataKind kind);
};

}  // namespace st0ck::alpaca
