#include "st0ck/adapters/sim/fee_model.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

constexpr core::Price kPerShareMax = core::Price::whole(1);
constexpr core::Rate kRateMax = core::Rate::whole(1);
constexpr core::Money kAmountMax = core::Money::whole(1'000'000);

template <typename Amount>
core::Status check(const char* key, Amount found, Amount allowed_max) {
  if (!found.is_negative() && found <= allowed_max) return {};
  return core::fail(core::Errc::OutOfRange, "fees.{}: found {}, allowed 0 to {}", key,
                    found.to_string(), allowed_max.to_string());
}

}  // namespace

core::Money FeeModel::of_order(core::Quantity quantity, core::Money notional) const {
  if (quantity.is_zero()) return {};
  constexpr auto kRounding = core::Rounding::HalfAway;
  core::Money fee = per_order;
  if (!per_share.is_zero())
    fee += core::notional(per_share, quantity, core::kUnitMultiplier, kRounding);
  if (!rate.is_zero()) fee += core::scaled(notional, rate, kRounding);
  fee = std::max(fee, minimum);
  return maximum ? std::min(fee, *maximum) : fee;
}

core::Status FeeModel::validate() const {
  if (auto status = check("per_order", per_order, kAmountMax); !status) return status;
  if (auto status = check("per_share", per_share, kPerShareMax); !status) return status;
  if (auto status = check("rate", rate, kRateMax); !status) return status;
  if (auto status = check("minimum", minimum, kAmountMax); !status) return status;
  if (maximum && *maximum < minimum)
    return core::fail(core::Errc::OutOfRange, "fees.maximum: found {}, allowed {} (minimum) and up",
                      maximum->to_string(), minimum.to_string());
  return regulatory.validate();
}

}  // namespace st0ck::adapters::sim
