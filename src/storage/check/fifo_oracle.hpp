#pragma once

#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace st0ck::storage {

/// Positions and round trips, made again from fills and ledger entries alone: first in, first out,
/// in whole 1e-9 dollars.
///
/// Written apart from trading::Ledger, plainly, so that the two can be compared. The rule is the
/// same: a part of an amount is its share rounded half to even, and what is left stays with the
/// rest; a fill that turns a position around closes with one part and opens with the other.
class FifoOracle {
 public:
  using Raw = core::Int128;

  struct Key {
    core::AccountId account;
    core::BotId bot;
    core::Symbol symbol;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  struct RoundTrip {
    core::Sequence closed_by;
    trading::Side side = trading::Side::Buy;
    Raw quantity = 0;
    Raw entered = 0;  ///< Notional.
    Raw exited = 0;
    Raw realized = 0;
    Raw fees = 0;
    core::Timestamp entry_time;
    core::Timestamp exit_time;
    std::vector<core::ClientOrderId> orders;
    core::ClientOrderId exit_order;  ///< The last one.
  };

  struct Lot {
    Raw quantity = 0;  ///< Without sign.
    Raw notional = 0;
  };

  struct Position {
    bool is_long = true;
    std::deque<Lot> lots;
    Raw realized = 0;
    Raw fees = 0;
    Raw cash_flow = 0;
    core::Sequence newest;
    RoundTrip open;
    std::vector<RoundTrip> closed;

    Raw quantity() const;  ///< Signed.
    Raw cost() const;      ///< Signed.
  };

  void add(const Logged<kernel::FillRow>& fill);

  /// Books what no fill has made; what is wrong with it, where it cannot be.
  std::optional<std::string_view> add(const LoggedLedgerEntry& entry);

  const std::map<Key, Position>& positions() const { return positions_; }

 private:
  static void split(Position& position, Raw after);
  static void close(Position& position, const Logged<kernel::FillRow>& fill, Raw& quantity,
                    Raw& notional, Raw& fee);
  static void open(Position& position, const kernel::FillRow& fill, Raw quantity, Raw notional,
                   Raw fee);

  std::map<Key, Position> positions_;
};

/// `amount * part / whole`, to the nearest, a half to even. `whole` is positive.
FifoOracle::Raw pro_rata(FifoOracle::Raw amount, FifoOracle::Raw part, FifoOracle::Raw whole);

}  // namespace st0ck::storage
