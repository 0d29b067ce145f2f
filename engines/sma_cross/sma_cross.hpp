#pragma once

#include "engines/sma_cross/crossing.hpp"
#include "engines/sma_cross/plan.hpp"
#include "engines/sma_cross/settings.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/kernel/engine.hpp"
#include "st0ck/kernel/retry_pause.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace st0ck::engines::sma_cross {

/// Enters where the fast average of the closes crosses the slow one, and leaves by target or stop.
///
/// Never a second entry while a position is held or an order may still fill. A position that
/// nothing protects, whatever took its exits away, is given a target and a stop that cancel each
/// other. The README has the rules.
class SmaCross : public kernel::Engine {
 public:
  SmaCross(Settings settings, core::InstrumentId instrument);

  std::vector<market::DataNeed> needs() const override;
  void on_session_phase(kernel::EngineContext& context, const market::SessionPhase& phase) override;
  void on_bar(kernel::EngineContext& context, const market::Bar& bar) override;
  void on_corporate_action(kernel::EngineContext& context,
                           const market::CorporateAction& action) override;
  void on_order(kernel::EngineContext& context, const kernel::OrderNews& news) override;
  void on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) override;

 private:
  struct OpenOrder {
    core::ClientOrderId id;
    trading::Purpose purpose = trading::Purpose::Entry;
  };

  void prepare(kernel::EngineContext& context, const core::Session& session);
  void enter_at_open(kernel::EngineContext& context);
  bool counts(const market::Bar& bar) const;
  bool may_enter(const kernel::EngineContext& context) const;
  void enter(kernel::EngineContext& context, const trading::OrderRequest& entry, core::Price close);
  bool send_entry(kernel::EngineContext& context, const trading::OrderRequest& entry,
                  ExitStyle style);
  void follow_market(kernel::EngineContext& context);
  void remember(const trading::GroupIds& ids);
  void follow(const trading::Order& order);
  void note_rejection(kernel::EngineContext& context, const trading::Order& order);
  bool needs_pause(const trading::Order& order, trading::OrderUpdateKind kind) const;
  void cancel_all(kernel::EngineContext& context, const core::Code& reason);
  void cancel_old_entry(kernel::EngineContext& context);
  const OpenOrder* open_entry() const;
  void settle(kernel::EngineContext& context);
  void protect(kernel::EngineContext& context, core::Quantity position);
  void leave(kernel::EngineContext& context, core::Quantity position);
  std::optional<core::ClientOrderId> send_exit(kernel::EngineContext& context,
                                               const trading::OrderRequest& request);
  void warn_of_refusal(kernel::EngineContext& context, const trading::Refused& refused);
  void pause_retries(kernel::EngineContext& context);
  Levels levels(const kernel::EngineContext& context) const;
  core::Quantity held(const kernel::EngineContext& context) const;
  kernel::Inputs inputs() const;

  Settings settings_;
  core::InstrumentId instrument_;
  Crossing crossing_;
  std::optional<core::Session> session_;
  core::Price close_;                   ///< Of the last bar that counted.
  std::vector<OpenOrder> open_orders_;  ///< All of this bot's that may still fill.
  std::optional<Levels> levels_;        ///< Of the last entry; absent where the price paid decides.
  std::optional<core::ClientOrderId>
      flat_order_;               ///< The last one that left a position by the close.
  std::size_t entries_ = 0;      ///< Sent so far; says whose turn it is.
  bool is_entry_alone_ = false;  ///< The open entry has no exits of its own.
  /// The terms of an open limit entry that may follow the market.
  std::optional<trading::OrderRequest> following_;
  bool is_leaving_ = false;          ///< The session's time to be flat has come.
  bool is_flat_refused_ = false;     ///< The order that would leave was just turned down.
  bool is_auction_refused_ = false;  ///< By the closing auction, in this session.
  core::Timestamp entry_until_{};
  kernel::RetryPause retry_pause_;
};

}  // namespace st0ck::engines::sma_cross
