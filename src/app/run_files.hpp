#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <filesystem>

// What a run has left in its state directory, for those who read it.
namespace st0ck::app {

/// NotFound when there is no such folder.
core::Status check_state_dir(const std::filesystem::path& state_dir);

std::filesystem::path trade_log_of(const std::filesystem::path& state_dir);

/// Opens the trade log of a state directory; what it reads afterwards is of one moment, also
/// while a daemon goes on writing.
core::Result<storage::TradeLogReader> open_trade_log(const std::filesystem::path& state_dir);

}  // namespace st0ck::app
