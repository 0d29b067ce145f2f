#pragma once

#include "scalar.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// Keeps a frame where simdjson can read beyond its end.
class PaddedText {
 public:
  /// Copies `text`; the view is valid until the next call.
  std::string_view hold(std::string_view text) {
    if (bytes_.size() < text.size() + simdjson::SIMDJSON_PADDING)
      bytes_.resize(text.size() + simdjson::SIMDJSON_PADDING);
    text.copy(bytes_.data(), text.size());
    has_escapes_ = text.find('\\') != std::string_view::npos;
    // What stood there before must not be read as a part of this text.
    std::fill_n(bytes_.data() + text.size(), simdjson::SIMDJSON_PADDING, ' ');
    return {bytes_.data(), text.size()};
  }

  std::size_t capacity() const { return bytes_.size(); }

  /// Where the bytes end that may be read.
  const char* end() const { return bytes_.data() + bytes_.size(); }

  /// Whether a string in it may differ from its text.
  bool has_escapes() const { return has_escapes_; }

 private:
  std::vector<char> bytes_;
  bool has_escapes_ = false;
};

/// The text of a scalar without the blanks that simdjson leaves behind it.
inline std::string_view trimmed(std::string_view token) {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

/// Whether nothing follows the message that was walked over.
inline bool is_at_end(simdjson::ondemand::document& document) {
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

/// Reads what is neither an array nor an object from its raw token; false where it is no JSON.
inline bool read_scalar(simdjson::ondemand::value& value, std::string_view raw,
                        const PaddedText& frame, Scalar& scalar) {
  const std::string_view token = trimmed(raw);
  if (token.empty()) return false;
  switch (token.front()) {
    case '"':
      if (token.size() < 2 || token.back() != '"') return false;
      scalar.kind = Scalar::Kind::Text;
      scalar.text = token.substr(1, token.size() - 2);
      if (!frame.has_escapes() || token.find('\\') == std::string_view::npos) return true;
      return value.get_string().get(scalar.text) == simdjson::SUCCESS;
    case 't':
    case 'f':
      scalar.kind = Scalar::Kind::Bool;
      scalar.flag = token.front() == 't';
      return token == "true" || token == "false";
    case 'n': scalar.kind = Scalar::Kind::Null; return token == "null";
    default:
      scalar.kind = Scalar::Kind::Number;
      scalar.text = token;
      return token.front() == '-' || (token.front() >= '0' && token.front() <= '9');
  }
}

}  // namespace st0ck::alpaca
