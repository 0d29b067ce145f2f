#include "src/app/exchange/account.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <utility>

namespace st0ck::app::exchange {

namespace {

constexpr std::uint32_t kOptionsLevel = 0;
constexpr std::uint32_t kDayTraderLeverage = 4;
constexpr core::Rate kInitialMargin = core::Rate::from_raw(500'000'000);
constexpr std::size_t kNumberDigits = 9;

}  // namespace

Account::Account(Parts parts, const AccountSettings& settings, Listener listener)
    : parts_{parts},
      settings_{settings},
      identifiers_{settings.seed},
      id_{identifiers_.next()},
      configuration_{.max_margin_multiplier = std::to_string(settings.leverage),
                     .disable_overnight_trading = false,
                     .max_options_trading_level = kOptionsLevel,
                     .dtbp_check = "entry",
                     .pdt_check = "entry"},
      holdings_{{.instruments = parts.instruments,
                 .prices = parts.prices,
                 .asset_id =
                     [&instruments = parts.instruments](core::InstrumentId instrument) {
                       return Identifiers::of_name(instruments[instrument].symbol.view());
                     },
                 .activity_id = [this](core::Timestamp time) { return next_activity_id(time); }},
                settings.cash},
      desk_{{.scheduler = parts.scheduler,
             .clock = parts.clock,
             .instruments = parts.instruments,
             .prices = parts.prices,
             .holdings = holdings_,
             .identifiers = identifiers_,
             .activity_id = [this](core::Timestamp time) { return next_activity_id(time); },
             .configuration = configuration_,
             .on_update = [this, listener = std::move(listener)](
                              const alpaca::TradeUpdate& update) { listener(*this, update); },
             .faults = parts.faults},
            [&] {
              OrderDeskSettings desk = settings.desk;
              desk.leverage = settings.leverage;
              return desk;
            }(),
            settings.cash} {
  if (settings.run != 0) identifiers_ = Identifiers{settings.seed ^ settings.run};
}

/// `yyyymmddhhmmssmmm::uuid`, so that ids sort by time.
std::string Account::next_activity_id(core::Timestamp time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  return fmt::format("{:%Y%m%d%H%M%S}{:03}::{}", fmt::gmtime(std::chrono::sys_seconds{seconds}),
                     (milliseconds - seconds).count(), identifiers_.next());
}

alpaca::Account Account::tell() const {
  const Worth worth = holdings_.worth();
  const core::Money equity = worth.equity();
  const core::Money power = desk_.buying_power();
  const core::Money initial = core::scaled(worth.exposure(), kInitialMargin);
  alpaca::Account told;
  told.id = id_;
  told.account_number = "PA" + id_.substr(id_.size() - kNumberDigits);
  told.crypto_status = "INACTIVE";
  told.currency = "USD";
  const core::Timestamp created = created_.value_or(parts_.clock.now());
  told.created_at = created;
  told.balance_as_of =
      parts_.prices.session() ? parts_.prices.session()->date : core::to_new_york(created).date;
  told.cash = worth.cash;
  told.equity = equity;
  told.last_equity = holdings_.last_equity();
  told.portfolio_value = equity;
  told.long_market_value = worth.long_value;
  told.short_market_value = worth.short_value;
  told.buying_power = power;
  told.regt_buying_power = power;
  told.non_marginable_buying_power =
      std::max(core::Money{}, std::min(worth.cash, equity - initial));
  told.options_buying_power = told.non_marginable_buying_power;
  told.daytrading_buying_power = settings_.leverage == kDayTraderLeverage ? power : core::Money{};
  told.initial_margin = initial;
  told.maintenance_margin = worth.maintenance;
  told.last_maintenance_margin = core::Money{};
  told.sma = equity;
  told.accrued_fees = core::Money{};
  told.pending_transfer_in = core::Money{};
  told.pending_transfer_out = core::Money{};
  told.pending_regulatory_fees = core::Money{};
  told.intraday_adjustments = core::Money{};
  told.multiplier = core::Quantity::whole(settings_.leverage);
  told.trade_suspended_by_user = configuration_.suspend_trade;
  told.shorting_enabled = settings_.leverage > 1 && !configuration_.no_shorting;
  told.pattern_day_trader = settings_.leverage == kDayTraderLeverage;
  told.daytrade_count = 0;
  told.options_approved_level = kOptionsLevel;
  told.options_trading_level = kOptionsLevel;
  return told;
}

std::optional<alpaca::Position> Account::tell_position(core::InstrumentId instrument) const {
  const core::Quantity position = holdings_.position(instrument);
  const core::Quantity free =
      std::max(position.abs() - desk_.held_of(instrument).quantity, core::Quantity{});
  return holdings_.tell(instrument, position.is_negative() ? -free : free);
}

void Account::on_minute(core::Timestamp end) {
  equity_.add_minute(end, holdings_.worth().equity());
}

/// Positions change their shares before the orders for them do.
void Account::on_session_phase(const market::SessionPhase& phase) {
  if (!created_) {
    created_ = parts_.clock.now();
    equity_.add_day(*created_, settings_.cash);
  }
  if (phase.phase == market::Phase::Prepare)
    holdings_.on_session_prepare(phase.session, parts_.clock.now());
  desk_.on_session_phase(phase);
  if (phase.phase != market::Phase::Close) return;
  holdings_.on_session_close();
  equity_.add_day(phase.session.close, holdings_.last_equity());
}

void Account::on_corporate_action(const market::CorporateAction& action) {
  holdings_.on_corporate_action(action, parts_.clock.now());
  desk_.on_corporate_action(action);
}

}  // namespace st0ck::app::exchange
