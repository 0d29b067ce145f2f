#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/fill.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::trading {

/// Whose position in what.
struct LedgerKey {
  core::AccountId account;
  core::BotId bot;
  core::InstrumentId instrument;

  friend bool operator==(const LedgerKey& a, const LedgerKey& b) {
    return a.instrument == b.instrument && a.bot == b.bot && a.account == b.account;
  }
};

/// What one fill left open. Closed first in, first out.
struct Lot {
  core::Timestamp opened;
  core::ClientOrderId client_order_id;
  core::Quantity quantity;  ///< Signed: long is positive.
  core::Money cost;         ///< Signed like the quantity; money paid (+) or received (-) for it.
};

using OrderIdList = boost::container::small_vector<core::ClientOrderId, 4>;

/// A round trip: from flat to flat, or to the fill that turned the position around.
struct TradeRecord {
  std::uint64_t id = 0;  ///< Counted from 1 within a run.
  core::AccountId account;
  core::BotId bot;
  core::EngineName engine;
  core::InstrumentId instrument;
  Side side = Side::Buy;       ///< Of the entry.
  core::Quantity quantity;     ///< All that was entered, positive.
  core::Timestamp entry_time;  ///< Of the first entry fill.
  core::Price entry_price;     ///< Average.
  core::Timestamp exit_time;   ///< Of the last exit fill.
  core::Price exit_price;      ///< Average.
  core::Money realized_pnl;    ///< Before fees.
  core::Money fees;            ///< Of all its fills.
  core::Code exit_reason;      ///< Of the last exit order.
  OrderIdList client_order_ids;
};

/// A position with its book-keeping. Identity, exact to 1e-9 dollars:
/// cash flow = realised P&L - fees + carry - cost of open lots.
struct Position {
  LedgerKey key;
  core::Quantity quantity;   ///< Signed.
  core::Money cost;          ///< Of the open lots, signed.
  core::Money realized_pnl;  ///< Before fees.
  core::Money fees;
  core::Money carry;      ///< Dividends received less dividends and borrow fees paid.
  core::Money cash_flow;  ///< Received minus paid, fees and carry included.
  std::vector<Lot> lots;

  bool is_flat() const { return quantity.is_zero(); }

  /// P&L of the open lots at `mark`.
  core::Money unrealized_pnl(core::Price mark, core::Multiplier multiplier) const;

  /// Average price of the open lots; nothing when flat.
  std::optional<core::Price> average_price(core::Multiplier multiplier) const;
};

/// Positions, lots, cash and closed round trips of every (account, bot, instrument).
///
/// Core thread only. Costs of partly closed lots are split in proportion with the remainder kept
/// in the lot, so that no fraction of a cent is made or lost.
class Ledger {
 public:
  /// `instruments` gives multipliers and outlives the ledger.
  explicit Ledger(const market::InstrumentTable& instruments);

  /// Books a fill; returns the round trip that it completed, if it did. The pointer is valid
  /// until the next call.
  const TradeRecord* apply(const Fill& fill);

  /// Books a fee of fills that were booked before.
  void charge(const LedgerKey& key, core::Money fee);

  /// Books what holding the position has brought (+) or cost (-).
  void carry(const LedgerKey& key, core::Money amount);

  /// Turns a position's shares into new ones: its quantity cut off to 1e-9, its lots in proportion,
  /// their cost as it was. The round trip in the making counts in new shares from now on. Nothing
  /// happens where nothing is held. A position of which nothing would be left must be closed out
  /// instead.
  void split(const LedgerKey& key, const market::CorporateAction& split);

  /// Ends `quantity`, positive, of a position without a fill, for `amount` received (+) or paid
  /// (-): the same as a fill for that amount, but for its fee, order and settlement.
  const TradeRecord* close_out(const LedgerKey& key, core::Quantity quantity, core::Money amount,
                               core::Timestamp time, const core::Code& reason);

  /// The position, or nullptr when there never was one. Valid until the next `apply`.
  const Position* find(const LedgerKey& key) const;

  /// Signed quantity; zero when there never was one.
  core::Quantity quantity(const LedgerKey& key) const;

  /// In the order in which they first came up.
  const std::vector<Position>& positions() const { return positions_; }

  /// Sum over all positions of a bot, or of all bots.
  core::Money cash_flow() const;
  core::Money realized_pnl() const;
  core::Money fees() const;
  core::Money carry() const;
  std::uint64_t trade_count() const { return trade_count_; }

 private:
  /// A round trip in the making.
  struct OpenTrade {
    TradeRecord record;
    core::Quantity exited;
    core::Money entry_notional;
    core::Money exit_notional;
  };

  std::size_t slot_of(const LedgerKey& key);
  void close_lots(Position& position, OpenTrade& trade, Fill& fill);
  void open_lot(Position& position, OpenTrade& trade, const Fill& fill);
  void complete(OpenTrade& trade, const Fill& last);

  const market::InstrumentTable& instruments_;
  std::vector<Position> positions_;
  std::vector<OpenTrade> open_trades_;  ///< One per position.
  TradeRecord completed_;
  std::uint64_t trade_count_ = 0;
};

}  // namespace st0ck::trading
