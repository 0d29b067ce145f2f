#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/kernel/records.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace st0ck::app {

/// The figures of a run as one JSON object: `mode`, `sessions`, `events`, `orders`, `fills`,
/// `trades` as integers, `realized_pnl` (before fees) and `fees` as exact decimals in strings,
/// `decisions`, `decisions_sha256`, `wall_seconds`.
std::string summary_json(std::string_view mode, const kernel::RunEnd& figures, double wall_seconds);

/// Whether a file can be put there at all; for saying so before a long run. An empty path can.
core::Status check_target(const std::filesystem::path& path);

/// Replaces a file's content, all or nothing.
core::Status write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace st0ck::app
