#pragma once

#include <cstdint>

namespace st0ck::net {

/// What goes first where requests wait: cancels before exits before entries before data.
enum class HttpPriority : std::uint8_t { Cancel, Exit, Entry, Data };

}  // namespace st0ck::net
