#pragma once

#include "st0ck/core/rate.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <chrono>
#include <cstdint>

namespace st0ck::trading {

/// How fast an account may lose. Zero turns a bound off; of two the stricter holds.
struct LossRateLimits {
  core::Money loss_max{};  ///< Loss within the window at which the account is halted.
  core::Rate share_max{};  ///< The same as a part of the window's highest worth.
  core::Duration window = std::chrono::minutes{5};  ///< Whole seconds, an hour at most.

  bool is_on() const { return loss_max.is_positive() || share_max.is_positive(); }
};

/// How many messages about orders a broker takes: orders, replaces, cancels and look-ups.
struct PaceLimits {
  std::uint32_t orders_max = 0;  ///< Within any window; zero is no bound.
  core::Duration window = std::chrono::seconds{1};
  /// The last messages of a window, which only exits and cancels may use; below `orders_max`.
  std::uint32_t exit_reserve = 0;
  /// Longest that an entry may wait for its turn.
  core::Duration entry_wait_max = std::chrono::seconds{2};

  bool is_on() const { return orders_max > 0; }
};

/// What holds for the account, whatever its bots do. By default losses and pace are not bound.
struct AccountLimits {
  LossRateLimits loss_rate{};
  PaceLimits pace{};
  /// How long what a group has filled may be without a stop, neither at the broker nor armed
  /// here, before it is closed at the market.
  core::Duration unprotected_max = std::chrono::seconds{15};
};

inline constexpr core::Duration kLossWindowMax = std::chrono::hours{1};
inline constexpr core::Duration kPaceWindowMax = std::chrono::minutes{1};

}  // namespace st0ck::trading
