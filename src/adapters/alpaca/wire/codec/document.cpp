#include "document.hpp"

namespace st0ck::alpaca {

Value Value::operator[](std::string_view key) const {
  static const Node absent;
  if (is_object())
    for (const Value field : *this)
      if (field.key() == key) return field;
  return Value{absent};
}

}  // namespace st0ck::alpaca
