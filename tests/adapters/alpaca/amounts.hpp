#pragma once

#include "st0ck/core/units.hpp"

#include <regex>
#include <string>
#include <string_view>

namespace st0ck::alpaca::test {

inline core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
inline core::Money money(std::string_view text) { return core::Money::parse(text).value(); }
inline core::Quantity quantity(std::string_view text) {
  return core::Quantity::parse(text).value();
}

/// The text with one `"key":value` changed, or left out where `value` is empty.
inline std::string with(const std::string& json, const std::string& key, const std::string& value) {
  const std::regex field{"\"" + key + R"re(":("[^"]*"|[^,}\]]+),?)re"};
  return std::regex_replace(json, field, value.empty() ? "" : "\"" + key + "\":" + value + ",",
                            std::regex_constants::format_first_only);
}

}  // namespace st0ck::alpaca::test
