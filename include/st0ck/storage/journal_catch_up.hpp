#pragma once

#include "st0ck/storage/trade_log.hpp"

#include <filesystem>

namespace st0ck::storage {

/// Lets a trade log catch up from the journal in `directory`, also while it is being written.
///
/// The end of what is flushed is no error, damage and a missing part are. The copy that the
/// writer holds keeps one reader open for as long as it is read on without a gap.
CatchUp catch_up_from_journal(std::filesystem::path directory);

}  // namespace st0ck::storage
