#pragma once

#include "st0ck/market/events.hpp"

namespace st0ck::market {

/// What a print may change in a bar.
struct TradeEffect {
  bool high_low = true;  ///< Moves high and low.
  bool last = true;      ///< Can be open and close.
  bool volume = true;    ///< Adds to the volume.

  friend bool operator==(const TradeEffect&, const TradeEffect&) = default;
};

/// What a print with these sale conditions may change: each letter takes away what it forbids.
///
/// | letters | meaning (CTA and UTP plans) | high, low | last | volume |
/// |---|---|---|---|---|
/// | `B W` | average price, bunched | no | no | yes |
/// | `C N R` | cash, next day, seller's settlement | no | no | yes |
/// | `H` | price variation | no | no | yes |
/// | `I` | odd lot | no | no | yes |
/// | `L Z` | sold last, sold out of sequence | no | no | yes |
/// | `P` | prior reference price | no | no | yes |
/// | `T U` | extended hours | no | no | yes |
/// | `V 7` | contingent, qualified contingent | no | no | yes |
/// | `4` | derivatively priced | no | no | yes |
/// | `G` | bunched and sold out of sequence | yes | no | yes |
/// | `M Q 9` | official close and open, corrected close: repeats of other prints | no | no | no |
/// | all others, none | regular, sweep, cross, opening, closing, ... | yes | yes | yes |
///
/// The letters without high and low are those of spec st0ck 7.6 and the odd lots, which the plans
/// keep out of all prices. The plans let `L P Z 4` move high and low, and last where nothing else
/// has; here they do not, because they tell a price of some other time than the print's.
TradeEffect effect_of(const SaleConditions& conditions);

}  // namespace st0ck::market
