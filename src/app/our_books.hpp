#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/desk.hpp"
#include "st0ck/trading/reconciliation.hpp"

#include <set>

namespace st0ck::app {

/// Orders that the broker has for certain: it said so, and has not said since that they are over.
std::set<core::ClientOrderId> orders_at_work(const trading::Desk& desk);

/// What our books say now, to be compared with a report for which was asked when `due` were at
/// work. `is_first`: no order has been asked for yet, so that each open one is unproven. Cash is
/// left out.
trading::OurBooks our_books(const trading::Desk& desk, const market::InstrumentTable& instruments,
                            const trading::AccountReport& report,
                            const std::set<core::ClientOrderId>& due, bool is_first);

}  // namespace st0ck::app
