#include "st0ck/trading/option_symbol.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace st0ck::trading {

namespace {

constexpr std::size_t kTail = 15;  ///< Date, right and strike.
constexpr std::size_t kRootMax = 6;
constexpr std::int64_t kStrikeUnit = core::Price::kOne / 1000;

std::optional<unsigned> digits(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

core::Price OptionSymbol::intrinsic(core::Price underlying_price) const {
  const core::Price value = is_call ? underlying_price - strike : strike - underlying_price;
  return std::max(value, core::Price{});
}

std::optional<OptionSymbol> parse_option_symbol(const core::Symbol& symbol) {
  const std::string_view text = symbol.view();
  if (text.size() <= kTail || text.size() > kTail + kRootMax) return std::nullopt;
  std::string_view root = text.substr(0, text.size() - kTail);
  const std::string_view tail = text.substr(root.size());
  while (!root.empty() && root.back() == ' ') root.remove_suffix(1);
  const auto yy = digits(tail.substr(0, 2));
  const auto mm = digits(tail.substr(2, 2));
  const auto dd = digits(tail.substr(4, 2));
  const auto strike = digits(tail.substr(7));
  const char right = tail[6];
  if (root.empty() || !yy || !mm || !dd || !strike || (right != 'C' && right != 'P'))
    return std::nullopt;
  OptionSymbol option;
  option.underlying = core::Symbol{root};
  option.expiry = core::Date{std::chrono::year{2000 + static_cast<int>(*yy)},
                             std::chrono::month{*mm}, std::chrono::day{*dd}};
  option.is_call = right == 'C';
  option.strike = core::Price::from_raw(static_cast<std::int64_t>(*strike) * kStrikeUnit);
  return option.expiry.ok() ? std::optional{option} : std::nullopt;
}

}  // namespace st0ck::trading
