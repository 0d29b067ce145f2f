#pragma once

#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <optional>

namespace st0ck::adapters::sim {

/// What the exchange knows of an instrument's market while ticks go by.
struct TickState {
  /// The last usable quote; absent before the first one of a session and after its close.
  std::optional<market::Quote> quote{};
  core::Quantity bid_taken;  ///< What our orders took of the quote's sides since they last changed.
  core::Quantity ask_taken;
  std::optional<core::Price> last{};  ///< Last sale that counts as one.
  bool is_continuous = false;         ///< The session's opening print has been.
  bool is_halted = false;
  bool is_short_sale_restricted = false;
  std::optional<core::Price> band_low{};
  std::optional<core::Price> band_high{};

  /// Whether orders meet quotes now.
  bool is_matching() const { return is_continuous && !is_halted && quote.has_value(); }

  /// Takes a quote; one with a defect leaves nothing to trade against until the next.
  void on_quote(const market::Quote& seen);
  void on_status(const market::TradingStatus& status);

  /// Whether Limit Up-Limit Down lets a trade happen at `price`.
  bool is_inside_bands(core::Price price) const {
    return (!band_low || price >= *band_low) && (!band_high || price <= *band_high);
  }
};

/// The step between two prices there: below a dollar no more than 0.0001 (Rule 612).
core::Price step_at(core::Price price, core::Price tick);

/// The side of a quote that an order of `side` takes from, a level at a time. Behind the best price
/// further levels are assumed, each a tick further and as large as the one shown: who takes more
/// than is shown pays for it.
class QuoteDepth {
 public:
  static constexpr std::int64_t kLevels = 10;  ///< Beyond them nothing is there.

  struct Level {
    core::Price price;
    core::Quantity quantity;
  };

  /// `state` has a quote.
  QuoteDepth(TickState& state, trading::Side side, core::Price tick);

  /// The best level that our orders have left something of; nothing when all is taken.
  std::optional<Level> best() const;

  void take(core::Quantity quantity) { taken_ += quantity; }

  /// What is there down to `limit`, all levels together.
  core::Quantity until(std::optional<core::Price> limit) const;

 private:
  core::Price price_of(std::int64_t level) const;

  trading::Side side_;
  core::Price best_;
  core::Quantity size_;
  core::Price tick_;
  core::Quantity& taken_;
};

}  // namespace st0ck::adapters::sim
