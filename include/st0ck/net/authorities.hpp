#pragma once

#include "st0ck/core/result.hpp"

#include <filesystem>

namespace st0ck::net {

/// Whether a PEM file holds certificates that TLS can trust: at least one, and no broken one. The
/// message tells what is wrong without the path. Blocks on the disk.
core::Status check_authorities(const std::filesystem::path& file);

}  // namespace st0ck::net
