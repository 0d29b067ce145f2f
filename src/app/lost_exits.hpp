#pragma once

#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/desk.hpp"
#include "st0ck/trading/lost_exit.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace st0ck::app {

/// Those of the exits under our bots' names that an earlier process of this run has sent and no
/// record is left of: they carry the run's mark, and by our books they never left (ADR 34).
std::vector<trading::LostExit> lost_exits(std::span<const trading::ReportedExit> reported,
                                          const trading::Desk& desk,
                                          const market::InstrumentTable& instruments);

/// An entry with the run's mark that our books do not have; nothing where there is none. No entry
/// leaves before its record is on the disk: the state directory is an old copy, and what else the
/// broker has under the mark is not for this process to touch.
std::optional<core::ClientOrderId> entry_of_newer_state(
    std::span<const core::ClientOrderId> entries, const trading::Desk& desk);

/// Tells people so, and what to do.
std::string outdated_state_text(const core::ClientOrderId& entry);

}  // namespace st0ck::app
