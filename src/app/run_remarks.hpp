#pragma once

#include "src/app/configuration.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <string>
#include <vector>

namespace st0ck::app {

/// What the owner of a run should know and its figures do not say, one sentence each: positions
/// and orders that are still open, differences from the broker that stop entries, bots that take
/// no entries any more.
std::vector<std::string> remarks_on(const kernel::Kernel& kernel,
                                    const Configuration& configuration);

/// Why a run has failed and what it leaves open, for one line of the log.
std::string failure_text(const core::Error& error, const kernel::Kernel& kernel,
                         const Configuration& configuration);

}  // namespace st0ck::app
