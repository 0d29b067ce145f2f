#pragma once

#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace st0ck::net {

/// Counts requests per client address and second. It knows the addresses of the second that runs
/// and no others, so that it stays small whoever calls.
class PeerRate {
 public:
  explicit PeerRate(std::uint32_t per_second_max) : per_second_max_{per_second_max} {}

  /// Whether this request is within the limit.
  bool take(const std::string& peer, core::Duration now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second != second_) counts_.clear();
    second_ = second;
    return counts_[peer]++ < per_second_max_;
  }

 private:
  std::uint32_t per_second_max_;
  std::chrono::seconds second_{};
  std::map<std::string, std::uint32_t> counts_;
};

}  // namespace st0ck::net
