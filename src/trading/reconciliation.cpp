#include "st0ck/trading/reconciliation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace st0ck::trading {

namespace {

/// Of `bot-engine-yyyymmdd[mark]-seq`.
constexpr int kPartsBeforeDate = 2;
constexpr std::size_t kDateSize = 8;

auto key_of(const Difference& difference) {
  return std::tie(difference.kind, difference.symbol, difference.venue_order_id,
                  difference.client_order_id);
}

/// ` of 5, 2 filled`; nothing of what the broker does not say.
std::string amount_of(const ReportedOrder& order) {
  return fmt::format(
      "{}{}{}", order.side ? name_of(*order.side) : "order",
      order.quantity ? fmt::format(" {}", order.quantity->to_string()) : "",
      order.filled.is_zero() ? "" : fmt::format(", {} filled", order.filled.to_string()));
}

/// One comparison of a report with the books.
class Comparison {
 public:
  Comparison(const AccountReport& report, const OurBooks& books,
             std::span<const Difference> in_force)
      : report_{report}, books_{books}, in_force_{in_force} {
    for (const BookedOrder& order : books.orders)
      if (order.is_unproven || is_missing(order)) unproven_.insert(order.symbol);
  }

  std::vector<Difference> make() && {
    compare_positions();
    for (const ReportedOrder& order : report_.open_orders) judge(order);
    for (const BookedOrder& order : books_.orders)
      if (is_missing(order)) add_missing(order);
    compare_cash();
    keep_what_cannot_be_compared();
    std::ranges::sort(found_, {}, key_of);
    const auto repeated = std::ranges::unique(found_, is_same);
    found_.erase(repeated.begin(), repeated.end());
    return std::move(found_);
  }

 private:
  bool is_configured(const core::Symbol& symbol) const {
    return std::ranges::find(books_.positions, symbol, &BookedPosition::symbol) !=
           books_.positions.end();
  }

  bool is_listed(const BookedOrder& order) const {
    return std::ranges::any_of(report_.open_orders, [&](const ReportedOrder& listed) {
      return listed.client_order_id == order.client_order_id && is_of(listed, order);
    });
  }

  bool is_missing(const BookedOrder& order) const { return order.is_due && !is_listed(order); }

  /// A name proves nothing: the order must be what we sent, too.
  static bool is_of(const ReportedOrder& listed, const BookedOrder& order) {
    return !order.is_id_taken && listed.symbol == order.symbol &&
           (!listed.side || *listed.side == order.side);
  }

  core::Quantity held_there(const core::Symbol& symbol) const {
    core::Quantity sum;
    for (const ReportedPosition& position : report_.positions)
      if (position.symbol == symbol) sum += position.quantity;
    return sum;
  }

  void compare_positions() {
    for (const BookedPosition& ours : books_.positions) {
      const core::Quantity theirs = held_there(ours.symbol);
      if (theirs == ours.quantity) continue;
      if (!unproven_.contains(ours.symbol))
        add_position(ours, theirs);
      else if (is_smaller(theirs, ours.quantity))
        add_unproven(ours, theirs);
    }
    std::set<core::Symbol> foreign;
    for (const ReportedPosition& position : report_.positions)
      if (!is_configured(position.symbol)) foreign.insert(position.symbol);
    for (const core::Symbol& symbol : foreign) {
      const core::Quantity theirs = held_there(symbol);
      if (theirs.is_zero()) continue;
      Difference& difference = add(DifferenceKind::ForeignPosition, symbol);
      difference.theirs = theirs;
      difference.message = fmt::format(
          "{}: the account holds {}, which is not ours to trade: the symbol is not configured",
          symbol, theirs.to_string());
    }
  }

  void add_position(const BookedPosition& ours, core::Quantity theirs) {
    Difference& difference = add(DifferenceKind::PositionDiffers, ours.symbol);
    difference.ours = ours.quantity;
    difference.theirs = theirs;
    difference.message = fmt::format("{}: our fills make {}, the broker holds {}; {}", ours.symbol,
                                     ours.quantity.to_string(), theirs.to_string(),
                                     cause_of(ours.symbol, theirs - ours.quantity));
  }

