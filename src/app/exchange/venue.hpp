#pragma once

#include "src/app/exchange/account.hpp"
#include "src/app/exchange/faults/order_faults.hpp"
#include "src/app/exchange/price_board.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/net/scheduler.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// The trading side of the exchange: prices and accounts, which every event of the market reaches
/// before it is published.
class Venue final : public market::EventSink {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    core::ExchangeCalendar calendar;
    OrderFaults& faults = OrderFaults::none();
  };

  /// The parts outlive the venue. Their keys differ.
  Venue(const Parts& parts, const std::vector<AccountSettings>& accounts);

  /// Who hears of orders from now on; one at a time.
  void listen(Account::Listener listener) { listener_ = std::move(listener); }

  /// Who hears the same before him, and changes nothing by it: for campaigns.
  void watch(Account::Listener watcher) { watcher_ = std::move(watcher); }

  /// The account of a pair of keys, or nullptr.
  Account* find(std::string_view key, std::string_view secret);

  const PriceBoard& prices() const { return prices_; }
  const core::Clock& clock() const { return parts_.clock; }
  /// What it shows of the time; a scenario may set it wrong.
  core::Timestamp told_time() const { return parts_.clock.now() + parts_.faults.clock_offset(); }
  const core::ExchangeCalendar& calendar() const { return parts_.calendar; }
  const market::InstrumentTable& instruments() const { return parts_.instruments; }

  /// The instrument of a symbol or asset id, or nullptr.
  const market::Instrument* find_asset(std::string_view symbol_or_id) const;

  void on_quote(const market::Quote& quote) override;
  void on_trade(const market::Trade& trade) override;
  void on_bar(const market::Bar& bar) override;
  void on_session_phase(const market::SessionPhase& phase) override;
  void on_provider_status(const market::ProviderStatus&) override {}
  void on_trading_status(const market::TradingStatus& status) override;
  void on_corporate_action(const market::CorporateAction& action) override;

 private:
  Parts parts_;
  PriceBoard prices_;
  Account::Listener listener_;
  Account::Listener watcher_;
  std::vector<std::unique_ptr<Account>> accounts_;
  core::Timestamp last_minute_ = core::Timestamp::min();
};

}  // namespace st0ck::app::exchange
