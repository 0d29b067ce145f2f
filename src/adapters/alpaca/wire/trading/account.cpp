#include "st0ck/adapters/alpaca/wire/trading/account.hpp"

#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

template <>
struct Names<AccountStatus> {
  static constexpr Name<AccountStatus> kList[] = {
      {"ONBOARDING", AccountStatus::Onboarding},
      {"SUBMISSION_FAILED", AccountStatus::SubmissionFailed},
      {"SUBMITTED", AccountStatus::Submitted},
      {"ACCOUNT_UPDATED", AccountStatus::AccountUpdated},
      {"APPROVAL_PENDING", AccountStatus::ApprovalPending},
      {"APPROVED", AccountStatus::Approved},
      {"ACTIVE", AccountStatus::Active},
      {"REJECTED", AccountStatus::Rejected},
      {"INACTIVE", AccountStatus::Inactive},
      {"ACTION_REQUIRED", AccountStatus::ActionRequired},
      {"LIMITED", AccountStatus::Limited},
      {"PAPER_ONLY", AccountStatus::PaperOnly},
      {"ACCOUNT_CLOSED_PENDING", AccountStatus::AccountClosedPending},
      {"ACCOUNT_CLOSED", AccountStatus::AccountClosed},
  };
  static constexpr std::optional<AccountStatus> kOther = AccountStatus::Unknown;
};

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Account>
void describe(Fields& fields, T& account) {
  fields.field("id", account.id);
  fields.field("account_number", account.account_number);
  fields.field("status", account.status);
  fields.field("crypto_status", account.crypto_status);
  fields.field("currency", account.currency);
  fields.field("created_at", account.created_at);
  fields.field("balance_asof", account.balance_as_of);
  fields.computed("cash", account.cash);
  fields.computed("equity", account.equity);
  fields.computed("last_equity", account.last_equity);
  fields.computed("portfolio_value", account.portfolio_value);
  fields.computed("long_market_value", account.long_market_value);
  fields.computed("short_market_value", account.short_market_value);
  fields.computed("buying_power", account.buying_power);
  fields.computed("regt_buying_power", account.regt_buying_power);
  fields.computed("non_marginable_buying_power", account.non_marginable_buying_power);
  fields.computed("options_buying_power", account.options_buying_power);
  fields.computed("daytrading_buying_power", account.daytrading_buying_power);
  fields.computed("initial_margin", account.initial_margin);
  fields.computed("maintenance_margin", account.maintenance_margin);
  fields.computed("last_maintenance_margin", account.last_maintenance_margin);
  fields.computed("sma", account.sma);
  fields.computed("accrued_fees", account.accrued_fees);
  fields.computed("pending_transfer_in", account.pending_transfer_in);
  fields.computed("pending_transfer_out", account.pending_transfer_out);
  fields.computed("pending_reg_taf_fees", account.pending_regulatory_fees);
  fields.computed("intraday_adjustments", account.intraday_adjustments);
  fields.field("multiplier", account.multiplier);
  fields.or_default("trading_blocked", account.trading_blocked);
  fields.or_default("transfers_blocked", account.transfers_blocked);
  fields.or_default("account_blocked", account.account_blocked);
  fields.or_default("trade_suspended_by_user", account.trade_suspended_by_user);
  fields.or_default("shorting_enabled", account.shorting_enabled);
  fields.if_set("pattern_day_trader", account.pattern_day_trader);
  fields.if_set("daytrade_count", account.daytrade_count);
  fields.if_set("options_approved_level", account.options_approved_level);
  fields.if_set("options_trading_level", account.options_trading_level);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, AccountConfiguration>
void describe(Fields& fields, T& configuration) {
  fields.field("suspend_trade", configuration.suspend_trade);
  fields.field("no_shorting", configuration.no_shorting);
  fields.field("fractional_trading", configuration.fractional_trading);
  fields.field("max_margin_multiplier", configuration.max_margin_multiplier);
  fields.field("trade_confirm_email", configuration.trade_confirm_email);
  fields.field("ptp_no_exception_entry", configuration.ptp_no_exception_entry);
  fields.if_set("disable_overnight_trading", configuration.disable_overnight_trading);
  fields.field("max_options_trading_level", configuration.max_options_trading_level);
  fields.if_set("dtbp_check", configuration.dtbp_check);
  fields.if_set("pdt_check", configuration.pdt_check);
}

core::Result<Account> read_account(std::string_view body) {
  return read_object<Account>("account", body);
}

std::string to_json(const Account& account) { return object_json(account); }

core::Result<AccountConfiguration> read_account_configuration(std::string_view body) {
  return read_object<AccountConfiguration>("account configuration", body);
}

std::string to_json(const AccountConfiguration& configuration) {
  return object_json(configuration);
}

}  // namespace st0ck::alpaca
