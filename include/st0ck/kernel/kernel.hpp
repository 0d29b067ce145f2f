#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/timers.hpp"
#include "st0ck/kernel/difference_book.hpp"
#include "st0ck/kernel/engine.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/recorder.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/kernel/timer_queue.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/market_data.hpp"
#include "st0ck/trading/action_schedule.hpp"
#include "st0ck/trading/desk.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::kernel {

/// Puts all events into one total order, records them, and hands them to the engines.
///
/// One event at a time: it is given a sequence number and recorded, taken into the market data or
/// the ledger, then every engine that declared a need hears of it, then the order updates that
/// this caused are handled the same way, until nothing is left. Core thread only.
class Kernel : public market::EventSink, private trading::DeskObserver {
 public:
  /// What the kernel stands on; all outlive it.
  struct Parts {
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    trading::Broker& broker;
    OrderUpdateQueue& updates;  ///< Where the broker's answers come in.
    RecordSink* records;        ///< May be null: nothing is kept.
    core::Logger log;           ///< Hears of fills, trades and risks before their records are made.
  };

  Kernel(const Parts& parts, const core::AccountId& account, core::Money cash);
  ~Kernel() override;

  void add_bot(const BotIdentity& identity, std::unique_ptr<Engine> engine,
               const trading::RiskLimits& limits);

  /// What holds for the whole account; before the first event.
  void limit_account(const trading::AccountLimits& limits) { desk_.limit_account(limits); }

  /// Records what the run is made of; before the first event.
  void start(const RunStart& run);

  void on_quote(const market::Quote& quote) override;
  void on_trade(const market::Trade& trade) override;
  void on_bar(const market::Bar& bar) override;
  void on_session_phase(const market::SessionPhase& phase) override;
  void on_provider_status(const market::ProviderStatus& status) override;
  void on_trading_status(const market::TradingStatus& status) override;
  void on_corporate_action(const market::CorporateAction& action) override;
  void on_order_update(const trading::OrderUpdate& update);

  /// What became of an operator's command.
  struct CommandOutcome {
    bool is_accepted = false;
    std::string text;  ///< For the operator.
  };

  /// Carries out what a person has asked for; `docs/commands.md` says what each command does.
  CommandOutcome on_operator_command(const trading::OperatorCommand& command);

  /// The broker's account was compared with our books: all that differs now. Entries stop while a
  /// difference asks for it, and an order that is missing is proven; docs/adr/0027 has the rules.
  void on_reconciliation(const trading::Reconciliation& differences);

  /// The broker's account was read; recorded, no engine hears of it.
  void on_account_check(const AccountCheck& check);

  /// A process of a run at a broker begins, or goes on with what the one before has left; before
  /// its first order. Its client order ids carry the mark from then on.
  void on_process_start(const ProcessStart& start);

  /// Takes an exit of ours into the books whose record was lost, or the record of its sending.
  /// What it has filled a look-up tells. Passed over where its bot is not known here, or its order
  /// is known to have been sent.
  void on_lost_exit(const trading::LostExit& lost);

  /// The last session that closed, until its account check; nothing after that.
  std::optional<core::Date> unchecked_close() const { return unchecked_close_; }

  /// Handles what the broker has said since the last event.
  void drain() {
    if (!answers_.empty() || !parts_.updates.empty() || !ended_here_.empty()) handle_updates();
  }

  /// The newest record.
  core::Sequence last_sequence() const { return core::Sequence{recorder_.sequence()}; }

  std::optional<core::Timestamp> next_deadline() const { return timers_.next_deadline(); }

  /// Fires the next timer if it is due; false when none is.
  bool fire_due_timer();

  /// Records the end of the run and returns its figures.
  RunEnd finish();

  /// The figures so far.
  RunEnd figures() const;

  const market::MarketData& market() const { return market_; }
  const trading::Desk& desk() const { return desk_; }
  const trading::ActionSchedule& corporate_actions() const { return actions_; }
  /// Which of those who say how they are, providers and the broker, are degraded or down.
  std::span<const market::ProviderStatus> degraded_providers() const { return degraded_providers_; }
  bool is_degraded(const core::Code& provider) const;

  /// What differs between the broker's account and our books, as of the last reconciliation.
  const DifferenceBook& differences() const { return differences_; }

 private:
  class Bot;

