#include "st0ck/market/sale_conditions.hpp"

namespace st0ck::market {

namespace {

TradeEffect effect_of_letter(char letter) {
  switch (letter) {
    case 'B':
    case 'C':
    case 'H':
    case 'I':
    case 'L':
    case 'N':
    case 'P':
    case 'R':
    case 'T':
    case 'U':
    case 'V':
    case 'W':
    case 'Z':
    case '4':
    case '7': return {.high_low = false, .last = false, .volume = true};
    case 'G': return {.high_low = true, .last = false, .volume = true};
    case 'M':
    case 'Q':
    case '9': return {.high_low = false, .last = false, .volume = false};
    default: return {};
  }
}

}  // namespace

TradeEffect effect_of(const SaleConditions& conditions) {
  TradeEffect all;
  for (const char letter : conditions.view()) {
    const TradeEffect one = effect_of_letter(letter);
    all.high_low = all.high_low && one.high_low;
    all.last = all.last && one.last;
    all.volume = all.volume && one.volume;
  }
  return all;
}

}  // namespace st0ck::market
