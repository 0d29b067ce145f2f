#include "st0ck/adapters/alpaca/refusal_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace st0ck::alpaca {

namespace {

struct Phrase {
  std::string_view text;
  std::string_view code;
};

// The first that is found counts: more special ones stand above.
constexpr Phrase kPhrases[] = {
    {"wash trade", "WASH_TRADE"},
    {"position intent", "POSITION_INTENT"},
    {"sub-penny", "SUB_PENNY"},
    {"insufficient qty", "INSUFFICIENT_QTY"},
    {"insufficient buying power", "INSUFFICIENT_FUNDS"},
    {"insufficient options buying power", "INSUFFICIENT_FUNDS"},
    {"uncovered", "OPTION_UNCOVERED"},
    {"options trading", "OPTION_RULE"},
    {"fractional", "FRACTIONAL_RULE"},
    {"notional", "FRACTIONAL_RULE"},
    {"extended hours", "EXTENDED_HOURS"},
    {"not allowed to short", "NOT_SHORTABLE"},
    {"cannot be sold short", "NOT_SHORTABLE"},
    {"halt", "HALTED"},
    {"not tradable", "NOT_TRADABLE"},
    {"not active", "NOT_TRADABLE"},
    {"not cancelable", "NOT_CANCELABLE"},
    {"not replaceable", "NOT_REPLACEABLE"},
    {"trailing_stop", "TRAILING_RULE"},
    {"take_profit", "GROUP_RULE"},
    {"stop_loss", "GROUP_RULE"},
    {"complex orders", "GROUP_RULE"},
    {"oco orders", "GROUP_RULE"},
    {"oto orders", "GROUP_RULE"},
    {"opg, cls", "TIME_IN_FORCE"},
    {"time_in_force", "TIME_IN_FORCE"},
    {"qty must exceed", "QUANTITY_FILLED"},
};

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

core::Code refusal_code(const ApiError& error) {
  if (error.http_status == 401) return core::Code{"UNAUTHORIZED"};
  if (error.http_status == 404) return core::Code{"NOT_FOUND"};
  if (error.http_status == 429) return core::Code{"RATE_LIMIT"};
  if (error.code == api_code::kDayTradeProtection) return core::Code{"DAY_TRADE_PROTECTION"};
  if (error.existing_order_id) return core::Code{"WASH_TRADE"};
  if (error.available || error.held_for_orders) return core::Code{"INSUFFICIENT_QTY"};
  if (error.buying_power) return core::Code{"INSUFFICIENT_FUNDS"};
  const std::string text = lower(error.message);
  for (const Phrase& phrase : kPhrases)
    if (has(text, phrase.text)) return core::Code{phrase.code};
  if (error.code) return core::Code{fmt::format("ALPACA_{}", *error.code)};
  return core::Code{fmt::format("HTTP_{}", error.http_status)};
}

bool is_duplicate_id(const ApiError& error) {
  if (error.http_status != 400 && error.http_status != 409 && error.http_status != 422)
    return false;
  const std::string text = lower(error.message);
  return has(text, "client_order_id") || has(text, "client order id");
}

}  // namespace st0ck::alpaca