  /// The desk's share of the kernel's timers.
  class DeskTimers : public core::Timers {
   public:
    explicit DeskTimers(TimerQueue& queue) : queue_{queue} {}
    core::TimerId set_timer(core::Timestamp deadline, std::uint32_t topic) override {
      return queue_.set(deadline, kDesk, topic);
    }
    void cancel_timer(core::TimerId timer) override { queue_.cancel(timer); }

    /// The number that is no bot's.
    static constexpr market::Subscriber kDesk = std::numeric_limits<market::Subscriber>::max();

   private:
    TimerQueue& queue_;
  };

  /// The time of the event under way, one for all that follows from it: on a live clock it would
  /// otherwise pass meanwhile, and a replay, whose clock moves from event to event, would see
  /// other times than the run did.
  class EventClock : public core::Clock {
   public:
    explicit EventClock(const core::Clock& source) : source_{source} {}
    core::Timestamp now() const override { return now_; }
    void begin_event() { now_ = source_.now(); }

   private:
    const core::Clock& source_;
    core::Timestamp now_{};
  };

  template <typename R>
  void record_input(RecordKind kind, const R& record);
  template <typename Handler>
  void guard(Bot& bot, Handler&& handler);
  void halt_failed(Bot& bot, std::string_view what);
  template <typename Handler>
  void tell(std::span<const market::Subscriber> subscribers, Handler&& handler);
  struct EndedHere;
  void tell(const EndedHere& ended);
  void handle_updates();
  void handle(const trading::OrderUpdate& update);
  void carry_out(const market::CorporateAction& action);
  void refuse(const market::CorporateAction& action, std::string_view code, std::string_view why);
  void heed(const market::ProviderStatus& status);
  void tell(const DifferenceBook::Change& change);
  void prove(const trading::Difference& missing);
  CommandOutcome carry_out(const trading::OperatorCommand& command);
  CommandOutcome resume(const trading::OperatorCommand& command, const std::string& who);
  Bot& bot_of(const core::BotId& id);
  Decision decision_of(const core::BotId& bot, const core::EngineName& engine,
                       core::InstrumentId instrument, DecisionKind kind,
                       const core::Code& code) const;
  Decision decision_of(const trading::OrderIntent& intent, DecisionKind kind,
                       const core::Code& code) const;

  void on_reviewed(const trading::OrderIntent& intent, const trading::RiskReadings& readings,
                   std::optional<core::Code> refusal) override;
  void on_cancel(const trading::Order& order, const core::Code& reason) override;
  void on_replace(const trading::Order& order, const trading::ReplaceIntent& replace,
                  std::optional<core::Code> refusal) override;
  void on_ended_here(const trading::Order& order, trading::OrderUpdateKind kind) override {
    ended_here_.push_back({order.intent.client_order_id, kind});
  }
  void on_order(const trading::Order& order) override;
  void on_fill(const trading::Fill& fill) override;
  void on_position(const trading::Position& position) override;
  void on_round_trip(const trading::TradeRecord& trade) override;
  void on_bot_day(const core::BotId& bot, const core::EngineName& engine,
                  const core::Session& session, const trading::BotDay& day,
                  core::Money cash) override;
  void on_halt(const core::BotId& bot, bool is_halted, std::string_view code,
               std::string_view reason) override;
  void on_ledger_entry(const trading::LedgerEntry& entry) override;
  void on_equity_mark(const trading::EquityMark& mark) override;
  void on_risk_event(const core::BotId& bot, std::string_view code,
                     std::string_view message) override;

  Parts parts_;
  EventClock clock_;
  Recorder recorder_;
  market::MarketData market_;
  TimerQueue timers_;
  DeskTimers desk_timers_{timers_};
  struct EndedHere {
    core::ClientOrderId order;
    trading::OrderUpdateKind kind;
  };
  std::deque<EndedHere> ended_here_;  ///< What bots are yet to hear of.
  OrderUpdateQueue answers_;          ///< What the desk says to orders that never left.
  trading::Desk desk_;
  trading::ActionSchedule actions_;
  std::vector<std::unique_ptr<Bot>> bots_;
  std::vector<market::ProviderStatus> degraded_providers_;
  DifferenceBook differences_;
  std::uint64_t sessions_ = 0;
  std::optional<core::Date> unchecked_close_;
  std::uint64_t orders_ = 0;
  std::uint64_t fills_ = 0;
  std::uint64_t trades_ = 0;
};

}  // namespace st0ck::kernel
