#include "st0ck/core/rate.hpp"

namespace st0ck::core {

std::optional<Rate> parse_rate(std::string_view text) {
  const bool per_cent = text.ends_with('%');
  if (per_cent) text.remove_suffix(1);
  // Per cent are hundredths: two decimals fewer, read exactly.
  const auto raw = parse_decimal(text, per_cent ? Rate::kDigits - 2 : Rate::kDigits);
  if (!raw) return std::nullopt;
  return Rate::from_raw(*raw);
}

}  // namespace st0ck::core
