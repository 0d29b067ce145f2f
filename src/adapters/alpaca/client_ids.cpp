#include "st0ck/adapters/alpaca/client_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace st0ck::alpaca {

namespace {

/// In `bot-engine-yyyymmdd-seq-leg`: without that test 8 would be taken for the stop of 7.
constexpr auto kHyphensOfLeg = 4;

/// The number that a text ends with after `mark`, such as 2 in `a-x-1-r2`; nothing without one.
std::optional<int> number_after(std::string_view text, std::string_view mark) {
  const auto place = text.rfind(mark);
  if (place == std::string_view::npos || place == 0) return std::nullopt;
  const std::string_view digits = text.substr(place + mark.size());
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
  if (!is_number || number <= 0 || digits.front() == '0') return std::nullopt;
  return number;
}

}  // namespace

std::optional<ChainedId> read_chained_id(std::string_view text) {
  if (text.empty() || !core::ClientOrderId::fits(text)) return std::nullopt;
  const auto number = number_after(text, "-r");
  if (!number) return ChainedId{core::ClientOrderId{text}, 0};
  return ChainedId{core::ClientOrderId{text.substr(0, text.rfind("-r"))}, *number};
}

std::optional<std::string> chained_id(const core::ClientOrderId& order, int number) {
  std::string id = fmt::format("{}-r{}", order, number);
  if (!core::ClientOrderId::fits(id)) return std::nullopt;
  return id;
}

std::optional<int> leg_number(const core::ClientOrderId& id) {
  const auto hyphens = std::count(id.view().begin(), id.view().end(), '-');
  return hyphens == kHyphensOfLeg ? number_after(id.view(), "-") : std::nullopt;
}

LegPlaces leg_places(const core::ClientOrderId& id) {
  LegPlaces places;
  const auto number = leg_number(id);
  if (!number) return places;
  const std::string_view name = id.view().substr(0, id.view().rfind('-'));
  using trading::GroupRole;
  if (*number == 1) places.push_back({core::ClientOrderId{name}, GroupRole::Target});
  if (*number == 2) places.push_back({core::ClientOrderId{name}, GroupRole::Stop});
  if (*number >= 2)
    places.push_back(
        {core::ClientOrderId{fmt::format("{}-{}", name, *number - 1)}, GroupRole::Stop, true});
  return places;
}

std::string_view bot_in(std::string_view client_order_id) {
  const auto hyphen = client_order_id.find('-');
  return hyphen == std::string_view::npos ? std::string_view{} : client_order_id.substr(0, hyphen);
}

}  // namespace st0ck::alpaca
