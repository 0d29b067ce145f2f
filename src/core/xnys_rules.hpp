#pragma once

#include "st0ck/core/timestamp.hpp"

#include <optional>
#include <string_view>

namespace st0ck::core {

/// A session that ends before 16:00.
struct EarlyClose {
  Duration time_of_day;  ///< New York.
  std::string_view reason;
};

/// Why the New York Stock Exchange is closed all day, in the years 1990 to 2100; empty when it
/// trades. Computed from the rules at each call: some hundred nanoseconds.
std::string_view xnys_closure_reason(Date date);

/// Whether and when a session closes early; the date must be a session's.
std::optional<EarlyClose> xnys_early_close(Date date);

}  // namespace st0ck::core
