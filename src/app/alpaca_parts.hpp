#pragma once

#include "src/app/live_parts.hpp"

namespace st0ck::app {

/// Alpaca's data stream, and Alpaca as the broker where the configuration chooses it. Errc::Broker
/// where credentials are missing, Errc::BadInput for authorities that cannot be read.
core::Result<LiveParts> open_alpaca(const Configuration& configuration,
                                    const LiveSurroundings& around);

}  // namespace st0ck::app
