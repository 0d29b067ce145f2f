#include "st0ck/kernel/difference_book.hpp"

#include <algorithm>

namespace st0ck::kernel {

namespace {

core::Quantity gap_of(const trading::Difference& position) {
  return position.theirs.value_or(core::Quantity{}) - position.ours.value_or(core::Quantity{});
}

/// Somebody traded again, or cash moved again. Our own fills move both sides of a position.
bool is_news(const trading::Difference& before, const trading::Difference& now) {
  if (now.kind == trading::DifferenceKind::CashMoved) return true;
  const bool is_of_position = now.kind == trading::DifferenceKind::PositionDiffers ||
                              now.kind == trading::DifferenceKind::PositionUnproven;
  return is_of_position && gap_of(before) != gap_of(now);
}

}  // namespace

std::vector<DifferenceBook::Change> DifferenceBook::update(const trading::Reconciliation& now,
                                                           const core::AccountId& account,
                                                           core::Timestamp time) {
  std::vector<Change> changes;
  const auto is_over = [&now](const DifferenceRow& row) {
    return std::ranges::none_of(now.differences, [&row](const trading::Difference& difference) {
      return trading::is_same(difference, row.difference);
    });
  };
  for (const DifferenceRow& row : in_force_) {
    if (!is_over(row)) continue;
    changes.push_back({How::Ended, row, true});
    changes.back().row.ended = time;
  }
  std::erase_if(in_force_, is_over);
  for (const trading::Difference& difference : now.differences) {
    const auto known = std::ranges::find_if(in_force_, [&](const DifferenceRow& row) {
      return trading::is_same(row.difference, difference);
    });
    if (known == in_force_.end()) {
      in_force_.push_back({++last_id_, account, difference, time, {}});
      changes.push_back({How::Appeared, in_force_.back(), true});
    } else if (known->difference != difference) {
      const bool is_told = is_news(known->difference, difference);
      known->difference = difference;
      changes.push_back({How::Changed, *known, is_told});
    }
  }
  return changes;
}

core::Code DifferenceBook::stop() const {
  for (const DifferenceRow& row : in_force_)
    if (trading::stops_entries(row.difference.kind))
      return core::Code{trading::name_of(row.difference.kind)};
  return {};
}

}  // namespace st0ck::kernel
