#pragma once

#include "src/adapters/sim/generated/book.hpp"
#include "src/adapters/sim/generated/units.hpp"
#include "st0ck/market/events.hpp"

#include <algorithm>
#include <cstdint>

namespace st0ck::adapters::sim::generated {

/// What a print says besides its instrument and time; pips and shares.
struct Print {
  std::int64_t price = 0;
  std::int64_t size = 0;
  char exchange = ' ';
  market::SaleConditions conditions;
  bool tells_price = true;  ///< Of this moment, and counted by the bands.
};

/// Makes the prints of one symbol.
class PrintMaker {
 public:
  /// `off_exchange` is the share of code `D`.
  explicit PrintMaker(core::Rate off_exchange)
      : off_exchange_{off_exchange.raw() * 65'536 / core::Rate::kOne} {}

  /// `size` is the mean of a print in shares; `usual` and `old` are fine prices: the day's average
  /// and that of some minutes ago, which prints out of line tell.
  void begin_minute(std::int64_t size, std::int64_t usual, std::int64_t old) {
    size_ = std::min(size, kMeanMax);
    usual_ = usual;
    old_ = old;
  }

  /// A print of a buyer or a seller on `book`; `is_extended` outside the regular hours.
  Print draw(const Book& book, bool is_buy, bool is_extended, Random& random) const;

  /// The next venue that the same sweep takes.
  Print sweep_on(const Print& first, Random& random) const;

 private:
  void draw_off_exchange(Print& print, const Book& book, bool is_buy, std::uint64_t bits) const;
  void draw_out_of_line(Print& print, std::uint64_t bits) const;
  std::int64_t draw_size(std::uint64_t bits) const;

  static constexpr std::int64_t kMeanMax = 5'000'000;

  std::int64_t off_exchange_;
  std::int64_t size_ = 100;
  std::int64_t usual_ = 0;
  std::int64_t old_ = 0;
};

}  // namespace st0ck::adapters::sim::generated
