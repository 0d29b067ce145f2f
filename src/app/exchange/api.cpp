#include "src/app/exchange/api.hpp"

#include "st0ck/adapters/alpaca/wire/time.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace st0ck::app::exchange {

std::string_view ApiCall::segment(std::size_t place) const {
  return place < size() ? std::string_view{segments()[place]} : std::string_view{};
}

net::ServerResponse json_answer(std::string body, int status) {
  return {.status = status, .body = std::move(body)};
}

net::ServerResponse error_answer(const alpaca::ApiError& error) {
  return json_answer(alpaca::to_json(error), static_cast<int>(error.http_status));
}

net::ServerResponse error_answer(std::uint64_t code, std::string message) {
  return error_answer(refusal(code, std::move(message)));
}

net::ServerResponse empty_answer() { return {.status = 204}; }

net::ServerResponse method_refused() {
  constexpr int kMethodNotAllowed = 405;
  return json_answer(R"({"code":40510000,"message":"method not allowed"})", kMethodNotAllowed);
}

void QueryReader::note(std::string_view name) {
  if (bad_.empty()) bad_ = name;
}

std::optional<std::string> QueryReader::text_if_any(std::string_view name) {
  const auto found = target_.find(name);
  if (!found || found->empty()) return std::nullopt;
  return std::string{*found};
}

std::string QueryReader::text(std::string_view name) { return text_if_any(name).value_or(""); }

bool QueryReader::flag(std::string_view name, bool otherwise) {
  const auto found = text_if_any(name);
  if (!found) return otherwise;
  // Python writes its own words.
  if (*found == "true" || *found == "True" || *found == "1") return true;
  if (*found != "false" && *found != "False" && *found != "0") note(name);
  return false;
}

std::uint32_t QueryReader::number(std::string_view name, std::uint32_t otherwise,
                                  std::uint32_t most) {
  const auto found = text_if_any(name);
  if (!found) return otherwise;
  std::uint32_t value = 0;
  const char* end = found->data() + found->size();
  const auto [stopped, error] = std::from_chars(found->data(), end, value);
  if (error != std::errc{} || stopped != end || value == 0 || value > most) note(name);
  return value;
}

/// A date alone is its midnight in UTC.
std::optional<core::Timestamp> QueryReader::time(std::string_view name) {
  const auto found = text_if_any(name);
  if (!found) return std::nullopt;
  if (const auto time = alpaca::read_time(*found)) return time;
  const auto date = alpaca::read_date_part(*found);
  if (date && found->size() <= std::string_view{"2024-03-01"}.size())
    return core::Timestamp{std::chrono::sys_days{*date}};
  note(name);
  return std::nullopt;
}

std::optional<core::Date> QueryReader::date(std::string_view name) {
  const auto found = text_if_any(name);
  if (!found) return std::nullopt;
  const auto date = alpaca::read_date_part(*found);
  if (!date) note(name);
  return date;
}

std::string QueryReader::word(std::string_view name,
                              std::initializer_list<std::string_view> words) {
  const auto found = text_if_any(name);
  if (!found) return std::string{*words.begin()};
  if (std::ranges::find(words, *found) == words.end()) note(name);
  return *found;
}

std::vector<std::string> QueryReader::list(std::string_view name) {
  std::vector<std::string> items;
  for (const net::QueryParameter& parameter : target_.query) {
    if (parameter.name != name) continue;
    std::string_view rest = parameter.value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (comma > 0) items.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return items;
}

std::vector<std::string> QueryReader::words(std::string_view name,
                                            std::initializer_list<std::string_view> words) {
  auto items = list(name);
  for (const std::string& item : items)
    if (std::ranges::find(words, item) == words.end()) note(name);
  return items;
}

std::optional<net::ServerResponse> QueryReader::refusal() const {
  if (bad_.empty()) return std::nullopt;
  return error_answer(alpaca::api_code::kUnprocessable, "invalid query parameter " + bad_);
}

}  // namespace st0ck::app::exchange
