#pragma once

#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace st0ck::core {

/// Short text of bounded length, held in place: trivially copyable and free of allocation, so that
/// it may stand in events, orders and queues. Types with different tags do not mix.
template <typename Tag, std::size_t Capacity>
class FixedText {
 public:
  static_assert(Capacity < 256);
  static constexpr std::size_t kCapacity = Capacity;

  constexpr FixedText() = default;

  /// `text` must fit; where it comes from outside, check `fits` first.
  constexpr explicit FixedText(std::string_view text) {
    ST0CK_ASSERT(fits(text), "a short text fits its capacity");
    std::copy(text.begin(), text.end(), bytes_.begin());
    size_ = static_cast<std::uint8_t>(text.size());
  }

  static constexpr bool fits(std::string_view text) { return text.size() <= Capacity; }

  constexpr std::string_view view() const { return {bytes_.data(), size_}; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr std::size_t size() const { return size_; }
  std::string str() const { return std::string{view()}; }

  friend constexpr bool operator==(const FixedText& a, const FixedText& b) {
    return a.view() == b.view();
  }
  friend constexpr auto operator<=>(const FixedText& a, const FixedText& b) {
    return a.view() <=> b.view();
  }

 private:
  std::array<char, Capacity> bytes_{};
  std::uint8_t size_ = 0;
};

}  // namespace st0ck::core

template <typename Tag, std::size_t Capacity>
struct fmt::formatter<st0ck::core::FixedText<Tag, Capacity>> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const st0ck::core::FixedText<Tag, Capacity>& text, Context& context) const {
    return fmt::formatter<std::string_view>::format(text.view(), context);
  }
};
