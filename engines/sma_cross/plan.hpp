#pragma once

#include "engines/sma_cross/crossing.hpp"
#include "engines/sma_cross/settings.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/group_request.hpp"
#include "st0ck/trading/order_request.hpp"

#include <optional>
#include <string_view>

namespace st0ck::engines::sma_cross {

/// Where a position is left.
struct Levels {
  core::Price target;
  core::Price stop;
};

/// The side on which a crossing enters; nothing where the direction forbids it.
std::optional<trading::Side> side_of(Cross cross, Direction direction);

/// Target and stop of a position entered at `base`, each rounded half away from zero to the tick.
Levels levels_of(trading::Side side, core::Price base, core::Price tick, const Settings& settings);

/// An entry after a bar that closed at `close`.
trading::OrderRequest entry_of(EntryStyle style, trading::Side side, core::Price close,
                               const market::Instrument& instrument, const Settings& settings);

/// An entry into the opening auction; `style` is not None.
trading::OrderRequest opening_entry_of(OpeningEntry style, trading::Side side, core::Price close,
                                       const market::Instrument& instrument,
                                       const Settings& settings);

/// The price that the exits of an entry are counted from: what it waits for, or else the close.
core::Price base_of(const trading::OrderRequest& entry, core::Price close);

/// The entry and its exits as one group; `style` is not Oco.
trading::GroupRequest group_of(ExitStyle style, const trading::OrderRequest& entry,
                               const Levels& levels, const Settings& settings);

/// Target and stop of `position`, which is held and signed.
trading::GroupRequest exits_of(core::Quantity position, core::InstrumentId instrument,
                               const Levels& levels, const Settings& settings);

/// Leaves `position` at once.
trading::OrderRequest market_exit_of(core::Quantity position, core::InstrumentId instrument,
                                     std::string_view reason);

/// Leaves `position` by the close.
trading::OrderRequest flat_order_of(core::Quantity position, core::InstrumentId instrument,
                                    FlatBy flat_by);

}  // namespace st0ck::engines::sma_cross
