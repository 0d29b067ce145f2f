#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::trading {

/// How the broker's account can differ from our books, each with its rule (ADR 27).
enum class DifferenceKind : std::uint8_t {
  PositionDiffers,   ///< In an instrument of ours: somebody else traded it. Stops entries.
  ForeignPosition,   ///< In a symbol that is not configured. Shown.
  ForeignOrder,      ///< An open order of none of our bots. Shown, never touched.
  OrderUnbooked,     ///< Under a name of ours, and over by our books or not in them. Stops entries.
  OrderMissing,      ///< At work by our books, and not at the broker. Its fate is proven.
  CashMoved,         ///< By more or less than our fills and fees. Told.
  PositionUnproven,  ///< Smaller than our fills make it, while the fate of an order of it is
                     ///< unknown.
};

/// The code that it is told and stored by, `POSITION_DIFFERS`.
std::string_view name_of(DifferenceKind kind);

/// Whether no entry passes while there is such a difference.
constexpr bool stops_entries(DifferenceKind kind) {
  return kind == DifferenceKind::PositionDiffers || kind == DifferenceKind::OrderUnbooked;
}

/// One thing that the broker's account and our books do not have in common.
struct Difference {
  DifferenceKind kind = DifferenceKind::PositionDiffers;
  core::Symbol symbol;                   ///< Empty: of the account.
  core::ClientOrderId client_order_id;   ///< Of an order; cut off where it is longer than ours.
  core::VenueOrderId venue_order_id;     ///< Of one that is not in our books.
  std::optional<Side> side;              ///< Of an order.
  std::optional<core::Quantity> ours;    ///< Held, or ordered, by our books.
  std::optional<core::Quantity> theirs;  ///< By the broker's.
  std::optional<core::Quantity> filled;  ///< Of an order, by whoever has it.
  std::optional<core::Money> cash_ours;  ///< What the cash would be.
  std::optional<core::Money> cash_theirs;
  std::string message;  ///< For people: figures, and what may be behind it.

  /// All but the message, which may name other orders of ours by now.
  friend bool operator==(const Difference& a, const Difference& b);
};

/// Whether both are the same difference, perhaps with other figures by now.
bool is_same(const Difference& a, const Difference& b);

/// Everything that differs at one time: the event that the kernel hears.
struct Reconciliation {
  std::vector<Difference> differences;

  friend bool operator==(const Reconciliation&, const Reconciliation&) = default;
};

struct BookedPosition {
  core::Symbol symbol;
  core::Quantity quantity;  ///< Signed; zero where nothing is held.
};

struct BookedOrder {
  core::ClientOrderId client_order_id;
  core::Symbol symbol;
  Side side = Side::Buy;
  core::Quantity quantity;
  core::Quantity filled;
  bool is_open = false;
  /// It had ended before the report was asked for: the broker can have it no more.
  bool is_over = false;
  /// The broker has it for certain: at work since before the report was asked for, and still.
  bool is_due = false;
  /// Nobody knows whether it works or has filled; that is being proven ...
  bool is_unproven = false;
  /// ... and not only as the broker's word may be on its way.
  bool is_unknown = false;
  /// It never came to be, as an order of somebody else has its id.
  bool is_id_taken = false;
};

/// What our books say, as far as an account is compared with them.
struct OurBooks {
  std::vector<BookedPosition> positions;  ///< Of every configured instrument.
  std::vector<BookedOrder> orders;        ///< Open ones, and those that the report names.
  std::vector<core::BotId> bots;
  /// What the broker's cash would be if only we had moved it since the last reading; nothing where
  /// that is not known.
  std::optional<core::Money> cash;
};

/// Cash that moves by no more is rounding.
inline constexpr core::Money kCashTolerance = core::Money::from_raw(core::Money::kOne / 100);

/// Everything that the report and the books do not have in common, sorted; a pure function.
///
/// Where an order of ours is unproven or missing, a fill of it may be in one and not in the other:
/// positions and foreign orders of its symbol, and cash, cannot be compared then. What was
/// `in_force` about them stays so. That the account holds less is found all the same where the fate
/// of an order is unknown: what is sent of it again must ask for no more.
std::vector<Difference> reconcile(const AccountReport& report, const OurBooks& books,
                                  std::span<const Difference> in_force);

/// Whose order it is by its name: the text before the first hyphen, empty without one.
std::string_view bot_named_in(const core::ClientOrderId& id);

/// The mark of the run that named an order; empty where its name has none.
core::RunMark run_mark_in(const core::ClientOrderId& id);

}  // namespace st0ck::trading
