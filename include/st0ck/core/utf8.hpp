#pragma once

#include <cstddef>
#include <string_view>

namespace st0ck::core {

/// The size in bytes of the character that `text` begins with, 1 to 4; 0 where it does not begin
/// with a well-formed one (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_character_size(std::string_view text);

}  // namespace st0ck::core
