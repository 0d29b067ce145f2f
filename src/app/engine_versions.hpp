#pragma once

#include "src/app/configuration.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/records.hpp"

#include <vector>

namespace st0ck::app {

/// Whether the engines of this program decide as those that made the records of a run did:
/// Errc::Diverged names the first bot that has another decision version.
core::Status check_versions(const std::vector<kernel::BotIdentity>& recorded,
                            const Configuration& configuration);

}  // namespace st0ck::app
