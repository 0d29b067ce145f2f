#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/desk.hpp"
#include "st0ck/trading/reconciliation.hpp"

#include <set>

namespace st0ck::app {

/// Orders of ours at one time.
struct OpenOrders {
  std::set<core::ClientOrderId> all;
  /// Those that the broker has for certain: it said so, and has not said since that they are over.
  std::set<core::ClientOrderId> at_work;
};

OpenOrders open_orders(const trading::Desk& desk);

/// What our books say now, to be compared with a report for which was asked when `asked` were open.
/// `is_first`: no order has been asked for yet, so that each open one is unproven. Cash is left
/// out.
trading::OurBooks our_books(const trading::Desk& desk, const market::InstrumentTable& instruments,
                            const trading::AccountReport& report, const OpenOrders& asked,
                            bool is_first);

}  // namespace st0ck::app
