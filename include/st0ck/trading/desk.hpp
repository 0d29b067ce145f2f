#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timers.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/market_data.hpp"
#include "st0ck/trading/account_limits.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/desk_port.hpp"
#include "st0ck/trading/equity_mark.hpp"
#include "st0ck/trading/group_request.hpp"
#include "st0ck/trading/ledger.hpp"
#include "st0ck/trading/ledger_entry.hpp"
#include "st0ck/trading/lost_exit.hpp"
#include "st0ck/trading/order_manager.hpp"
#include "st0ck/trading/order_request.hpp"
#include "st0ck/trading/protection_meter.hpp"
#include "st0ck/trading/reconciliation.hpp"
#include "st0ck/trading/risk_manager.hpp"
#include "st0ck/trading/settlement.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

namespace st0ck::trading {

/// A bot's session so far.
struct BotDay {
  core::Money realized_pnl;  ///< Since the session began, before fees.
  core::Money fees;
  core::Money carry;                          ///< Dividends and borrow fees.
  std::optional<core::Money> unrealized_pnl;  ///< Of all that is open; absent without a mark.
  core::Money carried_pnl;                    ///< What was unrealised when the session began.
  std::uint32_t orders = 0;
  std::uint32_t fills = 0;
  std::uint32_t trades = 0;
  std::uint32_t losing_days = 0;  ///< In a row, before this session.
  bool halted = false;

  /// Realised less fees plus carry plus open, less what was open already: what this session
  /// changed.
  std::optional<core::Money> pnl() const;
};

/// Hears of everything that the desk does, in order and before anybody acts on it: this is where
/// the journal is written.
class DeskObserver {
 public:
  virtual ~DeskObserver() = default;

  /// The risk manager has spoken; `refusal` is empty when the order passed.
  virtual void on_reviewed(const OrderIntent& intent, const RiskReadings& readings,
                           std::optional<core::Code> refusal) = 0;
  virtual void on_cancel(const Order& order, const core::Code& reason) = 0;
  virtual void on_replace(const Order& order, const ReplaceIntent& replace,
                          std::optional<core::Code> refusal) = 0;
  virtual void on_order(const Order& order) = 0;
  /// The desk has ended an order without a word of the broker (one that was armed, one that was
  /// given up): its bot is to hear of it as if the broker had said so.
  virtual void on_ended_here(const Order&, OrderUpdateKind) {}
  virtual void on_fill(const Fill& fill) = 0;
  virtual void on_position(const Position& position) = 0;
  virtual void on_round_trip(const TradeRecord& trade) = 0;
  virtual void on_bot_day(const core::BotId& bot, const core::EngineName& engine,
                          const core::Session& session, const BotDay& day, core::Money cash) = 0;
  /// A halt of a bot, or of all for an empty name, began or was taken back.
  virtual void on_halt(const core::BotId& bot, bool is_halted, std::string_view code,
                       std::string_view reason) = 0;
  virtual void on_ledger_entry(const LedgerEntry& entry) = 0;
  /// What the account is worth, after a session and at the end of a run.
  virtual void on_equity_mark(const EquityMark&) {}
  virtual void on_risk_event(const core::BotId& bot, std::string_view code,
                             std::string_view message) = 0;
};

class GroupKeeper;
class UnknownOrders;
class Closings;
class LossRate;
class OrderPacer;

/// Where orders are made, checked, sent and accounted for, for all bots of one account.
///
/// Core thread only. Every change is told to the observer before it leaves the process.
class Desk : private DeskPort {
 public:
  /// What the desk stands on; all outlive it.
  struct Parts {
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    const market::MarketData& market;
    Broker& broker;
    DeskObserver& observer;
    core::Timers& timers;  ///< The desk's own; they come back by `on_timer`.
    /// Takes order updates that the desk itself causes, which it is to be given by `apply` before
    /// the broker's next; needed only where the account's pace is bound.
    OrderUpdateSink* answers = nullptr;
  };

  Desk(const Parts& parts, core::AccountId account, core::Money cash);
  ~Desk() override;

  void add_bot(const core::BotId& bot, const core::EngineName& engine, const RiskLimits& limits);

  /// What holds for the whole account; before the first order.
  void limit_account(const AccountLimits& limits);

  /// Sends an order if the risk manager lets it: its client order id, or why not.
  std::variant<core::ClientOrderId, Refused> submit(const core::BotId& bot,
                                                    const OrderRequest& request);

  /// Sends a group if the risk manager lets every order of it pass.
  std::variant<GroupIds, Refused> submit_group(const core::BotId& bot, const GroupRequest& request);

