#include "group_keeper.hpp"

#include <fmt/format.h>

// What the prices of the market do to the groups that the desk keeps.
namespace st0ck::trading {

namespace {

bool is_beyond(Side exit_side, core::Price price, core::Price level) {
  return exit_side == Side::Sell ? price >= level : price <= level;
}

}  // namespace

void GroupKeeper::on_price(core::InstrumentId instrument, core::Price bid, core::Price ask) {
  // From the back: a group that comes to its end leaves the list.
  for (std::size_t i = groups_.size(); i-- > 0;) {
    Group& group = *groups_[i];
    if (group.instrument != instrument) continue;
    // It trades again, after what may have kept the desk from closing what has no stop.
    if (group.is_alarmed && group.mode != Mode::Close)
      step(group);
    else
      watch_price(group, group.exit_side == Side::Sell ? bid : ask);
  }
}

/// Whether a price can change what the group does; a few comparisons for each quote.
bool GroupKeeper::is_touched(const Group& group, core::Price price) const {
  if (group.is_held_by_broker) return group.is_partial_watched;
  if (group.mode != Mode::Protect || !group.stop || !group.stop->terms.stop) return true;
  return is_beyond(opposite(group.exit_side), price, *group.stop->terms.stop) ||
         (group.target && is_beyond(group.exit_side, price, *group.target->terms.limit));
}

void GroupKeeper::watch_price(Group& group, core::Price price) {
  if (!is_touched(group, price) || !open_quantity(group).is_positive()) return;
  const Mode before = group.mode;
  if (is_stop_armed(group)) {
    if (group.stop->type == OrderType::TrailingStop &&
        (!group.best || is_beyond(group.exit_side, price, *group.best)))
      group.best = price;
    if (is_beyond(opposite(group.exit_side), price, stop_price(group))) group.mode = Mode::Close;
  }
  if (!group.is_held_by_broker && group.target && group.stop && group.mode != Mode::Close) {
    const core::Price target = *group.target->terms.limit;
    if (group.mode == Mode::Protect && is_beyond(group.exit_side, price, target))
      group.mode = Mode::Take;
    else if (group.mode == Mode::Take && group.stop->terms.stop &&
             is_beyond(opposite(group.exit_side), price,
                       core::midpoint(target, *group.stop->terms.stop)))
      group.mode = Mode::Protect;
  }
  if (group.mode == before) return;
  if (group.mode == Mode::Close) {
    desk_.alarm(group.bot, "ARMED_STOP_HIT",
                fmt::format("the stop of {} at {} was reached at {} while no order held it",
                            group.name, stop_price(group).to_string(), price.to_string()));
    take_over(group);
  }
  step(group);
}

core::Price GroupKeeper::stop_price(const Group& group) const {
  const OrderTerms& terms = group.stop->terms;
  if (terms.stop) return *terms.stop;
  const core::Price best = group.best.value_or(core::Price{});
  const core::Price distance =
      terms.trail ? *terms.trail
                  : core::scaled_to_tick(best, terms.trail_rate.value_or(core::Rate{}),
                                         core::Price::from_raw(1), core::Rounding::HalfEven);
  return group.exit_side == Side::Sell ? best - distance : best + distance;
}

}  // namespace st0ck::trading
