#pragma once

#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/units.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::storage {

/// Collects what a check finds, one sentence each.
class Findings {
 public:
  explicit Findings(std::vector<std::string>& list) : list_{list} {}

  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    list_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  /// Adds `place: what is found, source expected` where two amounts in 1e-9 differ.
  void expect(std::string_view place, std::string_view what, core::Int128 found,
              core::Int128 expected, std::string_view source) {
    if (found == expected) return;
    add("{}: {} is {}, {} {}", place, what, text(found), source, text(expected));
  }

  void expect_count(std::string_view place, std::string_view what, std::uint64_t found,
                    std::uint64_t expected) {
    if (found != expected) add("{}: {} is {}, the log has {}", place, what, found, expected);
  }

 private:
  /// The sum of damaged rows may exceed every type.
  static std::string text(core::Int128 raw) {
    const auto narrowed = core::narrow(raw);
    return narrowed ? core::Money::from_raw(*narrowed).to_string() : "an amount beyond 64 bits";
  }

  std::vector<std::string>& list_;
};

}  // namespace st0ck::storage