  /// Asks the broker to cancel; false when there is nothing to cancel (finished, not the bot's, or
  /// a cancel is under way).
  bool cancel(const core::BotId& bot, const core::ClientOrderId& order, const core::Code& reason);

  /// Asks the broker for new terms; the code of the refusal when they may not be.
  std::optional<core::Code> replace(const core::BotId& bot, const ReplaceIntent& replace);

  OrderManager::Applied apply(const OrderUpdate& update);

  /// The market data of an instrument have changed: stops and targets that are armed here look.
  void on_market(core::InstrumentId instrument);

  /// Cancels what the bot (all bots for an empty name) has at work in the instrument, then closes
  /// its position at the market; no entry of it passes until that is done.
  void close(const core::BotId& bot, core::InstrumentId instrument, const core::Code& reason);

  /// The same for every instrument.
  void flatten(const core::BotId& bot, const core::Code& reason);

  /// One of the desk's timers has come due.
  void on_timer(std::uint32_t topic);

  void open_session(const core::Session& session);
  void close_session();

  /// Ends the day of the last session where New York's midnight has passed since: what comes now
  /// belongs to the next. To be called before marks change without a session.
  void begin_day_if_over();

  /// Stops the entries of a bot, or of all for an empty name; exits go on.
  void halt(const core::BotId& bot, std::string_view code, std::string_view message);

  /// A process of a run at a broker begins: client order ids carry `mark` from now on, and leave
  /// out those that an earlier process may have used without a record that is left.
  void begin_process(const core::RunMark& mark);
  /// Empty before the first.
  const core::RunMark& run_mark() const { return mark_; }

  /// Takes an exit into the books that the broker has and they do not, or have as armed only, or as
  /// ended unsent; of a bot that is known. It is looked up. What protects a position goes on; any
  /// other is cancelled.
  void adopt(const LostExit& lost);

  /// Takes a halt back, and with it a stop by losing sessions; false when there was none.
  bool resume(const core::BotId& bot, std::string_view reason);

  /// Whether a data provider or broker says that it is degraded or down; entries wait meanwhile.
  void note_feed(bool is_degraded) { is_feed_degraded_ = is_degraded; }

  /// Everything that the broker's account and our books do not have in common now. An exit asks for
  /// no more than what is there.
  void note_differences(const Reconciliation& now);

  /// Applies a corporate action, due now, to positions and to the orders that are kept here, as
  /// docs/ledger.md tells. The market data's marks are ex already. The broker adjusts or cancels
  /// what rests with it, and says so.
  void on_corporate_action(const market::CorporateAction& action);

  /// Whether anybody holds or works orders in an instrument.
  bool is_involved(core::InstrumentId instrument) const;

  /// Tells the observer what the account is worth now.
  void mark_equity();

  /// Cash and what the open positions are worth; nothing while one has no mark.
  std::optional<core::Money> equity() const;
  /// The highest that it was; nothing before it was first known.
  const std::optional<core::Money>& equity_peak() const { return equity_peak_; }

  /// Whether the entries of all bots are stopped.
  bool is_halted() const { return is_halted_; }
  /// Whether those of one bot are, by a halt of its own.
  bool is_halted(const core::BotId& bot) const { return state_of(bot).halted; }
  bool knows(const core::BotId& bot) const;

  /// Cancels an order of any bot; false when there is nothing to cancel.
  bool cancel(const core::ClientOrderId& order, const core::Code& reason);

  BotDay day(const core::BotId& bot) const;
  /// In the order of their adding.
  std::vector<core::BotId> bots() const;
  /// Of which New York day the figures of `day` are; nothing before the first session.
  std::optional<core::Date> date_of_day() const;
  /// What the checks that look at no order in particular would say to an entry of the bot now;
  /// nothing of the desk changes by it.
  RiskReadings standing_readings(const core::BotId& bot) const;
  core::Quantity position(const core::BotId& bot, core::InstrumentId instrument) const;
  const Position* find_position(const core::BotId& bot, core::InstrumentId instrument) const;
  const Ledger& ledger() const { return ledger_; }
  const OrderManager& orders() const { return orders_; }
  const core::AccountId& account() const { return account_; }

  /// How long groups were without a stop.
  const ProtectionMeter& protection() const;
  /// The groups that are without one now.
  Unprotected unprotected() const;

  /// Positions that are being closed.
  std::size_t closings_under_way() const;

  /// Traded: every fill counts at once.
  core::Money cash() const { return cash_at_start_ + ledger_.cash_flow(); }

  /// What of it has settled by the day `date`.
  core::Money settled_cash(core::Date date) const { return cash() - settlements_.due_after(date); }
  const Settlements& settlements() const { return settlements_; }

