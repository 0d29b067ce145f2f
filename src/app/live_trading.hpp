#pragma once

#include "src/app/account_watch.hpp"
#include "src/app/asset_watch.hpp"
#include "src/app/configuration.hpp"
#include "src/app/corporate_action_watch.hpp"
#include "src/app/drill_clock.hpp"
#include "src/app/entry_gate.hpp"
#include "src/app/intent_gate.hpp"
#include "src/app/live_parts.hpp"
#include "src/app/order_latencies.hpp"
#include "src/app/timed_broker.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/replay.hpp"
#include "st0ck/kernel/staged_clock.hpp"
#include "st0ck/market/session_schedule.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::app {

/// A live run between its records and its provider: the kernel, the gates before its broker, the
/// watches beside it, and the way from a journal to trading (docs/adr/0024). No files, no threads
/// and no loop, so that a campaign runs it in simulated time as the daemon does in real time.
///
/// Whoever owns it drains the kernel after each task of the scheduler, and steps `sources` and the
/// kernel's timers when they are due and `is_trading`. Core thread only.
class LiveTrading {
 public:
  struct Parts {
    Configuration& configuration;  ///< Its engines are taken.
    kernel::StagedClock& clock;
    net::Scheduler& scheduler;
    core::Logger log;
    kernel::OrderUpdateQueue& updates;
    OrderLatencies& latencies;
    LiveParts& provider;
    trading::Broker& broker;  ///< Whom orders reach behind the gates.
    kernel::RecordSink& sink;
    DurableRecords& records;  ///< The same.
    /// Called once when the run cannot begin.
    std::function<void(const core::Error&)> give_up;
    /// Of a run that begins now at a broker (`draw_run_mark`); one that goes on has its own.
    core::RunMark new_mark;
    /// Whose run it is, by the broker's own name; empty where any account will do.
    std::string broker_account{};
    /// Called once the clock tells the run's time, and not only that the run has begun.
    std::function<void()> on_time_known{};
    /// Called when orders may leave, before any does.
    std::function<void()> before_trading{};
    /// What the kernel tells, where that is not all in `log`.
    std::optional<core::Logger> kernel_log{};
    /// Makes what events of the market go to, where that is not the kernel itself.
    std::function<market::EventSink&(kernel::Kernel&)> make_market_sink{};
  };

  /// All outlives it.
  explicit LiveTrading(const Parts& parts);
  ~LiveTrading();
  LiveTrading(const LiveTrading&) = delete;
  LiveTrading& operator=(const LiveTrading&) = delete;

  /// Brings the kernel to where the process before this one stood; `last_made` as of
  /// kernel::catch_up.
  core::Status catch_up(kernel::JournalReader& journal,
                        const std::function<core::Result<core::Sequence>()>& last_made);

  /// The clock is the machine's from now on.
  void go_live();

  /// Reaches the provider and begins to trade; `give_up` hears where it cannot.
  void begin();

  /// Nothing is said to the provider any more.
  void stop();

  /// Nothing is decided before orders may leave.
  bool is_trading() const { return is_trading_; }

  /// Where an earlier process has left the run.
  const kernel::CaughtUp& caught_up() const { return caught_up_; }

  /// Where events of the market go.
  market::EventSink& market_sink() { return *market_sink_; }

  /// What has times of its own beside the streams.
  std::vector<market::DataSource*> sources();

  /// Whether something is left that has to be led out of.
  bool holds_anything() const;

  kernel::Kernel& kernel() { return *kernel_; }
  const kernel::Kernel& kernel() const { return *kernel_; }
  IntentGate& intent_gate() { return *intent_gate_; }
  const IntentGate& intent_gate() const { return *intent_gate_; }
  const EntryGate& entry_gate() const { return *entry_gate_; }

 private:
  void make_kernel();
  void make_watches();
  void connect();
  void stop_waiting_for_broker();
  void begin_simulated();
  void ask_for_lost_exits();
  void begin_process();
  void on_account(const trading::AccountReport& report);
  void on_unreached(const core::Error& error);
  void begin_blind(const core::Error& error);
  bool check_account(const std::string& account);
  void start_run_with(const trading::AccountReport& report);
  void make_account_watch();
  void note_account(const std::string& account);
  void note_close_of(const std::string& account);
  void start_run();
  void begin_trading_when_informed();
  void begin_trading();
  std::vector<market::DataNeed> needs() const;
  bool is_drill() const { return parts_.configuration.clock.is_drill(); }
  void go_live_from(core::Timestamp time);
  void follow_clock_of(const TimeReport& report);
  void note_time_known() const;
  bool follow_leap(const trading::AccountReport& report);

  /// The calendar's phases go the way of all events of the market.
  class Phases final : public market::DataSource {
   public:
    explicit Phases(LiveTrading& run) : run_{run} {}
    std::optional<core::Timestamp> next_time() const override {
      return run_.schedule_->next_time();
    }
    core::Status step(market::EventSink&) override {
      const core::Status stepped = run_.schedule_->step(*run_.market_sink_);
      if (run_.account_ && run_.kernel_->unchecked_close()) run_.account_->look_now();
      return stepped;
    }

   private:
    LiveTrading& run_;
  };

  Parts parts_;
  std::optional<EntryGate> entry_gate_;
  std::optional<IntentGate> intent_gate_;
  std::optional<TimedBroker> deciding_;  ///< Where there is a remote broker.
  std::unique_ptr<kernel::Kernel> kernel_;
  market::EventSink* market_sink_ = nullptr;
  kernel::CaughtUp caught_up_;
  std::optional<market::SessionSchedule> schedule_;
  Phases phases_{*this};
  net::TaskId connect_task_{};
  net::TaskId blind_task_{};  ///< Where something is held, until the broker has answered.
  std::optional<AccountWatch> account_;
  std::optional<DrillClock> drill_clock_;
  std::optional<AssetWatch> assets_;
  std::optional<CorporateActionWatch> corporate_actions_;
  int connect_tries_ = 0;
  bool is_time_told_ = false;      ///< In a drill, by its exchange.
  bool is_account_noted_ = false;  ///< Whose account it is, in the journal by this process.
  bool is_trading_ = false;
};

}  // namespace st0ck::app
