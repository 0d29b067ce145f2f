#include "st0ck/adapters/sim/volume_share.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

core::Quantity whole_share(core::Volume volume, core::Rate share) {
  const core::Int128 unit = core::Int128{core::Volume::kOne} * core::Rate::kOne;
  const auto shares =
      core::divide(core::Int128{volume.raw()} * share.raw(), unit, core::Rounding::Down);
  // A volume is at most 9.2e12 shares, a quantity 9.2e9.
  constexpr std::int64_t kMost = core::Quantity::max().raw() / core::Quantity::kOne;
  return core::Quantity::whole(static_cast<std::int64_t>(std::min(shares, core::Int128{kMost})));
}

}  // namespace st0ck::adapters::sim
