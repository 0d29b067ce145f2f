#pragma once

#include "src/app/exchange/price_board.hpp"
#include "src/app/faults/exchange_books.hpp"
#include "src/app/faults/journal_books.hpp"
#include "src/app/faults/trader.hpp"
#include "st0ck/kernel/records.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace st0ck::app::faults {

/// The rules that hold on every day, whatever goes wrong. Those of each moment are looked at again
/// and again, the others at the end.
class DayRules {
 public:
  struct Parts {
    const ExchangeBooks& books;
    const JournalBooks& journal;
    const exchange::PriceBoard& prices;
    const market::InstrumentTable& instruments;  ///< The exchange's.
    const core::ExchangeCalendar& calendar;
    Blame blame;
  };

  /// What groups have filled is guarded within so long of the last trouble, at the exchange or by
  /// an armed stop. The desk tries again after 30 s at the most.
  static constexpr core::Duration kUnprotectedMax = std::chrono::seconds{30};

  explicit DayRules(Parts parts) : parts_{std::move(parts)} {}

  /// Something goes wrong: what follows from it may take its time.
  void on_fault(core::Timestamp now) { disturbed_ = now; }

  /// The rules of this moment. `trader` is null while there is none.
  void look(core::Timestamp now, const Trader* trader);

  /// Whether all has come right: nothing open, nothing held, nothing unknown.
  bool is_settled(const Trader* trader) const;

  /// The rules of the end.
  void check_end(const Trader* trader) const;

  core::Duration unprotected_max() const { return unprotected_max_; }

 private:
  bool is_halted(const core::Symbol& symbol) const {
    const market::Instrument* instrument = parts_.instruments.find(symbol);
    return instrument != nullptr && parts_.prices.is_halted(instrument->id);
  }
  /// What groups need no stop of their own for, of each holder and side.
  using Spare = std::map<std::pair<Holder, trading::Side>, core::Quantity>;

  void look_at_guards(core::Timestamp now, const Trader& trader);
  Spare spare_cover(const std::map<core::ClientOrderId, core::Quantity>& covered) const;
  void check_orders(const kernel::Kernel& kernel) const;
  void check_positions(const kernel::Kernel& kernel,
                       const market::InstrumentTable& instruments) const;

  Parts parts_;
  std::map<core::ClientOrderId, core::Timestamp> lacking_;
  core::Timestamp disturbed_{};
  core::Duration unprotected_max_{};
  bool was_trading_ = false;
  bool was_open_ = false;
};

}  // namespace st0ck::app::faults
