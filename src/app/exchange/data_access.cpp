#include "src/app/exchange/data_access.hpp"

#include <algorithm>

namespace st0ck::app::exchange {

namespace {

constexpr std::string_view kKeyHeader = "APCA-API-KEY-ID";
constexpr std::string_view kSecretHeader = "APCA-API-SECRET-KEY";

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

}  // namespace st0ck::app::exchange
