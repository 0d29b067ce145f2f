#pragma once

#include "src/app/configuration.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <string>
#include <vector>

namespace st0ck::app {

/// What a run holds at this moment by its own books, one sentence each: positions with whether a
/// stop at the broker goes on without this process, then orders that may still fill.
std::vector<std::string> still_open(const kernel::Kernel& kernel,
                                    const Configuration& configuration);

}  // namespace st0ck::app
