#pragma once

#include "src/adapters/sim/generated/price_bands.hpp"
#include "src/adapters/sim/generated/units.hpp"

#include <algorithm>
#include <cstdint>

namespace st0ck::adapters::sim::generated {

/// Best bid and ask, in pips and shares.
struct Book {
  std::int64_t bid = 0;
  std::int64_t ask = 0;
  std::int64_t bid_size = 0;
  std::int64_t ask_size = 0;

  bool has_prices() const { return ask > bid; }
};

/// Which way Limit Up-Limit Down holds a book: its ask down at the lower band, or its bid up at
/// the upper one.
enum class Limit : std::uint8_t { None, Down, Up };

/// Makes the quotes of one minute.
class BookMaker {
 public:
  /// `spread` is a fine price, `size` shares; both are means.
  void begin_minute(std::int64_t value, std::int64_t spread, std::int64_t size) {
    const std::int64_t tick = tick_at(value >> kFineBits) << kFineBits;
    ticks_ = spread / tick;
    part_ = (spread % tick << 16) / tick;
    lots_ = std::max<std::int64_t>(size / 100, 1);
  }

  /// The book around `value`; `bits` are random.
  Book draw(std::int64_t value, std::uint64_t bits) const {
    const auto dice = static_cast<std::int64_t>(bits & 0xffff);
    std::int64_t ticks = ticks_ + (dice < part_ ? 1 : 0);
    // Now and then a level is gone.
    if ((bits >> 16 & 31) == 0) ++ticks;
    ticks = std::max<std::int64_t>(ticks, 1);
    const std::int64_t tick = tick_at(value >> kFineBits);
    const std::int64_t lowered = value - ((ticks - 1) * tick << kFineBits) / 2;
    Book book;
    book.bid = std::max(on_grid(lowered), tick);
    book.ask = book.bid + ticks * tick;
    // A spread that straddles a dollar: its lower side may be on the finer grid, not its upper.
    if (book.ask > kPipsPerDollar) book.ask = (book.ask + 99) / 100 * 100;
    book.bid_size = draw_size(bits >> 24);
    book.ask_size = draw_size(bits >> 44);
    return book;
  }

 private:
  /// Round lots of the mean `lots_`, most of them fewer.
  std::int64_t draw_size(std::uint64_t bits) const {
    const auto part = static_cast<std::int64_t>(bits & 0xfffff);
    return (1 + ((lots_ - 1) * 3 * (part * part >> 20) >> 20)) * 100;
  }

  std::int64_t ticks_ = 1;
  std::int64_t part_ = 0;
  std::int64_t lots_ = 1;
};

/// Keeps a book inside the bands and says whether it stands at one. The far side of a book in a
/// limit state is outside: nobody may trade there.
inline Limit hold_in(const PriceBands& bands, Book& book) {
  if (book.ask <= bands.low()) {
    book.ask = bands.low();
    book.bid = std::max<std::int64_t>(book.ask - tick_at(book.ask - 1), 1);
    return Limit::Down;
  }
  if (book.bid >= bands.high()) {
    book.bid = bands.high();
    book.ask = book.bid + tick_at(book.bid);
    return Limit::Up;
  }
  book.bid = std::max(book.bid, bands.low());
  book.ask = std::min(book.ask, bands.high());
  return Limit::None;
}

}  // namespace st0ck::adapters::sim::generated
