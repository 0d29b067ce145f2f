#pragma once

#include "src/app/exchange/faults/order_faults.hpp"
#include "src/app/exchange/holdings.hpp"
#include "src/app/exchange/identifiers.hpp"
#include "src/app/exchange/order_record.hpp"
#include "src/app/exchange/price_board.hpp"
#include "st0ck/adapters/alpaca/wire/trading/account.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/scheduler.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace st0ck::app::exchange {

template <typename T>
using Answer = tl::expected<T, alpaca::ApiError>;

/// A refusal with a code of the interface; its first three digits are the HTTP status.
alpaca::ApiError refusal(std::uint64_t code, std::string message);

struct OrderDeskSettings {
  std::uint32_t leverage = 2;
  std::size_t orders_kept = 20'000;  ///< The oldest finished ones are forgotten beyond.
  adapters::sim::MatchingSettings matching{};
};

/// The orders of one account: what may be entered, how each lives, and what groups do.
///
/// An order is told `pending_new` and goes to the matching engine a moment later, or waits as
/// `accepted` for the open. Groups are kept here: exits go to the engine when the entry has filled
/// completely, one cancels the other, and a partly filled exit shrinks its sibling.
class OrderDesk final : private trading::OrderUpdateSink {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    const PriceBoard& prices;
    Holdings& holdings;
    Identifiers& identifiers;
    std::function<std::string(core::Timestamp)> activity_id;
    const alpaca::AccountConfiguration& configuration;
    std::function<void(const alpaca::TradeUpdate&)> on_update;  ///< What the stream is told.
    OrderFaults& faults = OrderFaults::none();
  };

  /// The parts outlive the desk.
  OrderDesk(Parts parts, const OrderDeskSettings& settings, core::Money cash);
  ~OrderDesk() override;
  OrderDesk(const OrderDesk&) = delete;
  OrderDesk& operator=(const OrderDesk&) = delete;

  Answer<const OrderRecord*> submit(const alpaca::NewOrder& body);
  Answer<const OrderRecord*> replace(std::string_view id, const alpaca::ReplaceOrder& body);
  Answer<void> cancel(std::string_view id);

  /// What a cancel of every open order did to each.
  std::vector<alpaca::BulkResult> cancel_all();
  void cancel_all_of(core::InstrumentId instrument);

  const OrderRecord* find(std::string_view id) const;
  const OrderRecord* find_by_client_id(std::string_view client_order_id) const;

  /// By number, the oldest first.
  const std::map<std::uint64_t, std::unique_ptr<OrderRecord>>& orders() const { return orders_; }

  /// As it is told; with the legs of its group in it.
  alpaca::Order tell(const OrderRecord& order) const;

  /// What a position is not free for other closing orders, and whose fault that is.
  struct Held {
    core::Quantity quantity;
    std::vector<std::string> orders;
  };
  Held held_of(core::InstrumentId instrument) const;

  core::Money buying_power() const;

  // The market goes by, each event before it is published.
  void on_quote(const market::Quote& quote);
  void on_trade(const market::Trade& trade);
  void on_session_phase(const market::SessionPhase& phase);
  void on_trading_status(const market::TradingStatus& status);
  void on_corporate_action(const market::CorporateAction& action);

 private:
  using Verdict = std::optional<alpaca::ApiError>;

  // What speaks against an order: order_checks.cpp.
  Verdict check_account(const OrderRecord& order) const;
  Verdict check_time(const OrderRecord& order) const;
  Verdict check_client_id(const std::optional<std::string>& id) const;
  Verdict check_exits(const alpaca::NewOrder& body, const OrderRecord& order) const;
  Verdict check_intent(const OrderRecord& order, std::optional<alpaca::PositionIntent> asked) const;
  Verdict check_quantity(const OrderRecord& order, const OrderRecord* replaced) const;
  Verdict check_short(const OrderRecord& order) const;
  Verdict check_wash(const OrderRecord& order, const OrderRecord* replaced) const;
  Verdict check_funds(const OrderRecord& order, const OrderRecord* replaced) const;
  Verdict check(const OrderRecord& order, const OrderRecord* replaced) const;
  bool opens(const OrderRecord& order) const;
  alpaca::PositionIntent intent_of(const OrderRecord& order) const;
  core::Quantity closable(const OrderRecord& order) const;
  core::Money reserved(const OrderRecord& order) const;
  core::Money reserved_by_all(const OrderRecord* but) const;
  core::Price estimate_of(const OrderRecord& order) const;

  Answer<std::unique_ptr<OrderRecord>> record_of(const alpaca::NewOrder& body);
  std::unique_ptr<OrderRecord> new_record(core::InstrumentId instrument);
  OrderRecord& keep(std::unique_ptr<OrderRecord> order);
  void add_legs(OrderRecord& head, const alpaca::NewOrder& body);
  void add_leg(OrderRecord& head, trading::GroupRole role, trading::OrderType type,
               std::optional<core::Price> limit, std::optional<core::Price> stop);
  Verdict check_replace(const OrderRecord& order, const alpaca::ReplaceOrder& body) const;
  void take_place(OrderRecord& old, OrderRecord& replacement);
  void forget_oldest();

  // How orders live: order_life.cpp.
  void route_later();
  void route();
  void route(OrderRecord& order);
  void enter(OrderRecord& order);
  void amend(OrderRecord& order);
  trading::OrderTerms terms_of(const OrderRecord& order) const;
  void on_order_update(const trading::OrderUpdate& update) override;
  void drain();
  void apply(const trading::OrderUpdate& update);
  void accept(OrderRecord& order);
  void take_fill(OrderRecord& order, core::Quantity quantity, core::Price price, core::Money fee,
                 core::Timestamp time);
  void fill(OrderRecord& order, core::Quantity quantity, core::Price price, core::Money fee,
            core::Timestamp time);
  void finish(OrderRecord& order, alpaca::OrderStatus status, alpaca::TradeEvent event);
  void withdraw(OrderRecord& order, alpaca::OrderStatus status, alpaca::TradeEvent event);
  // Orders that fill in pieces: order_pieces.cpp.
  void fill_by_rule(OrderRecord& order, const trading::OrderUpdate& fill);
  void fill_next_piece();
  void fill_pieces_of(OrderRecord& order);
  bool has_pieces(const OrderRecord& order) const;
  void wait_for_piece();

  core::Timestamp told(core::Timestamp time) const { return time + parts_.faults.clock_offset(); }
  core::Timestamp told_now() const { return told(parts_.clock.now()); }
  void refuse_cancel_later(const std::string& id);
  const OrderRecord* refuse_replace_later(const OrderRecord& old,
                                          std::unique_ptr<OrderRecord> replacement);
  void add_fee(const OrderRecord& order, core::Money fee, core::Timestamp time);
  void after_fill(OrderRecord& order);
  void after_end(OrderRecord& order);
  void shrink_sibling(OrderRecord& order);
  static OrderRecord* sibling_of(OrderRecord& order);
  void start_extended(OrderRecord& order, const market::Quote& quote);
  void expire_old(core::Timestamp close);
  void trail(OrderRecord& order, core::Price price);
  void trigger(OrderRecord& order);
  void publish(OrderRecord& order, alpaca::TradeEvent event, alpaca::TradeUpdate update = {});
  OrderRecord* find_mutable(std::string_view id);
  OrderRecord* find_working(const core::ClientOrderId& engine_id);

  Parts parts_;
  OrderDeskSettings settings_;
  adapters::sim::MatchingEngine engine_;
  std::map<std::uint64_t, std::unique_ptr<OrderRecord>> orders_;
  std::map<std::uint64_t, OrderRecord*> open_;  ///< Those that are not final, by number.
  std::unordered_map<std::string, OrderRecord*> by_id_;
  std::unordered_map<std::string, OrderRecord*> by_client_id_;
  std::unordered_map<core::ClientOrderId, OrderRecord*> by_engine_id_;  ///< Working ones.
  std::vector<trading::OrderUpdate> updates_;  ///< Said within a call to the engine.
  std::optional<net::TaskId> route_task_;
  /// What the engine has filled and nobody was told yet.
  struct Piece {
    std::uint64_t number = 0;  ///< Of the order.
    core::Quantity quantity;
    core::Price price;
    core::Money fee;
    core::Duration due{};  ///< By the scheduler.
  };
  std::deque<Piece> pieces_;  ///< By when they are due.
  net::TaskId piece_task_{};
  std::uint64_t last_number_ = 0;
  std::uint64_t last_engine_id_ = 0;
  bool is_draining_ = false;
  net::CallbackGuard guard_;
};

}  // namespace st0ck::app::exchange
