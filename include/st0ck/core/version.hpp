#pragma once

#include <string_view>

namespace st0ck::core {

/// The version of this source tree; the build reads it from this line.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace st0ck::core
