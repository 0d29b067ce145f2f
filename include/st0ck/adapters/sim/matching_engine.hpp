#pragma once

#include "st0ck/adapters/sim/broker_account.hpp"
#include "st0ck/adapters/sim/fill_rules.hpp"
#include "st0ck/adapters/sim/held_groups.hpp"
#include "st0ck/adapters/sim/instrument_orders.hpp"
#include "st0ck/adapters/sim/matching_settings.hpp"
#include "st0ck/adapters/sim/order_memory.hpp"
#include "st0ck/adapters/sim/tick_state.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/action_schedule.hpp"
#include "st0ck/trading/broker.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace st0ck::adapters::sim {

/// The largest order that is taken: far beyond any sense.
inline constexpr core::Quantity kOrderQuantityMax = core::Quantity::whole(1'000'000'000);

/// What an engine with these settings says of itself; a replay, which has none, needs it as well.
trading::BrokerAbilities abilities_of(const MatchingSettings& settings);

/// An exchange and broker made of bars or of ticks: it answers orders at once and fills them as
/// the market goes by. Its README names every rule.
///
/// On ticks, whoever plays them calls `follow_ticks` once, then `on_quote`, `on_trade` and
/// `on_trading_status` for each, before it is published. An order meets the quote of the moment
/// when it arrives.
///
/// On bars, whoever plays the bars calls, for each, `on_bar_open` at its start and `on_bar_stops`,
/// then `on_bar_limits` at its end, before the bar is published, and lets the order updates of one
/// call be handled before the next: so a strategy may cancel its target after its stop has
/// filled. An order takes part in every open after its arrival, and inside a bar only if it came
/// before the bar's end; so what a bar causes fills no earlier than the next open.
///
/// Deterministic: execution ids are counted, orders fill by instrument and arrival. Core thread
/// only. The sink must not handle an update inside the call, as its interface says.
class MatchingEngine : public trading::Broker {
 public:
  /// `settings` are valid. The references outlive the engine. `cash` is what the account begins
  /// with; it matters where orders are checked against buying power.
  MatchingEngine(const core::Clock& clock, const market::InstrumentTable& instruments,
                 const MatchingSettings& settings, trading::OrderUpdateSink& sink,
                 core::Money cash = {});

  void submit(const trading::Approved<trading::OrderIntent>& intent) override { enter(*intent); }
  trading::BrokerAbilities abilities() const override;
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override;
  void look_up(const core::ClientOrderId& order) override;
  void cancel(const core::ClientOrderId& order) override;
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    amend(*replace);
  }

  /// Takes an order from anybody, as an exchange does: the door of clients whose orders our risk
  /// manager has not seen. Answers Accepted, or Rejected with one of `DUPLICATE_ORDER`,
  /// `TOO_MANY_ORDERS`, `LEGS_UNSUPPORTED`, `UNKNOWN_INSTRUMENT`, `QUANTITY_TOO_LARGE`,
  /// `BAD_ORDER`, `TOO_LATE` (for the closing auction), `EXPIRED`, `HALTED` (at once or never),
  /// `NOT_SHORTABLE`, `SHORT_SALE_RESTRICTED` (the same under Rule 201), and what `DoorRules` ask.
  void enter(const trading::OrderIntent& intent);

  /// Changes an order's terms in one step; the order goes behind its equals and counts as new
  /// from now on, but keeps its fills and its session. Answers Replaced, or ReplaceRejected with
  /// `NOT_FOUND`, `ALREADY_FINAL`, `BAD_ORDER`, `QUANTITY_TOO_LARGE` or `QUANTITY_FILLED` (as
  /// much or more has filled; cancel the rest instead).
  void amend(const trading::ReplaceIntent& replace);

  void on_bar_open(const market::Bar& bar) {
    if (may_react_to_open(bar)) match_open(bar);
  }
  void on_bar_stops(const market::Bar& bar) {
    if (may_react_inside(bar)) match_inside(bar, &FillRules::stop_inside);
  }
  void on_bar_limits(const market::Bar& bar) {
    if (!may_react_inside(bar)) return;
    match_inside(bar, &FillRules::limit_inside);
    finish_bar(bar);
  }

  /// From now on orders meet ticks, not bars.
  void follow_ticks() { follows_ticks_ = true; }

  /// A quote meets what waits for one. A few ns where no order works.
  void on_quote(const market::Quote& quote);

  /// A print reaches stops, moves trailing stops, fills what rests at its price or beyond, and as
  /// an auction's print (conditions `O`, `5`, `6`) whatever may take part. Prints that are no last
  /// sale do nothing.
  void on_trade(const market::Trade& trade);
  void on_trading_status(const market::TradingStatus& status);

  /// Whether orders are checked against buying power, so that positions need prices.
  bool needs_marks() const { return settings_.refuses.leverage > 0; }

  /// The price of an instrument's position; ticks bring their own.
  void mark(core::InstrumentId instrument, core::Price price) { account_.mark(instrument, price); }

  /// A session has opened: its first open is its opening auction, its last close the closing one.
  void on_session_open(const core::Session& session) { session_ = session; }

  /// Trading in an instrument is under way, though its opening print was not seen: from its next
  /// quote on orders are matched, unless it is halted.
  void open_continuous(core::InstrumentId instrument) {
    tick_state(instrument).is_continuous = true;
  }

  /// The session that ends at `close` is over: its DAY orders expire (`DAY_END`), and IOC orders
  /// that saw no open are cancelled (`IOC`). An order accepted at `close` or later belongs to the
  /// next session.
  void on_session_close(core::Timestamp close);

  /// Hears of a corporate action, and of the Prepare phase of a session: both after the event was
  /// published, so that whoever keeps positions has adjusted them before orders are told of. It
  /// takes effect when `trading::ActionSchedule` says so. Resting orders are adjusted by
  /// `trading::terms_after` and told as Replaced (`SPLIT`, `EX_DIVIDEND`), keeping their place; a
  /// reverse split cancels them (`REVERSE_SPLIT`), as FINRA 5330 has it.
  void on_corporate_action(const market::CorporateAction& action);
  void on_session_prepare(const core::Session& session);

  bool has_working_orders(core::InstrumentId instrument) const {
    return instrument.value() < books_.size() && !books_[instrument.value()].empty();
  }

  /// Whether the phase can do anything to an order as they stand; false is certain. A few ns.
  bool may_react_to_open(const market::Bar& bar) const {
    const auto index = bar.instrument.value();
    return index < books_.size() && books_[index].may_react_to_open(bar);
  }
  bool may_react_inside(const market::Bar& bar) const {
    const auto index = bar.instrument.value();
    return index < books_.size() && books_[index].may_react_inside(bar);
  }

  /// Counts what was said to the sink: as long as it stands still, nothing has happened here.
  std::uint64_t updates_sent() const { return updates_sent_; }

  std::size_t working_orders() const { return memory_.working(); }

 private:
  static constexpr std::string_view kDuplicate = "DUPLICATE_ORDER";

  using InsideRule = Match (FillRules::*)(const WorkingOrder&, const market::Bar&) const;

  std::string_view reason_to_reject(const trading::OrderIntent& intent, bool is_in_group) const;
  std::string_view reason_to_reject_in(
      std::span<const trading::Approved<trading::OrderIntent>> group,
      const trading::OrderIntent& intent) const;
  std::string_view reason_by_market(const trading::OrderIntent& intent) const;
  std::string_view reason_by_account(const trading::OrderIntent& intent, bool is_in_group) const;
  bool opens_short(const trading::OrderIntent& intent) const;
  bool would_trade_with_itself(const trading::OrderIntent& intent) const;
  bool sells_what_is_held(const trading::OrderIntent& intent) const;
  core::Money needed_for(const market::Instrument& instrument, trading::Side side,
                         const trading::OrderTerms& terms) const;
  core::Money reserved_by_entries() const;

  TickState& tick_state(core::InstrumentId instrument);
  const TickState* known_tick_state(core::InstrumentId instrument) const;
  void arrive(core::InstrumentId instrument);
  void match_quote(InstrumentOrders& book, TickState& state);
  void meet_quote(InstrumentOrders& book, WorkingOrder& order, TickState& state);
  void take(InstrumentOrders& book, WorkingOrder& order, TickState& state);
  void fill_crossed(InstrumentOrders& book, WorkingOrder& order, TickState& state);
  std::optional<core::Price> resting_price(const WorkingOrder& order, const TickState& state) const;
  void find_place_in_queue(WorkingOrder& order, const TickState& state) const;
  core::Quantity allowed(const WorkingOrder& order, core::Price price,
                         const TickState& state) const;
  void reach_stops(InstrumentOrders& book, TickState& state, core::Price price);
  void fill_resting(InstrumentOrders& book, const TickState& state, const market::Trade& trade);
  void match_auction(InstrumentOrders& book, const TickState& state, const market::Trade& trade,
                     char auction);
  bool takes_part_in_auction(const WorkingOrder& order, char auction) const;
  bool is_in_session(core::Timestamp time) const {
    return session_ && session_->open <= time && time < session_->close;
  }
  InstrumentOrders& book_of(core::InstrumentId instrument);
  WorkingOrder* find_working(const core::ClientOrderId& id);

  void enter(const trading::OrderIntent& intent, std::uint32_t group);
  bool takes_part_in_open(const WorkingOrder& order, const market::Bar& bar) const;
  void end_immediate(WorkingOrder& order, core::Timestamp time);
  void finish_bar(const market::Bar& bar);
  bool waits_for_entry(const WorkingOrder& order) const;
  void after_group_fill(InstrumentOrders& book, const WorkingOrder& filled, core::Quantity quantity,
                        core::Timestamp time);
  void after_group_end(const WorkingOrder& ended, core::Timestamp time);
  void resize_exits(InstrumentOrders& book, std::uint32_t group, core::Timestamp time);
  void match_open(const market::Bar& bar);
  void match_inside(const market::Bar& bar, InsideRule rule);
  bool has_nothing_traded(const market::Bar& bar) const;
  void fill(InstrumentOrders& book, WorkingOrder& order, core::Price price, const market::Bar& bar);
  bool execute(InstrumentOrders& book, WorkingOrder& order, core::Price price,
               core::Quantity quantity, core::Timestamp time);
  core::Quantity open_quantity(const WorkingOrder& order) const;
  core::Quantity fillable(InstrumentOrders& book, const WorkingOrder& order,
                          const market::Bar& bar) const;
  void carry_out(const market::CorporateAction& action);
  core::Money fee_of(WorkingOrder& order, core::Quantity quantity, core::Money notional,
                     core::Timestamp time) const;
  void finish(WorkingOrder& order, trading::OrderUpdateKind kind, std::string_view code,
              core::Timestamp time);

  void refuse(const core::ClientOrderId& id, trading::OrderUpdateKind kind, std::string_view code);
  void report(const WorkingOrder& order, trading::OrderUpdateKind kind, std::string_view code,
              core::Timestamp time);
  void send(const trading::OrderUpdate& update);
  core::ExecutionId next_execution();

  const core::Clock& clock_;
  const market::InstrumentTable& instruments_;
  MatchingSettings settings_;
  FillRules rules_;
  trading::OrderUpdateSink& sink_;
  std::vector<InstrumentOrders> books_;  ///< By instrument.
  std::vector<TickState> ticks_;         ///< By instrument.
  OrderMemory memory_;
  BrokerAccount account_;
  HeldGroups groups_;
  trading::ActionSchedule actions_;
  std::optional<core::Session> session_;
  std::uint64_t executions_ = 0;
  std::uint64_t updates_sent_ = 0;
  bool is_matching_ = false;
  bool follows_ticks_ = false;
};

}  // namespace st0ck::adapters::sim
