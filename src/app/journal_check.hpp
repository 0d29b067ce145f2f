#pragma once

#include "src/app/state_directory.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"

#include <string>

namespace st0ck::app {

/// Whether a state directory has the journal of the run that its trade log tells of. A journal that
/// is gone, empty or cut within its header looks like one that was never begun, and a run on it
/// would begin anew: without the halts, positions and orders of the one before, at the same broker.
/// Errc::Corrupt where the trade log has an order or a halt and the journal has no record. What is
/// damaged otherwise the journal's opening tells.
core::Status check_journal_is_there(const StateDirectory& state);

/// The last record of the trade log that the journal has had on its disk before anybody heard of
/// it: a halt, or an entry. A journal that ends before it has lost its end, and not by a crash.
/// Zero where there is none.
core::Sequence last_record_promised(const StateDirectory& state);

/// Tells people so, and what to do.
std::string cut_journal_text(const StateDirectory& state, core::Sequence last,
                             core::Sequence promised);

}  // namespace st0ck::app
