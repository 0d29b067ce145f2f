#pragma once

#include <filesystem>
#include <string>

namespace st0ck::app {

/// `LIVE: account default at api.alpaca.markets, real money` for a state directory whose run is in
/// mode live; empty for any other, and where nothing can be read.
std::string live_notice(const std::filesystem::path& state_dir);

}  // namespace st0ck::app