 private:
  struct RecentEntry {
    core::Timestamp time;
    core::InstrumentId instrument;
    Side side = Side::Buy;
    OrderType type = OrderType::Market;
    OrderTerms terms;
  };

  struct BotState {
    core::BotId bot;
    core::EngineName engine;
    RiskLimits limits;
    core::Money realized_at_open;
    core::Money fees_at_open;
    core::Money carry_at_open;
    core::Money unrealized_at_open;
    std::uint32_t orders = 0;
    std::uint32_t fills = 0;
    std::uint32_t trades = 0;
    std::uint32_t losing_days = 0;
    std::uint32_t losing_days_at_open = 0;
    std::uint32_t losing_trades = 0;
    core::Date client_date{};     ///< Of the sequence; one date's client order ids never repeat.
    std::string client_prefix{};  ///< Of that date's ids.
    std::uint32_t client_sequence = 0;
    bool halted = false;
    std::deque<core::Timestamp> sent;        ///< Orders and replaces of the last minute.
    std::deque<RecentEntry> recent_entries;  ///< Within the duplicate window.
    std::vector<const Order*> entries_today;
    std::vector<const Order*> entries_ended_unfilled;  ///< Today's others.
  };

  BotState& state_of(const core::BotId& bot);
  const BotState& state_of(const core::BotId& bot) const;
  core::ClientOrderId next_client_order_id(BotState& state) const;
  std::string client_prefix(const BotState& state) const;
  void note_used(BotState& state, const core::ClientOrderId& id);
  void adopt_armed(const LostExit& lost);
  void adopt_ended(const LostExit& lost);
  void adopt_group(BotState& state, const LostExit& lost, const core::ClientOrderId& name);
  void adopt_alone(BotState& state, const LostExit& lost);
  void take_in_found(BotState& state, const OrderRequest& found, const core::ClientOrderId& id,
                     const GroupLink& group);
  void cancel_when_found(const core::ClientOrderId& id);
  void tell_recovered(const LostExit& lost, std::string_view what_now);
  void look_up_again(const core::ClientOrderId& id);
  OrderIntent intent_of(const BotState& state, const OrderRequest& request,
                        const core::ClientOrderId& id, const GroupLink& group) const;
  void fit_to_broker(OrderIntent& exit) const;
  void give_limit(OrderIntent& exit) const;
  std::variant<core::ClientOrderId, Refused> submit(BotState& state, const OrderIntent& intent);
  const Order& take_in(BotState& state, const Approved<OrderIntent>& approved, bool is_armed);
  static void count_entry(BotState& state, const Order& order);
  void count_again(const Order& order);
  std::variant<std::vector<Approved<OrderIntent>>, Refused> review_all(
      BotState& state, const std::vector<OrderIntent>& intents);
  std::optional<core::Code> replace(BotState& state, const Order& order,
                                    const ReplaceIntent& replace);
  std::optional<core::Code> amend_armed(const Order& order, const ReplaceIntent& replace);
  OrderManager::Applied apply_unasked_duplicate(const OrderUpdate& update);
  void handle_oddities(const OrderManager::Applied& applied);
  bool clear_way_of(const Order& exit, const core::Code& refusal);
  void note_equity();
  void watch_losses();
  void watch_losses(core::InstrumentId instrument);
  void stop_entry(const Order& order);
  void keep_back_entries(const core::BotId& bot);
  void add_account_facts(RiskFacts& facts, const Order* replaced) const;
  bool crosses_own_order(const RiskFacts& facts) const;
  bool is_in_session(const OrderIntent& intent, core::Timestamp now) const;
  void book_late_fee(const Order& order, core::Money fee);
  core::Quantity working(const OrderIntent& intent, Purpose purpose, const Order* except) const;
  RiskFacts facts_of(BotState& state, const OrderIntent& intent, const Order* replaced) const;
  core::Money reserved(const Order* except) const;
  std::optional<core::Money> equity_peak_with(const std::optional<core::Money>& equity) const;
  static std::uint32_t trades_today(const BotState& state, const Order* except);
  core::Money realized(const core::BotId& bot) const;
  core::Money fees(const core::BotId& bot) const;
  core::Money carry(const core::BotId& bot) const;
  std::optional<core::Money> unrealized(const core::BotId& bot) const;
  void remember(BotState& state, const OrderIntent& intent);
  static void forget(BotState& state, core::Timestamp now);
  void close_day(BotState& state);
  void begin_day();
  void count_trade(BotState& state, const TradeRecord* trade);
  void pay_dividend(const Position& position, const market::CorporateAction& action);
  void split_position(const Position& position, const market::CorporateAction& action);
  void close_out(const Position& position, core::Quantity quantity, core::Money amount,
                 LedgerEntryKind kind);
  void amend_armed_orders(const market::CorporateAction& action);
  void warn_of_options(const market::CorporateAction& split);
  void enter_in_ledger(const LedgerKey& key, LedgerEntryKind kind, core::Date date,
                       core::Quantity quantity, core::Money amount);
  void charge_borrow_fees();
  void charge_borrow_fee(const Position& position, const core::Session& session);
  core::Money borrow_fee_of(const Position& position, const core::Session& session) const;
  void expire_options();
  void expire(const market::Instrument& option);
  void book(const Fill& fill);

