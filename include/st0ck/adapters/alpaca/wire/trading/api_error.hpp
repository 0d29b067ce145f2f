#pragma once

#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// Codes that a client decides by; the first three digits are usually the HTTP status.
namespace api_code {
inline constexpr std::uint64_t kMalformed = 40010000;
inline constexpr std::uint64_t kInvalidField = 40010001;
inline constexpr std::uint64_t kUnauthorized = 40110000;
inline constexpr std::uint64_t kForbidden = 40310000;
inline constexpr std::uint64_t kDayTradeProtection = 40310100;
inline constexpr std::uint64_t kNotFound = 40410000;
inline constexpr std::uint64_t kUnprocessable = 42210000;
inline constexpr std::uint64_t kRateLimit = 42910000;
}  // namespace api_code

/// A refusal by the REST interface: the HTTP status decides, then the code; the message is for
/// people. Gateways send a message alone, or no JSON at all.
struct ApiError {
  std::uint32_t http_status = 0;
  std::optional<std::uint64_t> code{};
  std::string message{};
  std::optional<core::Money> buying_power{};
  std::optional<core::Money> cost_basis{};
  std::optional<std::string> symbol{};
  std::optional<core::Quantity> available{};
  std::optional<core::Quantity> existing_quantity{};
  std::optional<core::Quantity> held_for_orders{};
  std::optional<std::string> existing_order_id{};
  std::optional<std::string> reject_reason{};
  std::vector<std::string> related_orders{};

  friend bool operator==(const ApiError&, const ApiError&) = default;
};

/// Reads the body of a refusal. It always succeeds: what cannot be read is the message.
ApiError read_api_error(std::uint32_t http_status, std::string_view body);

std::string to_json(const ApiError& error);

}  // namespace st0ck::alpaca