  /// Of the same side, and not gone altogether.
  static bool is_smaller(core::Quantity theirs, core::Quantity ours) {
    return !theirs.is_zero() && theirs.is_positive() == ours.is_positive() &&
           theirs.abs() < ours.abs();
  }

  void add_unproven(const BookedPosition& ours, core::Quantity theirs) {
    const auto unknown = std::ranges::find_if(books_.orders, [&](const BookedOrder& order) {
      return order.is_unknown && order.symbol == ours.symbol;
    });
    if (unknown == books_.orders.end()) return;
    Difference& difference = add(DifferenceKind::PositionUnproven, ours.symbol);
    difference.ours = ours.quantity;
    difference.theirs = theirs;
    difference.message = fmt::format(
        "{}: our fills make {}, the broker holds {}, and the fate of {} is unknown: it may have "
        "filled, or somebody traded by hand",
        ours.symbol, ours.quantity.to_string(), theirs.to_string(), unknown->client_order_id);
  }

  /// What may have moved the position: fills of ours that were not heard, or somebody else.
  std::string cause_of(const core::Symbol& symbol, core::Quantity moved) const {
    const Side side = moved.is_positive() ? Side::Buy : Side::Sell;
    core::Quantity explained;
    std::string names;
    for (const BookedOrder& order : books_.orders) {
      if (!order.is_open || order.symbol != symbol || order.side != side) continue;
      explained += std::max(order.quantity - order.filled, core::Quantity{});
      names += fmt::format("{}{}", names.empty() ? "" : ", ", order.client_order_id);
    }
    const std::string what = fmt::format("{} {}", name_of(side), moved.abs().to_string());
    if (names.empty() || explained < moved.abs())
      return fmt::format(
          "no order of ours explains {}: somebody traded it by hand or with another program", what);
    return fmt::format("{} may be fills not heard of {}", what, names);
  }

  void judge(const ReportedOrder& order) {
    const auto booked =
        std::ranges::find(books_.orders, order.client_order_id, &BookedOrder::client_order_id);
    const bool is_named_here = booked != books_.orders.end();
    if (is_named_here && is_of(order, *booked)) {
      if (booked->is_over)
        add_order(DifferenceKind::OrderUnbooked, order,
                  "an order of ours that is over by our books and open at the broker: cancel it at "
                  "the broker");
      return;
    }
    const bool is_named_as_ours = std::ranges::any_of(books_.bots, [&](const core::BotId& bot) {
      return bot.view() == bot_named_in(order.client_order_id);
    });
    if (is_named_as_ours && !is_named_here)
      return add_order(
          DifferenceKind::OrderUnbooked, order,
          "named as one of our bots' and not in our books: another program trades this account "
          "under the same bot name, or a state directory was lost; stop that program, or cancel "
          "the order at the broker");
    if (unproven_.contains(order.symbol)) return;  // It may be an exit of that order.
    add_order(DifferenceKind::ForeignOrder, order,
              is_configured(order.symbol) ? "not ours, in a symbol of ours; it is left alone"
                                          : "not ours; it is left alone");
  }

  void add_order(DifferenceKind kind, const ReportedOrder& order, std::string_view what) {
    Difference& difference = add(kind, order.symbol);
    difference.client_order_id = order.client_order_id;
    difference.venue_order_id = order.venue_order_id;
    difference.side = order.side;
    difference.theirs = order.quantity;
    difference.filled = order.filled;
    difference.message = fmt::format("{}: {}, order {}: {}", order.symbol, amount_of(order),
                                     order.client_order_id, what);
  }

