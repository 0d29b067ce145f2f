#include "st0ck/adapters/alpaca/order_chain.hpp"

#include "st0ck/adapters/alpaca/order_bodies.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::alpaca {

namespace {

/// Whether the status says that the order has worked: one that only waits may still be refused.
bool proves_itself(OrderStatus status) {
  switch (status) {
    case OrderStatus::New:
    case OrderStatus::PartiallyFilled:
    case OrderStatus::PendingCancel:
    case OrderStatus::PendingReplace:
    case OrderStatus::Stopped:
    case OrderStatus::Suspended:
    case OrderStatus::Calculated:
    case OrderStatus::DoneForDay:
    case OrderStatus::Filled:
    case OrderStatus::Canceled:
    case OrderStatus::Expired:
    case OrderStatus::Replaced: return true;
    default: return false;
  }
}

/// Filled, and not filled.
bool is_contradictory(const Order& order) {
  return order.status == OrderStatus::Filled && order.quantity &&
         order.filled_quantity < *order.quantity;
}

/// Nothing where the sum does not fit: such figures are not believed.
std::optional<Executed> sum_of(const Executed& a, const Executed& b) {
  const auto quantity = a.quantity.checked_add(b.quantity);
  const auto notional = a.notional.checked_add(b.notional);
  if (!quantity || !notional) return std::nullopt;
  return Executed{*quantity, *notional};
}

}  // namespace

const OrderChain::Member* OrderChain::find(std::string_view id) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const Member& member) { return member.id == id; });
  return found == members_.end() ? nullptr : &*found;
}

OrderChain::Member* OrderChain::find_mutable(std::string_view id) {
  return const_cast<Member*>(std::as_const(*this).find(id));
}

void OrderChain::add(std::string id, const std::optional<trading::OrderTerms>& terms) {
  if (find(id) != nullptr) return;
  Member member;
  member.id = std::move(id);
  if (terms) member.terms = *terms;
  members_.push_back(std::move(member));
  has_own_terms_.resize(members_.size());
  has_own_terms_.back() = terms.has_value();
  settle_current();
}

bool OrderChain::take(const Order& order) {
  Member* member = find_mutable(order.id);
  if (member == nullptr) return false;
  const core::Price average = order.filled_average_price.value_or(core::Price{});
  if (order.filled_quantity.is_negative() || average.is_negative() ||
      !core::checked_notional(average, order.filled_quantity, multiplier_) ||
      is_contradictory(order))
    return false;
  if (!is_final(member->status) &&
      (is_final(order.status) || !member->is_seen || order.updated_at >= member->updated)) {
    member->status = order.status;
    member->updated = order.updated_at;
  }
  if (order.replaced_by) member->replaced_by = *order.replaced_by;
  member->filled_least =
      std::min(member->filled_least.value_or(order.filled_quantity), order.filled_quantity);
  if (order.filled_quantity > member->filled) {
    member->filled = order.filled_quantity;
    member->average = average;
  }
  if (order.quantity) member->quantity = order.quantity;
  member->created = order.created_at;
  member->submitted = order.submitted_at;
  member->is_seen = true;
  learn_terms(static_cast<std::size_t>(member - members_.data()), order);
  settle_current();
  return true;
}

/// Terms that nobody here asked for, such as those of an earlier run's order, are the venue's, with
/// the quantity brought to that of the chain.
void OrderChain::learn_terms(std::size_t index, const Order& order) {
  if (has_own_terms_[index]) return;
  Member& member = members_[index];
  member.terms = terms_of(order);
  if (index == 0) return;
  const core::Quantity before = told_by_venue(index).quantity;
  if (!carries_on(index, before))
    member.terms.quantity = before.checked_add(member.terms.quantity).value_or(before);
}

/// Goes on to the last order that has taken its predecessor's place.
void OrderChain::settle_current() {
  while (current_ + 1 < members_.size()) {
    const Member& now = members_[current_];
    const Member& next = members_[current_ + 1];
    const bool is_replaced = now.status == OrderStatus::Replaced &&
                             (now.replaced_by.empty() || now.replaced_by == next.id);
    if (!is_replaced && !proves_itself(next.status)) return;
    ++current_;
  }
}

bool OrderChain::execute(std::string_view execution, core::Price price, core::Quantity quantity) {
  if (!quantity.is_positive() || price.is_negative() || executions_.contains(execution))
    return false;
  const auto notional = core::checked_notional(price, quantity, multiplier_);
  if (!notional) return false;
  const auto sum = sum_of(sum_, {quantity, *notional});
  if (!sum || executions_.size() >= executions_max_) {
    is_sum_whole_ = false;
    return true;
  }
  executions_.emplace(execution);
  sum_ = *sum;
  return true;
}

Executed OrderChain::executed() const {
  const Executed venue = told_by_venue(members_.size());
  return is_sum_whole_ && sum_.quantity >= venue.quantity ? sum_ : venue;
}

core::Quantity OrderChain::quantity_before_current() const {
  if (current_ == 0) return {};
  const core::Quantity before = told_by_venue(current_).quantity;
  return carries_on(current_, before) ? core::Quantity{} : before;
}

/// What the first `count` orders make together.
Executed OrderChain::told_by_venue(std::size_t count) const {
  Executed sum;
  for (std::size_t i = 0; i < count; ++i) {
    const Member& member = members_[i];
    const auto notional = core::checked_notional(member.average, member.filled, multiplier_);
    const Executed own{member.filled, notional.value_or(core::Money{})};
    if (i > 0 && carries_on(i, sum.quantity)) {
      if (own.quantity > sum.quantity) sum = own;
    } else {
      sum = sum_of(sum, own).value_or(sum);
    }
  }
  return sum;
}

/// Whether an order's figures hold what its predecessors filled, `before`. One that carries on
/// never tells less than that, and its quantity is the whole that was asked for.
bool OrderChain::carries_on(std::size_t index, core::Quantity before) const {
  const Member& member = members_[index];
  if (before.is_zero() || !member.is_seen) return counting_ == ReplaceCounting::CarriesOn;
  if (*member.filled_least < before) return false;
  if (!member.quantity) return counting_ == ReplaceCounting::CarriesOn;
  if (*member.quantity <= before) return false;
  if (has_own_terms_[index]) return *member.quantity >= member.terms.quantity;
  return counting_ == ReplaceCounting::CarriesOn;
}

}  // namespace st0ck::alpaca
