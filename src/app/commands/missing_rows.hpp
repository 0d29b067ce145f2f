#pragma once

#include "src/app/console/console.hpp"
#include "st0ck/core/ids.hpp"

#include <filesystem>

namespace st0ck::app {

/// Notes on `err` that the journal of `state_dir` holds rows after `last`, the trade log's last
/// record: its writer died before they were in. Says nothing where a daemon is writing them, or
/// where the journal cannot be read. Reads the journal from the segment of `last` on.
void note_missing_rows(Console& console, const std::filesystem::path& state_dir,
                       core::Sequence last);

}  // namespace st0ck::app
