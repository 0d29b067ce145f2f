#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

enum class AccountStatus : std::uint8_t {
  Onboarding,
  SubmissionFailed,
  Submitted,
  AccountUpdated,
  ApprovalPending,
  Approved,
  Active,  ///< The only one that trades.
  Rejected,
  Inactive,
  ActionRequired,
  Limited,
  PaperOnly,
  AccountClosedPending,
  AccountClosed,
  Unknown,
};

/// The account. Amounts are the broker's own valuations, rounded half to even where they have more
/// than nine decimals. What newer or older versions of the interface leave out is optional.
struct Account {
  std::string id;
  std::string account_number;
  AccountStatus status = AccountStatus::Active;
  std::optional<std::string> crypto_status{};
  std::optional<std::string> currency{};
  std::optional<core::Timestamp> created_at{};
  std::optional<core::Date> balance_as_of{};
  core::Money cash{};
  core::Money equity{};
  std::optional<core::Money> last_equity{};  ///< At the previous close.
  std::optional<core::Money> portfolio_value{};
  std::optional<core::Money> long_market_value{};
  std::optional<core::Money> short_market_value{};  ///< Not above zero.
  core::Money buying_power{};
  std::optional<core::Money> regt_buying_power{};
  std::optional<core::Money> non_marginable_buying_power{};
  std::optional<core::Money> options_buying_power{};
  std::optional<core::Money> daytrading_buying_power{};
  std::optional<core::Money> initial_margin{};
  std::optional<core::Money> maintenance_margin{};
  std::optional<core::Money> last_maintenance_margin{};
  std::optional<core::Money> sma{};
  std::optional<core::Money> accrued_fees{};
  std::optional<core::Money> pending_transfer_in{};
  std::optional<core::Money> pending_transfer_out{};
  std::optional<core::Money> pending_regulatory_fees{};
  std::optional<core::Money> intraday_adjustments{};
  std::optional<core::Quantity> multiplier{};  ///< 1 cash, 2 margin, 4 day trader.
  bool trading_blocked = false;
  bool transfers_blocked = false;
  bool account_blocked = false;
  bool trade_suspended_by_user = false;
  bool shorting_enabled = false;
  std::optional<bool> pattern_day_trader{};
  std::optional<std::uint32_t> daytrade_count{};
  std::optional<std::uint32_t> options_approved_level{};
  std::optional<std::uint32_t> options_trading_level{};

  friend bool operator==(const Account&, const Account&) = default;
};

core::Result<Account> read_account(std::string_view body);
std::string to_json(const Account& account);

struct AccountConfiguration {
  bool suspend_trade = false;
  bool no_shorting = false;
  bool fractional_trading = true;
  std::string max_margin_multiplier = "4";
  std::string trade_confirm_email = "all";
  bool ptp_no_exception_entry = false;
  std::optional<bool> disable_overnight_trading{};
  std::optional<std::uint32_t> max_options_trading_level{};
  std::optional<std::string> dtbp_check{};
  std::optional<std::string> pdt_check{};

  friend bool operator==(const AccountConfiguration&, const AccountConfiguration&) = default;
};

core::Result<AccountConfiguration> read_account_configuration(std::string_view body);
std::string to_json(const AccountConfiguration& configuration);

}  // namespace st0ck::alpaca
