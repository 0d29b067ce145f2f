#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace st0ck::app {

/// Declares `--state-dir`, by default `state`.
void declare_state_dir(CLI::App& cli, std::string& state_dir);

/// Declares `--json`.
void declare_json(CLI::App& cli, bool& is_json);

/// NotFound when there is no such folder.
core::Status check_state_dir(const std::filesystem::path& state_dir);

std::filesystem::path trade_log_of(const std::filesystem::path& state_dir);

/// Opens the trade log of a state directory; what it reads afterwards is of one moment, also
/// while a daemon goes on writing.
core::Result<storage::TradeLogReader> open_trade_log(const std::filesystem::path& state_dir);

}  // namespace st0ck::app
