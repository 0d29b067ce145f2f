#pragma once

#include <array>
#include <cstdint>

namespace st0ck::net {

/// What goes first where requests wait: cancels before exits before look-ups of single orders,
/// those of exits first, before entries before data.
enum class HttpPriority : std::uint8_t { Cancel, Exit, ExitLookUp, LookUp, Entry, Data };

inline constexpr std::array kHttpPriorities{HttpPriority::Cancel,     HttpPriority::Exit,
                                            HttpPriority::ExitLookUp, HttpPriority::LookUp,
                                            HttpPriority::Entry,      HttpPriority::Data};

/// Whether it only reads.
constexpr bool is_read(HttpPriority priority) {
  return priority == HttpPriority::ExitLookUp || priority == HttpPriority::LookUp ||
         priority == HttpPriority::Data;
}

}  // namespace st0ck::net
