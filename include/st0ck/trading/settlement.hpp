#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/instrument.hpp"

#include <vector>

namespace st0ck::trading {

/// The day on which a trade of New York's date `traded` settles, by SEC Rule 15c6-1: for stocks
/// three business days later before 2017-09-05, two through 2024-05-27, one from 2024-05-28 on; for
/// options one. Business days are sessions of the exchange but for Columbus and Veterans Day, on
/// which it trades and nothing settles. A date outside the calendar settles on itself.
core::Date settlement_date(core::Date traded, market::AssetClass asset_class);

/// Cash of trades that has not settled yet, by the day on which it does. Core thread only; a sum
/// per day, of a few days.
class Settlements {
 public:
  struct Due {
    core::Date date{};
    core::Money amount;  ///< To be received (+) or paid (-).
  };

  /// A trade has brought (+) or cost (-) `amount`, fees included.
  void add(core::Date traded, market::AssetClass asset_class, core::Money amount);

  /// What is still due after the day `date`.
  core::Money due_after(core::Date date) const;

  /// Drops what has settled by the day `date`.
  void forget_until(core::Date date);

  /// By date, the next one first.
  const std::vector<Due>& due() const { return due_; }

 private:
  std::vector<Due> due_;
};

}  // namespace st0ck::trading
