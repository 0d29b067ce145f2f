#pragma once

#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstddef>

namespace st0ck::market {

/// How long an entry of a cache is valid, and how many there may be.
struct CacheLimits {
  /// An entry is valid while its age is below this.
  core::Duration ttl;
  std::size_t entries_max = 0;
  /// Where it is not zero, entries are also dropped at every multiple of it since 1970 in UTC.
  /// Bars of 1, 2, 3, 5, 6, 10, 15 and 30 minutes begin at multiples of their length, because the
  /// session opens at half past the hour.
  core::Duration drop_every{};
  /// Callers that may wait for loads at the same time.
  std::size_t waiters_max = 256;

  friend bool operator==(const CacheLimits&, const CacheLimits&) = default;
};

/// The caches and their defaults (spec st0ck 12). The spec leaves the size of the last three
/// open; everything here has a bound, and a thousand is more than a day asks for.
///
/// Stops, sizing and order prices never read a cached quote older than one second.
struct CacheSettings {
  CacheLimits quotes{.ttl = std::chrono::seconds{5}, .entries_max = 1000};
  CacheLimits option_chains{.ttl = std::chrono::seconds{60}, .entries_max = 5000};
  CacheLimits option_snapshots{.ttl = std::chrono::seconds{30}, .entries_max = 2000};
  CacheLimits bars{
      .ttl = std::chrono::seconds{300}, .entries_max = 100, .drop_every = std::chrono::minutes{1}};
  CacheLimits contracts_and_calendar{.ttl = std::chrono::hours{1}, .entries_max = 50};
  CacheLimits selections{.ttl = std::chrono::seconds{60}, .entries_max = 1000};
  CacheLimits database_reads{.ttl = std::chrono::seconds{60}, .entries_max = 1000};
  CacheLimits risk_metrics{.ttl = std::chrono::seconds{60}, .entries_max = 1000};
};

}  // namespace st0ck::market
