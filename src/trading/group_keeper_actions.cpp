#include "group_keeper.hpp"
#include "st0ck/trading/corporate_terms.hpp"

// What corporate actions do to groups.
namespace st0ck::trading {

void GroupKeeper::on_corporate_action(const market::CorporateAction& action, core::Price tick) {
  for (const auto& group : groups_) {
    if (group->instrument != action.instrument) continue;
    for (std::optional<OrderRequest>* exit : {&group->target, &group->stop})
      if (*exit) {
        OrderTerms terms =
            terms_after(action, (*exit)->side, (*exit)->type, (*exit)->terms, {}, tick);
        terms.quantity = (*exit)->terms.quantity;  // What is held decides.
        (*exit)->terms = terms;
      }
    // The broker's word about what rests there may take a while, and may come in parts.
    if (!live_exits(*group).empty()) pause(*group);
    if (action.kind == market::CorporateActionKind::Split && group->best)
      group->best =
          after_split(*group->best, action, core::Price::from_raw(1), core::Rounding::HalfEven);
  }
  if (action.kind == market::CorporateActionKind::Split) split_groups(action);
  // From the back: a group of which nothing is left leaves the list.
  for (std::size_t i = groups_.size(); i-- > 0;)
    if (groups_[i]->instrument == action.instrument && open_quantity(*groups_[i]).is_zero())
      step(*groups_[i]);
}

/// The groups of a position that the desk keeps share its new quantity in their order, so that what
/// each one's rounding leaves goes to the next: 5 and 5 shares become 7 and 8 in a split of 3
/// for 2. Where the broker holds a group it rounds each order down, and so does its group.
void GroupKeeper::split_groups(const market::CorporateAction& split) {
  struct Share {
    const Group* group;
    core::Quantity seen;
    core::Quantity given;
  };
  std::vector<Share> shares;
  for (const auto& group : groups_) {
    if (group->instrument != split.instrument) continue;
    const core::Quantity before = open_quantity(*group);
    if (group->is_held_by_broker) {
      group->split_gain += order_after_split(before, split) - before;
      continue;
    }
    Share* share = nullptr;
    for (Share& known : shares)
      if (known.group->bot == group->bot && known.group->exit_side == group->exit_side)
        share = &known;
    if (share == nullptr) share = &shares.emplace_back(Share{group.get(), {}, {}});
    share->seen += before;
    const core::Quantity through = order_after_split(share->seen, split);
    group->split_gain += through - share->given - before;
    share->given = through;
  }
}

}  // namespace st0ck::trading