  void add_missing(const BookedOrder& order) {
    Difference& difference = add(DifferenceKind::OrderMissing, order.symbol);
    difference.client_order_id = order.client_order_id;
    difference.side = order.side;
    difference.ours = order.quantity;
    difference.filled = order.filled;
    difference.message = fmt::format(
        "{}: {} {} of ours, {}, is at work by our books and not open at the broker; it "
        "is looked up",
        order.symbol, name_of(order.side), order.quantity.to_string(), order.client_order_id);
  }

  bool is_cash_comparable() const { return books_.cash && unproven_.empty(); }

  void compare_cash() {
    if (!is_cash_comparable()) return;
    const core::Money moved = report_.cash - *books_.cash;
    if (moved <= kCashTolerance && moved >= -kCashTolerance) return;
    Difference& difference = add(DifferenceKind::CashMoved, {});
    difference.cash_ours = books_.cash;
    difference.cash_theirs = report_.cash;
    difference.message = fmt::format(
        "the account's cash is {}, our fills and fees would make {}: {} came from elsewhere (fees, "
        "interest, dividends, transfers, trades of others)",
        report_.cash.to_string(), books_.cash->to_string(), moved.to_string());
  }

  void keep_what_cannot_be_compared() {
    for (const Difference& before : in_force_) {
      const bool is_of_symbol = before.kind == DifferenceKind::PositionDiffers ||
                                before.kind == DifferenceKind::ForeignOrder;
      const bool is_kept = is_of_symbol
                               ? unproven_.contains(before.symbol)
                               : before.kind == DifferenceKind::CashMoved && !is_cash_comparable();
      if (is_kept) found_.push_back(before);
    }
  }

  Difference& add(DifferenceKind kind, const core::Symbol& symbol) {
    Difference& difference = found_.emplace_back();
    difference.kind = kind;
    difference.symbol = symbol;
    return difference;
  }

  const AccountReport& report_;
  const OurBooks& books_;
  std::span<const Difference> in_force_;
  std::set<core::Symbol> unproven_;  ///< Where a fill may be in one and not yet in the other.
  std::vector<Difference> found_;
};

}  // namespace

std::string_view name_of(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::PositionDiffers: return "POSITION_DIFFERS";
    case DifferenceKind::ForeignPosition: return "FOREIGN_POSITION";
    case DifferenceKind::ForeignOrder: return "FOREIGN_ORDER";
    case DifferenceKind::OrderUnbooked: return "ORDER_UNBOOKED";
    case DifferenceKind::OrderMissing: return "ORDER_MISSING";
    case DifferenceKind::CashMoved: return "CASH_MOVED";
    case DifferenceKind::PositionUnproven: return "POSITION_UNPROVEN";
  }
  return "UNKNOWN";
}

bool operator==(const Difference& a, const Difference& b) {
  return is_same(a, b) && a.side == b.side && a.ours == b.ours && a.theirs == b.theirs &&
         a.filled == b.filled && a.cash_ours == b.cash_ours && a.cash_theirs == b.cash_theirs;
}

bool is_same(const Difference& a, const Difference& b) { return key_of(a) == key_of(b); }

std::vector<Difference> reconcile(const AccountReport& report, const OurBooks& books,
                                  std::span<const Difference> in_force) {
  return Comparison{report, books, in_force}.make();
}

std::string_view bot_named_in(const core::ClientOrderId& id) {
  const std::string_view text = id.view();
  const auto hyphen = text.find('-');
  return hyphen == std::string_view::npos ? std::string_view{} : text.substr(0, hyphen);
}

core::RunMark run_mark_in(const core::ClientOrderId& id) {
  std::string_view text = id.view();
  for (int part = 0; part < kPartsBeforeDate; ++part) {
    const auto hyphen = text.find('-');
    if (hyphen == std::string_view::npos) return {};
    text.remove_prefix(hyphen + 1);
  }
  const std::string_view dated = text.substr(0, text.find('-'));
  if (dated.size() != kDateSize + core::RunMark::kCapacity) return {};
  return core::RunMark{dated.substr(kDateSize)};
}

}  // namespace st0ck::trading
