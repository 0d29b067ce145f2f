#include "src/app/exchange/data_access.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::app::exchange {

namespace {

constexpr std::string_view kKeyHeader = "APCA-API-KEY-ID";
constexpr std::string_view kSecretHeader = "APCA-API-SECRET-KEY";
constexpr core::Duration kMinute = std::chrono::minutes{1};

}  // namespace

bool DataKeys::are_right(std::string_view key, std::string_view secret) const {
  return std::ranges::any_of(
      keys_, [&](const DataKey& each) { return each.key == key && each.secret == secret; });
}

std::optional<std::string> DataKeys::key_of(const net::HeaderFields& headers) const {
  const auto key = net::find_header(headers, kKeyHeader);
  const auto secret = net::find_header(headers, kSecretHeader);
  if (!key || !secret || !are_right(*key, *secret)) return std::nullopt;
  return std::string{*key};
}

bool DataKeys::are_shown(const net::HeaderFields& headers) {
  return net::find_header(headers, kKeyHeader).has_value();
}

DataRateLimit::Verdict DataRateLimit::count(std::string_view key) {
  const core::Duration now = scheduler_.elapsed();
  auto minute = std::ranges::find(minutes_, key, &Minute::key);
  if (minute == minutes_.end()) minute = minutes_.insert(minute, {std::string{key}, now, 0});
  if (now - minute->begin >= kMinute) *minute = {std::string{key}, now, 0};
  Verdict verdict;
  verdict.is_allowed = minute->used < limit_;
  if (verdict.is_allowed) ++minute->used;
  const core::Timestamp reset = wall_.now() + (minute->begin + kMinute - now);
  // Rounded up: at the second that is told, the minute is over.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(reset).time_since_epoch().count();
  verdict.headers = {{"X-RateLimit-Limit", fmt::to_string(limit_)},
                     {"X-RateLimit-Remaining", fmt::to_string(limit_ - minute->used)},
                     {"X-RateLimit-Reset", fmt::to_string(seconds)}};
  return verdict;
}

}  // namespace st0ck::app::exchange
