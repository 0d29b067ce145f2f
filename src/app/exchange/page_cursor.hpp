#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::app::exchange {

/// The first row that a page did not give: of rows of one time, `skip` were given.
struct PageCursor {
  std::string symbol{};
  core::Timestamp time{};
  std::uint32_t skip = 0;

  /// `SPY|1743514200000000000|2`: a text that clients percent-encode.
  std::string token() const;

  static std::optional<PageCursor> parse(std::string_view token);

  friend bool operator==(const PageCursor&, const PageCursor&) = default;
};

}  // namespace st0ck::app::exchange
