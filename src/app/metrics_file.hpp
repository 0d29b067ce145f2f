#pragma once

#include "st0ck/core/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>

namespace st0ck::app {

/// Where the last figures of a state directory are.
std::filesystem::path metrics_file_of(const std::filesystem::path& state_dir);

/// The object that is in such a file. NotFound where there is no file yet, BadInput where something
/// else is in its place or it cannot be read, Corrupt where it holds no object.
core::Result<nlohmann::ordered_json> read_metrics_file(const std::filesystem::path& file);

}  // namespace st0ck::app
