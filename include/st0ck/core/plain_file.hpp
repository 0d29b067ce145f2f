#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <filesystem>
#include <optional>

namespace st0ck::core {

/// Whether a file can be read to its end: links are followed. A folder opens like a file and throws
/// when it is read; a pipe waits for whoever writes to it. Errc::NotFound where nothing is there,
/// BadInput where something else is, each with the path.
Status check_plain_file(const std::filesystem::path& path);

/// When a file was written last, by the machine's clock; nothing where that cannot be told.
std::optional<Timestamp> last_written(const std::filesystem::path& path);

}  // namespace st0ck::core
