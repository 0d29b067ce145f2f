#pragma once

#include "src/app/faults/journal_books.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <string>

namespace st0ck::app::faults {

/// SHA-256 of what a kernel knows: every order that the journal has, positions with their lots,
/// cash, halts, differences, timers, and the decisions so far. A process that has caught up with
/// the whole journal of another has the same.
std::string state_hash(const kernel::Kernel& kernel, const JournalBooks& journal);

}  // namespace st0ck::app::faults
