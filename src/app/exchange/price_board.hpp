#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace st0ck::app::exchange {

/// What orders and accounts need to know of the market: last prices, yesterday's closes, who is
/// halted, what was announced. Fed with every event of the market, history included.
class PriceBoard final : public market::EventSink {
 public:
  explicit PriceBoard(const market::InstrumentTable& instruments) : rows_(instruments.size()) {}

  void on_quote(const market::Quote& quote) override;
  void on_trade(const market::Trade& trade) override;
  void on_bar(const market::Bar&) override {}
  void on_session_phase(const market::SessionPhase& phase) override;
  void on_provider_status(const market::ProviderStatus&) override {}
  void on_trading_status(const market::TradingStatus& status) override;
  void on_corporate_action(const market::CorporateAction& action) override;

  std::optional<market::Quote> quote(core::InstrumentId instrument) const;
  std::optional<core::Price> last(core::InstrumentId instrument) const;

  /// Of the session before the one that runs or is to come.
  std::optional<core::Price> previous_close(core::InstrumentId instrument) const;
  bool is_halted(core::InstrumentId instrument) const;

  /// What an order would pay or get now: the other side of the quote, else the last price.
  std::optional<core::Price> touch(core::InstrumentId instrument, bool buys) const;

  bool is_open() const { return is_open_; }
  /// The session that runs, or the last one that did.
  const std::optional<core::Session>& session() const { return session_; }
  const std::vector<market::CorporateAction>& actions() const { return actions_; }

 private:
  struct Row {
    std::optional<market::Quote> quote;
    std::optional<core::Price> last;
    std::optional<core::Price> previous_close;
    bool is_halted = false;
  };

  static constexpr std::size_t kActionsMax = 1000;

  const Row* find(core::InstrumentId instrument) const;
  void carry_out(const market::CorporateAction& split);

  std::vector<Row> rows_;
  std::vector<market::CorporateAction> actions_;  ///< The newest last.
  std::vector<market::CorporateAction> splits_;   ///< Announced for a session to come.
  std::optional<core::Session> session_;
  bool is_open_ = false;
};

}  // namespace st0ck::app::exchange
