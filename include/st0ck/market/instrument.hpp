#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/rate.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

namespace st0ck::market {

enum class AssetClass : std::uint8_t { Equity, Option };

/// What is traded, and the grid its prices live on.
struct Instrument {
  core::InstrumentId id;
  core::Symbol symbol;
  AssetClass asset_class = AssetClass::Equity;
  core::Multiplier multiplier = core::kUnitMultiplier;
  /// Smallest step of an order's price: a cent for stocks above a dollar (Rule 612).
  core::Price tick = core::Price::from_raw(10'000'000);
  /// Last day on which an option trades; absent for what does not expire.
  std::optional<core::Date> expiry{};
  /// Whether it may be sold short at all: the broker finds shares to borrow.
  bool is_shortable = true;
  /// Yearly cost of borrowing it, as a part of the value that is short.
  core::Rate borrow_rate{};
};

/// The one append-only table of a process: text symbols become small integers here, and state
/// lives in vectors indexed by them. References stay valid for the table's life.
class InstrumentTable {
 public:
  /// Returns the instrument of that symbol, adding it with `definition`'s terms when it is new;
  /// `definition.id` is ignored.
  const Instrument& define(const Instrument& definition);

  /// Gives the rate to every stock that has none; before the first event.
  void set_borrow_rate(core::Rate rate);

  const Instrument* find(const core::Symbol& symbol) const;
  const Instrument& operator[](core::InstrumentId id) const;
  std::size_t size() const { return instruments_.size(); }

  auto begin() const { return instruments_.begin(); }
  auto end() const { return instruments_.end(); }

 private:
  std::deque<Instrument> instruments_;
  std::unordered_map<core::Symbol, core::InstrumentId> by_symbol_;
};

}  // namespace st0ck::market
