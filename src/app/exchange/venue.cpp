#include "src/app/exchange/venue.hpp"

#include "src/app/exchange/identifiers.hpp"

#include <string>

namespace st0ck::app::exchange {

Venue::Venue(const Parts& parts, const std::vector<AccountSettings>& accounts)
    : parts_{parts}, prices_{parts.instruments} {
  for (const AccountSettings& settings : accounts)
    accounts_.push_back(std::make_unique<Account>(
        Account::Parts{parts.scheduler, parts.clock, parts.instruments, prices_, parts.faults},
        settings, [this](Account& account, const alpaca::TradeUpdate& update) {
          if (watcher_) watcher_(account, update);
          if (listener_) listener_(account, update);
        }));
}

Account* Venue::find(std::string_view key, std::string_view secret) {
  for (const auto& account : accounts_)
    if (account->key() == key && account->is_secret(std::string{secret})) return account.get();
  return nullptr;
}

const market::Instrument* Venue::find_asset(std::string_view symbol_or_id) const {
  if (!is_uuid(symbol_or_id))
    return core::Symbol::fits(symbol_or_id) ? parts_.instruments.find(core::Symbol{symbol_or_id})
                                            : nullptr;
  for (const market::Instrument& instrument : parts_.instruments)
    if (Identifiers::of_name(instrument.symbol.view()) == symbol_or_id) return &instrument;
  return nullptr;
}

void Venue::on_quote(const market::Quote& quote) {
  prices_.on_quote(quote);
  for (const auto& account : accounts_) account->on_quote(quote);
}

void Venue::on_trade(const market::Trade& trade) {
  prices_.on_trade(trade);
  for (const auto& account : accounts_) account->on_trade(trade);
}

void Venue::on_bar(const market::Bar& bar) {
  if (bar.end <= last_minute_) return;
  last_minute_ = bar.end;
  for (const auto& account : accounts_) account->on_minute(bar.end);
}

void Venue::on_session_phase(const market::SessionPhase& phase) {
  prices_.on_session_phase(phase);
  for (const auto& account : accounts_) account->on_session_phase(phase);
}

void Venue::on_trading_status(const market::TradingStatus& status) {
  prices_.on_trading_status(status);
  for (const auto& account : accounts_) account->on_trading_status(status);
}

void Venue::on_corporate_action(const market::CorporateAction& action) {
  prices_.on_corporate_action(action);
  for (const auto& account : accounts_) account->on_corporate_action(action);
}

}  // namespace st0ck::app::exchange
