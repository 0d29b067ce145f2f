#include "src/app/risk_consistency.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace st0ck::app {

namespace {

using trading::RiskLimits;

template <typename T>
std::string text_of(const T& value) {
  return core::SettingType<T>::format(value);
}

/// Compares one limit of a bot with the account's.
class AccountCheck {
 public:
  AccountCheck(core::SettingsSection& section, const RiskLimits& limits, const RiskLimits& defaults,
               const RiskLimits& ceiling)
      : section_{section}, limits_{limits}, defaults_{defaults}, ceiling_{ceiling} {}

  template <typename T>
  void at_most(std::string_view key, T RiskLimits::* member) {
    if (limits_.*member > ceiling_.*member) blame(key, member, "at most");
  }
  template <typename T>
  void at_least(std::string_view key, T RiskLimits::* member) {
    if (limits_.*member < ceiling_.*member) blame(key, member, "at least");
  }

 private:
  template <typename T>
  void blame(std::string_view key, T RiskLimits::* member, std::string_view relation) {
    if (limits_.*member == defaults_.*member) return;
    section_.problem(
        key, fmt::format("{} the account's risk.{}, {}", relation, key, text_of(ceiling_.*member)));
  }

  core::SettingsSection& section_;
  const RiskLimits& limits_;
  const RiskLimits& defaults_;
  const RiskLimits& ceiling_;
};

}  // namespace

void check_against_each_other(core::SettingsSection& section, const RiskLimits& limits,
                              const RiskLimits& defaults, const RiskLimits& effective) {
  const auto at_most = [&](std::string_view key, auto member, std::string_view other, auto bound) {
    if (limits.*member != defaults.*member && limits.*member > effective.*bound)
      section.problem(key, fmt::format("at most {}, {}", other, text_of(effective.*bound)));
  };
  at_most("order_quantity_max", &RiskLimits::order_quantity_max, "position_quantity_max",
          &RiskLimits::position_quantity_max);
  at_most("symbol_share_max", &RiskLimits::symbol_share_max, "capital_use_max",
          &RiskLimits::capital_use_max);
  at_most("open_risk_max", &RiskLimits::open_risk_max, "capital_use_max",
          &RiskLimits::capital_use_max);
}

void check_against_account(core::SettingsSection& section, const RiskLimits& limits,
                           const RiskLimits& defaults, const RiskLimits& ceiling) {
  AccountCheck check{section, limits, defaults, ceiling};
  check.at_most("order_quantity_max", &RiskLimits::order_quantity_max);
  check.at_most("order_notional_max", &RiskLimits::order_notional_max);
  check.at_most("price_collar", &RiskLimits::price_collar);
  check.at_least("regular_hours_only", &RiskLimits::regular_hours_only);
  check.at_most("quote_age_max", &RiskLimits::quote_age_max);
  check.at_least("duplicate_window", &RiskLimits::duplicate_window);
  check.at_most("orders_per_minute_max", &RiskLimits::orders_per_minute_max);
  check.at_most("open_orders_max", &RiskLimits::open_orders_max);
  check.at_most("position_quantity_max", &RiskLimits::position_quantity_max);
  check.at_most("daily_loss_max", &RiskLimits::daily_loss_max);
  check.at_most("trades_per_day_max", &RiskLimits::trades_per_day_max);
  check.at_most("losing_trades_max", &RiskLimits::losing_trades_max);
  check.at_most("symbol_share_max", &RiskLimits::symbol_share_max);
  check.at_most("capital_use_max", &RiskLimits::capital_use_max);
  check.at_most("open_risk_max", &RiskLimits::open_risk_max);
  check.at_most("drawdown_max", &RiskLimits::drawdown_max);
  check.at_most("spread_max", &RiskLimits::spread_max);
  check.at_most("losing_days_max", &RiskLimits::losing_days_max);
}

}  // namespace st0ck::app
