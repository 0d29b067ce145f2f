#include "src/adapters/sim/generated/print_maker.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace st0ck::adapters::sim::generated {

namespace {

using market::SaleConditions;

/// Codes of the tape, each as often as its part of 64 prints on an exchange.
constexpr std::string_view kVenues =
    "QQQQQQQQQQQQQQQQQPPPPPPPPPPPNNNNNNNNNZZZZZZZZZKKKKKKUUUUVVVBHJXY";
static_assert(kVenues.size() == 64);

constexpr char kOffExchange = 'D';
/// Of 65,536 prints off exchange so many are out of line: about one in 150.
constexpr std::uint64_t kOutOfLine = 437;

char venue(std::uint64_t bits) { return kVenues[bits & 63]; }

/// The letters of a print on the exchange or off it: sweep, extended hours, odd lot.
SaleConditions conditions_of(bool is_sweep, bool is_extended, bool is_odd) {
  static constexpr std::array<SaleConditions, 8> kAll{
      SaleConditions{},    SaleConditions{"F"},  SaleConditions{"T"},  SaleConditions{"FT"},
      SaleConditions{"I"}, SaleConditions{"FI"}, SaleConditions{"TI"}, SaleConditions{"FTI"}};
  return kAll[(is_sweep ? 1u : 0u) + (is_extended ? 2u : 0u) + (is_odd ? 4u : 0u)];
}

}  // namespace

Print PrintMaker::draw(const Book& book, bool is_buy, bool is_extended, Random& random) const {
  const std::uint64_t bits = random.next();
  Print print;
  print.size = draw_size(bits >> 32);
  const bool is_odd = print.size < 100;
  if (static_cast<std::int64_t>(bits & 0xffff) < off_exchange_) {
    print.exchange = kOffExchange;
    print.conditions = conditions_of(false, is_extended, is_odd);
    print.tells_price = !is_odd && !is_extended;
    draw_off_exchange(print, book, is_buy, random.next());
    return print;
  }
  print.price = is_buy ? book.ask : book.bid;
  print.exchange = venue(bits >> 16);
  const bool is_sweep = (bits >> 22 & 3) == 0;
  print.conditions = conditions_of(is_sweep, is_extended, is_odd);
  print.tells_price = !is_odd && !is_extended;
  return print;
}

Print PrintMaker::sweep_on(const Print& first, Random& random) const {
  const std::uint64_t bits = random.next();
  Print print = first;
  print.exchange = venue(bits);
  print.size = draw_size(bits >> 32);
  print.tells_price = print.size >= 100;
  print.conditions = conditions_of(true, false, print.size < 100);
  return print;
}

/// At the midpoint, a little better than the quote, or at it; rarely at a price of another time.
void PrintMaker::draw_off_exchange(Print& print, const Book& book, bool is_buy,
                                   std::uint64_t bits) const {
  const auto dice = bits & 0xffff;
  const std::int64_t middle = (book.bid + book.ask) / 2;
  if (dice < 22'000) {
    print.price = middle;
  } else if (dice < 48'000) {
    const auto better = static_cast<std::int64_t>(1 + (bits >> 16 & 15));
    print.price =
        is_buy ? std::max(book.ask - better, middle) : std::min(book.bid + better, middle);
  } else {
    print.price = is_buy ? book.ask : book.bid;
  }
  if ((bits >> 48) < kOutOfLine && print.tells_price) draw_out_of_line(print, bits >> 20);
}

void PrintMaker::draw_out_of_line(Print& print, std::uint64_t bits) const {
  static constexpr std::array<SaleConditions, 4> kLetters{SaleConditions{"B"}, SaleConditions{"W"},
                                                          SaleConditions{"4"}, SaleConditions{"Z"}};
  const std::size_t kind = bits & 3;
  print.conditions = kLetters[kind];
  print.tells_price = false;
  print.price = std::max<std::int64_t>((kind == 3 ? old_ : usual_) >> kFineBits, 1);
  print.size = std::max<std::int64_t>(print.size, 100) * (kind == 3 ? 1 : 8);
}

/// Three in ten are odd lots; the others have a long tail of large ones.
std::int64_t PrintMaker::draw_size(std::uint64_t bits) const {
  const auto kind = static_cast<std::int64_t>(bits & 0xfff);
  const auto part = static_cast<std::int64_t>(bits >> 12 & 0xffff);
  if (kind < 1229) return 1 + (part * 99 >> 16);
  // The mean of the fourth power is a fifth.
  const std::int64_t square = part * part >> 16;
  const std::int64_t fourth = square * square >> 16;
  const std::int64_t shares = (size_ * 10 / 7) * 5 * fourth >> 16;
  return std::max<std::int64_t>(shares / 100 * 100, 100);
}

}  // namespace st0ck::adapters::sim::generated
