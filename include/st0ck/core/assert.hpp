#pragma once

#include <source_location>
#include <string_view>

namespace st0ck::core {

/// Writes the broken rule with its place to standard error and aborts; the service manager
/// restarts the process, and starting is recovering.
[[noreturn]] void assertion_failed(std::string_view condition, std::string_view rule,
                                   std::source_location where = std::source_location::current());

}  // namespace st0ck::core

/// Checks an invariant of our own code, in release builds too. `rule` states it in positive words.
#define ST0CK_ASSERT(condition, rule)                      \
  do {                                                     \
    if (!(condition)) [[unlikely]]                         \
      ::st0ck::core::assertion_failed(#condition, (rule)); \
  } while (false)
