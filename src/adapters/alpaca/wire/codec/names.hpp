#pragma once

#include "st0ck/trading/order.hpp"

#include <optional>
#include <string_view>

namespace st0ck::alpaca {

template <typename Enum>
struct Name {
  std::string_view text;
  Enum value;
};

/// The provider's words for the values of an enum: specialised with `kList`, an array of Name, and
/// `kOther`, what an unknown word is read as (nothing: it is refused). A value without a name of
/// its own has the first of the list.
template <typename Enum>
struct Names;

template <typename Enum>
constexpr std::optional<Enum> value_of(std::string_view text) {
  for (const auto& name : Names<Enum>::kList)
    if (name.text == text) return name.value;
  return Names<Enum>::kOther;
}

template <typename Enum>
constexpr std::string_view text_of(Enum value) {
  for (const auto& name : Names<Enum>::kList)
    if (name.value == value) return name.text;
  return {};
}

template <>
struct Names<trading::Side> {
  static constexpr Name<trading::Side> kList[] = {{"buy", trading::Side::Buy},
                                                  {"sell", trading::Side::Sell}};
  static constexpr std::optional<trading::Side> kOther{};
};

template <>
struct Names<trading::OrderType> {
  static constexpr Name<trading::OrderType> kList[] = {
      {"market", trading::OrderType::Market},
      {"limit", trading::OrderType::Limit},
      {"stop", trading::OrderType::Stop},
      {"stop_limit", trading::OrderType::StopLimit},
      {"trailing_stop", trading::OrderType::TrailingStop},
  };
  static constexpr std::optional<trading::OrderType> kOther{};
};

template <>
struct Names<trading::TimeInForce> {
  static constexpr Name<trading::TimeInForce> kList[] = {
      {"day", trading::TimeInForce::Day}, {"gtc", trading::TimeInForce::Gtc},
      {"opg", trading::TimeInForce::Opg}, {"cls", trading::TimeInForce::Cls},
      {"ioc", trading::TimeInForce::Ioc}, {"fok", trading::TimeInForce::Fok},
  };
  static constexpr std::optional<trading::TimeInForce> kOther{};
};

}  // namespace st0ck::alpaca
