#pragma once

#include <cstdint>
#include <optional>

namespace st0ck::app {

/// How many bytes of the process are in memory; nothing where the system does not tell. Reads a
/// file: not for the core thread.
std::optional<std::uint64_t> resident_bytes();

}  // namespace st0ck::app
