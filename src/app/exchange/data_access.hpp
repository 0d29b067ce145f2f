#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/header_field.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>
#include <cstdint>
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

/// Counts the requests of each key in minutes that begin with its first request. A minute's count
/// is bounded, the keys are those of a DataKeys.
class DataRateLimit {
 public:
  /// The clock tells the wall's time, for clients that compute with the moment of the reset. Both
  /// outlive this.
  DataRateLimit(std::uint32_t requests_per_minute, const net::Scheduler& scheduler,
                const core::Clock& wall)
      : limit_{requests_per_minute}, scheduler_{scheduler}, wall_{wall} {}

  struct Verdict {
    bool is_allowed = false;
    net::HeaderFields headers;  ///< `X-RateLimit-*`, for every answer.
  };

  Verdict count(std::string_view key);

 private:
  struct Minute {
    std::string key;
    core::Duration begin;
    std::uint32_t used = 0;
  };

  std::uint32_t limit_;
  const net::Scheduler& scheduler_;
  const core::Clock& wall_;
  std::vector<Minute> minutes_;
};

}  // namespace st0ck::app::exchange
