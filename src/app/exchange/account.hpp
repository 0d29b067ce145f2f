#pragma once

#include "src/app/exchange/equity_log.hpp"
#include "src/app/exchange/holdings.hpp"
#include "src/app/exchange/identifiers.hpp"
#include "src/app/exchange/order_desk.hpp"
#include "src/app/exchange/price_board.hpp"
#include "src/app/exchange/watchlists.hpp"
#include "st0ck/adapters/alpaca/wire/trading/account.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace st0ck::app::exchange {

struct AccountSettings {
  std::string key = "test";
  std::string secret = "test";
  core::Money cash = core::Money::whole(100'000);
  std::uint32_t leverage = 2;  ///< 1 cash, 2 margin by Regulation T, 4 day trader.
  std::uint64_t seed = 1;      ///< Of its ids.
  /// Which run of the exchange this is; one other than 0 makes ids that no other run has made. The
  /// account's own id is that of its seed in all of them.
  std::uint64_t run = 0;
  OrderDeskSettings desk{};
};

/// One account of the exchange, from its keys to its positions.
class Account {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    const PriceBoard& prices;
    OrderFaults& faults = OrderFaults::none();
  };
  using Listener = std::function<void(Account& account, const alpaca::TradeUpdate& update)>;

  /// The parts outlive the account. `listener` is told every event of an order, in order.
  Account(Parts parts, const AccountSettings& settings, Listener listener);

  const std::string& key() const { return settings_.key; }
  bool is_secret(const std::string& secret) const { return secret == settings_.secret; }
  const std::string& id() const { return id_; }

  /// The account as it is told.
  alpaca::Account tell() const;
  std::optional<alpaca::Position> tell_position(core::InstrumentId instrument) const;

  OrderDesk& desk() { return desk_; }
  const OrderDesk& desk() const { return desk_; }
  const Holdings& holdings() const { return holdings_; }
  const EquityLog& equity() const { return equity_; }
  Watchlists& watchlists() { return watchlists_; }
  alpaca::AccountConfiguration& configuration() { return configuration_; }

  /// A new id of anything that belongs to the account.
  std::string next_id() { return identifiers_.next(); }

  // The market goes by; prices know of each event already.
  void on_quote(const market::Quote& quote) { desk_.on_quote(quote); }
  void on_trade(const market::Trade& trade) { desk_.on_trade(trade); }
  void on_minute(core::Timestamp end);
  void on_session_phase(const market::SessionPhase& phase);
  void on_trading_status(const market::TradingStatus& status) { desk_.on_trading_status(status); }
  void on_corporate_action(const market::CorporateAction& action);

 private:
  std::string next_activity_id(core::Timestamp time);

  Parts parts_;
  AccountSettings settings_;
  Identifiers identifiers_;
  std::string id_;
  std::optional<core::Timestamp> created_;  ///< As the first session of the tape begins.
  alpaca::AccountConfiguration configuration_;
  Holdings holdings_;
  OrderDesk desk_;
  Watchlists watchlists_;
  EquityLog equity_;
};

}  // namespace st0ck::app::exchange
