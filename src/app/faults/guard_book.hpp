#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace st0ck::app::faults {

/// A bot and a symbol: an account of its own within the account.
struct Holder {
  core::BotId bot;
  core::Symbol symbol;

  friend auto operator<=>(const Holder&, const Holder&) = default;
  friend bool operator==(const Holder&, const Holder&) = default;
};

/// What each group guards by the rule of ADR 9, kept from the exchange's fills alone: what its
/// entry has filled, less what its exits have, less what other orders of its bot have sold, taken
/// from the oldest first.
class GuardBook {
 public:
  struct Guard {
    Holder holder;
    core::ClientOrderId name;
    trading::Side exit_side = trading::Side::Sell;
    core::Quantity open;
  };

  /// The exchange has an order of a group now, whose bot holds `position`. Without an entry the
  /// group is for `quantity` of it.
  void on_order(const Holder& holder, const core::ClientOrderId& group, trading::Purpose purpose,
                trading::Side side, core::Quantity quantity, core::Quantity position);

  /// The exchange has filled an order; `position` is what its bot holds now. `group` is empty for
  /// an order outside groups.
  void on_fill(const Holder& holder, const core::ClientOrderId& group, trading::Purpose purpose,
               core::Quantity quantity, core::Quantity position);

  /// By age.
  const std::vector<Guard>& groups() const { return groups_; }
  bool knows(const core::ClientOrderId& group) const { return by_name_.contains(group); }

 private:
  void trim_all(const Holder& holder, core::Quantity position);
  void trim(const Holder& holder, trading::Side side, core::Quantity position);

  std::vector<Guard> groups_;
  std::map<core::ClientOrderId, std::size_t> by_name_;
};

}  // namespace st0ck::app::faults
