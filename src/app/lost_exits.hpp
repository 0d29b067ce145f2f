#pragma once

#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/desk.hpp"
#include "st0ck/trading/lost_exit.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <span>
#include <vector>

namespace st0ck::app {

/// Those of the exits under our bots' names that an earlier process of this run has sent and no
/// record is left of: they carry the run's mark, our books have them as armed at most, and there is
/// something in the books that they close, or an open order that may bring it (ADR 34).
std::vector<trading::LostExit> lost_exits(std::span<const trading::ReportedExit> reported,
                                          const trading::Desk& desk,
                                          const market::InstrumentTable& instruments);

}  // namespace st0ck::app
