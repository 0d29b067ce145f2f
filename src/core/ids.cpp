#include "st0ck/core/ids.hpp"

#include <algorithm>

namespace st0ck::core {

namespace {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_symbol_character(char c) {
  return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '-' || c == '/';
}

}  // namespace

Status check_name(std::string_view what, std::string_view name, std::size_t capacity) {
  const bool well_formed = !name.empty() && name.size() <= capacity && is_lower(name.front()) &&
                           std::all_of(name.begin(), name.end(), [](char c) {
                             return is_lower(c) || is_digit(c) || c == '_';
                           });
  if (well_formed) return {};
  return fail(Errc::BadInput,
              "{} '{}' is not allowed: 1 to {} of a-z, 0-9 and _, starting with a letter", what,
              name.substr(0, 40), capacity);
}

Result<Symbol> parse_symbol(std::string_view text) {
  if (text.empty() || !Symbol::fits(text) ||
      !std::all_of(text.begin(), text.end(), is_symbol_character))
    return fail(Errc::BadInput, "symbol '{}' is not allowed: 1 to {} of A-Z, 0-9, '.', '-', '/'",
                text.substr(0, 40), Symbol::kCapacity);
  return Symbol{text};
}

}  // namespace st0ck::core
