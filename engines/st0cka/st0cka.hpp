#pragma once

#include "engines/st0cka/rules.hpp"
#include "engines/st0cka/settings.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/kernel/engine.hpp"

#include <optional>
#include <vector>

namespace st0ck::engines::st0cka {

/// Buys one share in the morning and sells it for a cent more, or in time (spec st0ck 3.1).
///
/// One buy a session at most. A market sell goes out only when no limit of ours can fill any
/// more. A share that is still held when a session ends is taken over into the next.
class St0cka : public kernel::Engine {
 public:
  St0cka(Settings settings, core::InstrumentId instrument);

  std::vector<market::DataNeed> needs() const override;
  void on_session_phase(kernel::EngineContext& context, const market::SessionPhase& phase) override;
  void on_quote(kernel::EngineContext& context, const market::Quote& quote) override;
  void on_order(kernel::EngineContext& context, const kernel::OrderNews& news) override;
  void on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) override;

  State state() const { return state_; }

 private:
  void begin_session(kernel::EngineContext& context, const core::Session& session);
  void evaluate(kernel::EngineContext& context);
  void note_waiting(kernel::EngineContext& context);
  void perform(kernel::EngineContext& context, Action action);
  void buy(kernel::EngineContext& context);
  void cancel_buy(kernel::EngineContext& context);
  void place_limit(kernel::EngineContext& context);
  void begin_exit(kernel::EngineContext& context, const core::Code& reason);
  void continue_exit(kernel::EngineContext& context);
  trading::OrderRequest sell_request(const kernel::EngineContext& context,
                                     const core::Code& reason) const;
  std::optional<core::ClientOrderId> send_exit(kernel::EngineContext& context,
                                               const trading::OrderRequest& request);
  void on_buy_news(kernel::EngineContext& context, const kernel::OrderNews& news);
  void on_limit_news(kernel::EngineContext& context, const kernel::OrderNews& news);
  void on_exit_news(kernel::EngineContext& context, const kernel::OrderNews& news);
  void on_late_fill(kernel::EngineContext& context);
  void notice_lost_cancel(kernel::EngineContext& context, const trading::Order& order);
  void warn_of_end(kernel::EngineContext& context, const kernel::OrderNews& news);
  bool finish_when_sold(kernel::EngineContext& context);
  void move_to(kernel::EngineContext& context, State state);
  void pause_retries(kernel::EngineContext& context);
  bool is_paused(const kernel::EngineContext& context) const;
  Facts facts(const kernel::EngineContext& context) const;
  kernel::Inputs inputs(const kernel::EngineContext& context) const;
  core::Quantity held(const kernel::EngineContext& context) const;

  Settings settings_;
  core::InstrumentId instrument_;
  State state_ = State::Idle;
  std::optional<Timetable> timetable_;
  // The orders that may still fill. At most one sell is open: an exit waits for the limit's end.
  std::optional<core::ClientOrderId> buy_order_;
  std::optional<core::ClientOrderId> limit_order_;
  std::optional<core::ClientOrderId> exit_order_;  ///< The sell at the market.
  core::Code exit_reason_;
  bool is_cancel_sent_ = false;  ///< Of the open buy or limit.
  core::Timestamp retry_at_{};
};

}  // namespace st0ck::engines::st0cka
