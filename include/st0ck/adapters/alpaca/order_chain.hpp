#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// What has been executed of an order.
struct Executed {
  core::Quantity quantity;
  core::Money notional;  ///< Of price x quantity x multiplier.

  friend bool operator==(const Executed&, const Executed&) = default;
};

/// Whether the order that a replacement makes counts what its predecessor filled as its own. The
/// documentation leaves it open, and both are seen; mostly an order's own figures tell. This is
/// for when they do not.
enum class ReplaceCounting : std::uint8_t { StartsAnew, CarriesOn };

/// One of our orders as the venue has it: a first order, and one more for each replacement, which
/// has a new id there. Everything heard of it is taken in here, in any order and as often as it
/// comes, and only ever adds: figures grow, an end is final.
class OrderChain {
 public:
  /// An order at the venue.
  struct Member {
    std::string id;
    trading::OrderTerms terms{};  ///< As we count: the quantity is that of the whole chain.
    core::Timestamp created{};
    core::Timestamp updated{};
    core::Timestamp submitted{};
    OrderStatus status = OrderStatus::PendingNew;
    std::string replaced_by{};
    core::Quantity filled{};
    core::Price average{};
    std::optional<core::Quantity> filled_least{};  ///< The lowest that was told.
    std::optional<core::Quantity> quantity{};      ///< As the venue counts it.
    bool is_seen = false;                          ///< The venue has told how it stands.
  };

  OrderChain(core::Multiplier multiplier, ReplaceCounting counting, std::size_t executions_max)
      : multiplier_{multiplier}, counting_{counting}, executions_max_{executions_max} {}

  bool empty() const { return members_.empty(); }
  core::Multiplier multiplier() const { return multiplier_; }
  const std::vector<Member>& members() const { return members_; }
  const Member* find(std::string_view id) const;

  /// The order that stands for the chain: the last one of which it is certain that it took the
  /// place of its predecessor. Only where the chain is not empty.
  const Member& current() const { return members_[current_]; }
  std::size_t current_index() const { return current_; }

  /// The first order, or what a replacement makes of the last one. `terms` are ours, where known.
  /// Does nothing for an id that is there.
  void add(std::string id, const std::optional<trading::OrderTerms>& terms);

  /// Takes in how one of the orders stands; false where the figures make no sense.
  bool take(const Order& order);

  /// The orders after the current one never came to be.
  void drop_unproven() { members_.resize(current_ + 1); }

  /// Takes in one execution; false when it was counted before, or is no execution.
  bool execute(std::string_view execution, core::Price price, core::Quantity quantity);

  /// The sum of the executions where none is missing, so that it is exact; else what the venue
  /// says: quantities times rounded averages.
  Executed executed() const;

  /// What has filled before the current order and is not part of its quantity at the venue.
  core::Quantity quantity_before_current() const;

 private:
  Member* find_mutable(std::string_view id);
  void settle_current();
  void learn_terms(std::size_t index, const Order& order);
  bool carries_on(std::size_t index, core::Quantity before) const;
  Executed told_by_venue(std::size_t count) const;

  core::Multiplier multiplier_;
  ReplaceCounting counting_;
  std::size_t executions_max_;
  std::vector<Member> members_;
  std::vector<bool> has_own_terms_;  ///< For each member, whether we asked for its terms.
  std::size_t current_ = 0;
  std::set<std::string, std::less<>> executions_;
  Executed sum_;
  bool is_sum_whole_ = true;
};

}  // namespace st0ck::alpaca
