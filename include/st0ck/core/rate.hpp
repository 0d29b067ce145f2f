#pragma once

#include "st0ck/core/fixed_point.hpp"

#include <optional>
#include <string_view>

namespace st0ck::core {

struct RateTag {
  static constexpr int kDecimalsMin = 0;
};

/// A plain decimal factor in 1e-9: 0.05 is five per cent. `raw()` is what `scaled` takes.
using Rate = FixedPoint<RateTag, 9>;

/// Reads `0.05` or `5%`; nothing for any other text.
std::optional<Rate> parse_rate(std::string_view text);

}  // namespace st0ck::core
