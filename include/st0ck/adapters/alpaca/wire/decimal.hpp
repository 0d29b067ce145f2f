#pragma once

#include "st0ck/adapters/alpaca/wire/refusal.hpp"

#include <cstdint>
#include <string_view>

namespace st0ck::alpaca {

/// An integer of 10^-digits units, or why there is none.
struct DecimalReading {
  std::int64_t raw = 0;
  Refusal refusal = Refusal::None;
};

/// Reads a decimal as JSON and the trading host write it: `-12.340`, and with an exponent, `1e-05`,
/// as Python and JavaScript write small floats. Exact: more than `digits` decimals are refused
/// unless they are zeros. Common lengths take a few nanoseconds; nothing is allocated.
DecimalReading read_decimal(std::string_view text, int digits);

/// The same for what the broker computed (an average, a value, a profit): a quotient has no exact
/// decimal, so what has more decimals is rounded half to even.
DecimalReading read_computed_decimal(std::string_view text, int digits);

}  // namespace st0ck::alpaca