  core::Timestamp now() const override { return parts_.clock.now(); }
  const Order* find_order(const core::ClientOrderId& id) const override { return orders_.find(id); }
  core::Quantity position_of(const core::BotId& bot, core::InstrumentId instrument) const override {
    return position(bot, instrument);
  }
  using Holdings = std::map<core::InstrumentId, core::Quantity>;
  core::Quantity closable(core::InstrumentId instrument, Side exit_side, core::Quantity quantity,
                          const core::ClientOrderId& owner) const override;
  core::Quantity closable_of(const Holdings& holdings, const OrderIntent& exit) const;
  core::Quantity closable_of(const Holdings& holdings, core::InstrumentId instrument,
                             Side exit_side, core::Quantity quantity,
                             const core::ClientOrderId& owner) const;
  core::Quantity kept_for_others(core::InstrumentId instrument, Side exit_side,
                                 const core::ClientOrderId& owner) const;
  core::Quantity closable_again(const OrderIntent& exit) const;
  std::vector<const Order*> open_orders_of(const core::BotId& bot,
                                           core::InstrumentId instrument) const override;
  BrokerAbilities broker_abilities() const override { return parts_.broker.abilities(); }
  bool broker_may_hold(const std::vector<OrderRequest>& group) const override;
  bool is_trading(core::InstrumentId instrument) const override;
  bool is_closing(const core::BotId& bot, core::InstrumentId instrument) const override;
  std::variant<core::ClientOrderId, Refused> send_exit(const core::BotId& bot,
                                                       const OrderRequest& request,
                                                       const GroupLink& group,
                                                       const core::ClientOrderId& id) override;
  bool send_group(const core::BotId& bot, const std::vector<OrderRequest>& requests,
                  const std::vector<GroupLink>& links,
                  const std::vector<core::ClientOrderId>& ids) override;
  bool send_armed(const core::ClientOrderId& id, core::Quantity quantity) override;
  std::vector<const Order*> sent_with(const Order& order) const override;
  bool is_wanted(const Order& exit) const override;
  bool send_again(const Order& order) override;
  bool send_again(const std::vector<const Order*>& together);
  void look_up(const core::ClientOrderId& id) override;
  void give_up(const core::ClientOrderId& id, const core::Code& reason) override;
  bool cancel_order(const core::ClientOrderId& id, const core::Code& reason) override;
  bool resize_order(const core::ClientOrderId& id, core::Quantity quantity,
                    const core::Code& reason) override;
  core::TimerId wake_at(core::Timestamp time, Wake wake, std::uint32_t key) override;
  void cancel_wake(core::TimerId timer) override { parts_.timers.cancel_timer(timer); }
  void alarm(const core::BotId& bot, std::string_view code, std::string_view message) override {
    parts_.observer.on_risk_event(bot, code, message);
  }

  Parts parts_;
  core::AccountId account_;
  core::Money cash_at_start_;
  core::RunMark mark_;
  OrderManager orders_;
  Ledger ledger_;
  Settlements settlements_;
  std::vector<BotState> bots_;
  std::optional<core::Session> session_;
  std::optional<core::Session> closed_session_;  ///< The last one, until the next day begins.
  struct BorrowFee {
    LedgerKey position;
    core::Money amount;
  };
  std::vector<BorrowFee> borrow_fees_;  ///< Of the last close.
  bool has_begun_day_ = false;  ///< The figures that the next session begins with are noted.
  bool is_halted_ = false;
  bool is_feed_degraded_ = false;
  std::optional<core::Money> equity_peak_;
  std::unique_ptr<GroupKeeper> groups_;
  std::unique_ptr<UnknownOrders> unknown_orders_;
  std::unique_ptr<Closings> closings_;
  /// Where the broker took no exit at the market this session, as somebody else's order of the
  /// account would have met it.
  std::set<core::InstrumentId> market_exits_refused_;
  /// Positions of the broker's account that are not what our fills make.
  Holdings held_at_broker_;
  Holdings held_unproven_;  ///< Those that an order of unknown fate may have made smaller.
  std::unique_ptr<LossRate> loss_rate_;
  std::unique_ptr<OrderPacer> pacer_;
};

}  // namespace st0ck::trading
