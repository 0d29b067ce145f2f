#pragma once

#include "st0ck/net/header_field.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// A pair that a client shows. The secret is never told or logged.
struct DataKey {
  std::string key = "test";
  std::string secret = "test";
};

/// The keys that may read market data; few, so that they are looked through one by one.
class DataKeys {
 public:
  explicit DataKeys(std::vector<DataKey> keys) : keys_{std::move(keys)} {}

  bool are_right(std::string_view key, std::string_view secret) const;

  /// The key of a request's head where the pair there is right; nothing also where there is none.
  std::optional<std::string> key_of(const net::HeaderFields& headers) const;

  /// Whether the head shows any key, right or wrong.
  static bool are_shown(const net::HeaderFields& headers);

 private:
  std::vector<DataKey> keys_;
};

}  // namespace st0ck::app::exchange
