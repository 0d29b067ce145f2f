#include "st0ck/adapters/sim/matching_settings.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

constexpr core::Price kSmallestPrice = core::Price::from_raw(1);
constexpr core::Price kSlippageMax = core::Price::whole(1'000'000);
constexpr core::Rate kOne = core::Rate::whole(1);
constexpr std::uint32_t kLeverageMax = 100;
constexpr std::uint32_t kOrdersMax = 1'000'000;
constexpr std::uint32_t kFinishedOrdersMax = 10'000'000;

template <typename Value>
core::Status check_range(std::string_view key, Value found, Value low, Value high) {
  if (low <= found && found <= high) return {};
  if constexpr (std::is_integral_v<Value>) {
    return core::fail(core::Errc::OutOfRange, "{}: found {}, allowed {} to {}", key, found, low,
                      high);
  } else {
    return core::fail(core::Errc::OutOfRange, "{}: found {}, allowed {} to {}", key,
                      found.to_string(), low.to_string(), high.to_string());
  }
}

}  // namespace

std::string_view name_of(LimitFill limit_fill) {
  return limit_fill == LimitFill::Through ? "through" : "touch";
}

core::Price SlippageModel::slipped(trading::Side side, core::Price price) const {
  core::Price slip = per_share;
  if (!rate.is_zero())
    slip += core::scaled_to_tick(price, rate, kSmallestPrice, core::Rounding::Up);
  if (side == trading::Side::Buy) return price.checked_add(slip).value_or(core::Price::max());
  return std::max(price - slip, kSmallestPrice);
}

core::Status SlippageModel::validate() const {
  if (auto status = check_range("slippage.per_share", per_share, {}, kSlippageMax); !status)
    return status;
  return check_range("slippage.rate", rate, {}, kOne);
}

core::Status DoorRules::validate() const {
  return check_range("refuses.leverage", leverage, 0u, kLeverageMax);
}

core::Status MatchingSettings::validate() const {
  if (auto status = slippage.validate(); !status) return status;
  if (auto status = fees.validate(); !status) return status;
  if (auto status = refuses.validate(); !status) return status;
  if (auto status = check_range("volume_share_max", volume_share_max, {}, kOne); !status)
    return status;
  if (auto status = check_range("queue_ahead", queue_ahead, {}, kOne); !status) return status;
  if (auto status = check_range("orders_max", orders_max, 1u, kOrdersMax); !status) return status;
  return check_range("finished_orders_max", finished_orders_max, 1u, kFinishedOrdersMax);
}

}  // namespace st0ck::adapters::sim
