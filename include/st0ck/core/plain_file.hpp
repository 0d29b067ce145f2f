#pragma once

#include "st0ck/core/result.hpp"

#include <filesystem>

namespace st0ck::core {

/// Whether a file can be read to its end: links are followed. A folder opens like a file and throws
/// when it is read; a pipe waits for whoever writes to it. Errc::NotFound where nothing is there,
/// BadInput where something else is, each with the path.
Status check_plain_file(const std::filesystem::path& path);

}  // namespace st0ck::core
