#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/kernel/replay.hpp"

#include <filesystem>

namespace st0ck::app {

/// Makes the run of a journal again with the engines of this program and holds every record
/// against it. `directory` is a state directory or its `journal` folder. Corrupt or Diverged name
/// the first bad record; Mismatch says that an engine's decisions have changed version.
core::Result<kernel::ReplayOutcome> replay_journal(const std::filesystem::path& directory);

}  // namespace st0ck::app
