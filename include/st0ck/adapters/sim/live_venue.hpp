#pragma once

#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/market/data_source.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace st0ck::adapters::sim {

/// A simulated broker on somebody else's live market: every event meets the orders first and goes
/// on to the kernel when what it caused has been handled, as in TickMarket.
///
/// It stands before the kernel as a sink; as a source it has the messages of the order line, which
/// arrive by the clock. Bars are the provider's own.
///
/// A feed need not carry a stock's opening print, and a run may begin after it: five minutes after
/// the open quotes are traded against all the same.
class LiveVenue final : public market::EventSink, public market::DataSource {
 public:
  struct Parts {
    MatchingEngine& engine;
    OrderLine& line;
    market::EventSink& kernel;
    std::function<void()> drain;  ///< Has the kernel handle what the engine has said.
  };

  /// All outlives the venue.
  explicit LiveVenue(Parts parts);

  /// Goes on where a process before this one has ended, with its account: `last` is the last phase
  /// that it told, and is not told again. The orders that worked there are gone.
  void resume(const std::optional<market::SessionPhase>& last, BrokerAccount account);

  void on_quote(const market::Quote& quote) override;
  void on_trade(const market::Trade& trade) override;
  void on_bar(const market::Bar& bar) override { parts_.kernel.on_bar(bar); }
  void on_session_phase(const market::SessionPhase& phase) override;
  void on_provider_status(const market::ProviderStatus& status) override {
    parts_.kernel.on_provider_status(status);
  }
  void on_trading_status(const market::TradingStatus& status) override;
  void on_corporate_action(const market::CorporateAction& action) override;

  std::optional<core::Timestamp> next_time() const override { return parts_.line.next_due(); }
  core::Status step(market::EventSink&) override;

 private:
  static constexpr core::Duration kOpeningMax = std::chrono::minutes{5};

  void open(const core::Session& session);

  Parts parts_;
  std::optional<core::Timestamp> opened_by_{};  ///< In a session: from when every market is open.
};

}  // namespace st0ck::adapters::sim
