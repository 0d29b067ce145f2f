#pragma once

#include "sqlite.hpp"
#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/fixed_text.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_state.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace st0ck::storage {

/// An identifier whose empty value means that there is none, stored as NULL.
template <typename Text>
struct NullIfEmpty {
  const Text& text;
};

constexpr std::string_view name_of(market::AssetClass asset_class) {
  return asset_class == market::AssetClass::Equity ? "equity" : "option";
}

template <std::integral T>
void bind_value(Statement& statement, int place, T value) {
  statement.bind(place, static_cast<std::int64_t>(value));
}
inline void bind_value(Statement& statement, int place, std::string_view text) {
  statement.bind(place, text);
}
template <typename Tag, std::size_t Capacity>
void bind_value(Statement& statement, int place, const core::FixedText<Tag, Capacity>& text) {
  statement.bind(place, text.view());
}
template <typename Tag, int Digits>
void bind_value(Statement& statement, int place, core::FixedPoint<Tag, Digits> amount) {
  statement.bind(place, amount.raw());
}
template <typename Tag, typename Rep>
void bind_value(Statement& statement, int place, core::Id<Tag, Rep> id) {
  statement.bind(place, static_cast<std::int64_t>(id.value()));
}
inline void bind_value(Statement& statement, int place, core::Timestamp time) {
  statement.bind(place, core::to_ns(time));
}

/// Enumerations are stored by name.
template <typename Word>
  requires std::is_enum_v<Word>
void bind_value(Statement& statement, int place, Word word) {
  statement.bind(place, name_of(word));
}
template <typename Text>
void bind_value(Statement& statement, int place, NullIfEmpty<Text> value) {
  if (value.text.empty()) {
    statement.bind_null(place);
  } else {
    bind_value(statement, place, value.text);
  }
}
template <typename T>
void bind_value(Statement& statement, int place, const std::optional<T>& value) {
  if (value) {
    bind_value(statement, place, *value);
  } else {
    statement.bind_null(place);
  }
}

/// Binds the values to the places 1, 2, ... Text is not copied.
template <typename... Values>
void bind_all(Statement& statement, const Values&... values) {
  int place = 0;
  (bind_value(statement, ++place, values), ...);
}

}  // namespace st0ck::storage
