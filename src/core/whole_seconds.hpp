#pragma once

#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstdint>

namespace st0ck::core {

/// A moment as the second it lies in and what has passed of that second. Unlike
/// `std::chrono::floor` and a subtraction, making it does not overflow at the beginning of
/// Timestamp's range.
struct WholeSeconds {
  std::chrono::sys_seconds second;
  Duration fraction;  ///< 0 to 999,999,999 ns.
};

constexpr WholeSeconds whole_seconds(Timestamp time) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t rest = to_ns(time) % kSecond;
  const std::int64_t count = to_ns(time) / kSecond - (rest < 0 ? 1 : 0);
  return {std::chrono::sys_seconds{std::chrono::seconds{count}},
          Duration{rest < 0 ? rest + kSecond : rest}};
}

}  // namespace st0ck::core
