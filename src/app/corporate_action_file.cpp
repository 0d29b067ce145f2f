#include "src/app/corporate_action_file.hpp"

#include "st0ck/core/plain_file.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::app {

namespace {

using market::CorporateAction;
using market::CorporateActionKind;

constexpr std::string_view kHeader = "ex_date,symbol,kind,value";

using Fields = std::array<std::string_view, 4>;

std::optional<Fields> fields_of(std::string_view line) {
  Fields fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto comma = line.find(',');
    const bool is_last = i + 1 == fields.size();
    if (is_last != (comma == std::string_view::npos)) return std::nullopt;
    fields[i] = line.substr(0, comma);
    if (!is_last) line.remove_prefix(comma + 1);
  }
  return fields;
}

std::optional<std::uint32_t> count_of(std::string_view text) {
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return count;
}

bool read_ratio(std::string_view text, CorporateAction& action) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto numerator = count_of(text.substr(0, colon));
  const auto denominator = count_of(text.substr(colon + 1));
  if (!numerator || !denominator || *numerator == *denominator) return false;
  action.numerator = *numerator;
  action.denominator = *denominator;
  return true;
}

bool read_amount(std::string_view text, CorporateAction& action) {
  const auto amount = core::Price::parse(text);
  if (!amount) return false;
  action.amount = *amount;
  return true;
}

/// What is allowed where a line is no action; nothing when it is one.
std::optional<std::string_view> read_line(std::string_view line, CorporateAction& action,
                                          core::Symbol& symbol) {
  const auto fields = fields_of(line);
  if (!fields) return "four fields: ex_date,symbol,kind,value";
  const auto date = core::parse_date((*fields)[0]);
  if (!date) return "an ex-date like 2020-08-31";
  action.ex_date = *date;
  if (!core::Symbol::fits((*fields)[1]) || (*fields)[1].empty()) return "a symbol";
  symbol = core::Symbol{(*fields)[1]};
  const bool is_split = (*fields)[2] == "split";
  if (!is_split && (*fields)[2] != "dividend") return "dividend or split";
  action.kind = is_split ? CorporateActionKind::Split : CorporateActionKind::CashDividend;
  const bool is_read =
      is_split ? read_ratio((*fields)[3], action) : read_amount((*fields)[3], action);
  if (!is_read || defect_of(action))
    return is_split ? "a ratio of new to old shares like 4:1" : "dollars per share above 0";
  return std::nullopt;
}

}  // namespace

core::Result<std::vector<CorporateAction>> read_corporate_actions(
    const std::filesystem::path& path, const market::InstrumentTable& instruments) {
  if (const auto checked = core::check_plain_file(path); !checked)
    return tl::unexpected(checked.error());
  std::ifstream file{path};
  if (!file) return core::fail(core::Errc::NotFound, "{}: cannot be read", path.string());
  std::vector<CorporateAction> actions;
  std::string line;
  for (std::uint64_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const auto complain = [&](std::string_view allowed) {
      return core::fail(core::Errc::BadInput, "{}:{}: found '{}', allowed is {}", path.string(),
                        number, line.substr(0, 80), allowed);
    };
    if (number == 1) {
      if (line != kHeader) return complain(fmt::format("the header {}", kHeader));
      continue;
    }
    if (line.empty()) continue;
    CorporateAction action;
    core::Symbol symbol;
    if (const auto allowed = read_line(line, action, symbol)) return complain(*allowed);
    const market::Instrument* instrument = instruments.find(symbol);
    if (instrument == nullptr) continue;
    action.instrument = instrument->id;
    actions.push_back(action);
  }
  return actions;
}

}  // namespace st0ck::app
