#include "src/app/live_daemon.hpp"

#include "src/app/account_watch.hpp"
#include "src/app/asset_watch.hpp"
#include "src/app/broker_host.hpp"
#include "src/app/corporate_action_watch.hpp"
#include "src/app/drill_clock.hpp"
#include "src/app/entry_gate.hpp"
#include "src/app/intent_gate.hpp"
#include "src/app/loop_watch.hpp"
#include "src/app/metrics_keeper.hpp"
#include "src/app/open_records.hpp"
#include "src/app/operator_desk.hpp"
#include "src/app/order_latencies.hpp"
#include "src/app/promotion/permission.hpp"
#include "src/app/run_metrics.hpp"
#include "src/app/run_remarks.hpp"
#include "src/app/slow_operations.hpp"
#include "src/app/state_directory.hpp"
#include "src/app/timed_broker.hpp"
#include "src/app/trade_log_renewal.hpp"
#include "st0ck/adapters/sim/live_venue.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_service.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/live_loop.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/replay.hpp"
#include "st0ck/kernel/staged_clock.hpp"
#include "st0ck/market/session_schedule.hpp"
#include "st0ck/net/asio_scheduler.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;

const core::Code kJournal{"journal"};
const core::Code kPromotion{"promotion"};

/// Looking into the folder of commands costs a system call.
constexpr core::Duration kLookPause = 100ms;
constexpr core::Duration kConnectPause = 2s;
constexpr int kConnectTries = 5;
/// In a drill the broker's clock is looked at more often, and followed where it leaps.
constexpr core::Duration kDrillPause = 5s;
constexpr core::Duration kLeapMin = 1min;

/// Whether something is left that has to be led out of.
bool holds_anything(const trading::Desk& desk) {
  return !desk.orders().open_orders().empty() ||
         !std::ranges::all_of(desk.ledger().positions(), &trading::Position::is_flat);
}

/// Orders that are simulated on a live market.
struct Simulation {
  Simulation(const core::Clock& clock, const Configuration& configuration,
             trading::OrderUpdateSink& updates)
      : line{clock, configuration.broker.line, updates},
        engine{clock, configuration.instruments, configuration.broker.matching, line,
               configuration.account.cash} {
    line.connect(engine);
  }

  adapters::sim::OrderLine line;
  adapters::sim::MatchingEngine engine;
  std::optional<adapters::sim::LiveVenue> venue;
};

}  // namespace

class LiveDaemon::Impl {
 public:
  Impl(Configuration configuration, StateDirectory state,
       std::unique_ptr<core::LogService> log_service, Permission permission,
       kernel::LiveClock clock)
      : configuration_{std::move(configuration)},
        state_{std::move(state)},
        log_service_{std::move(log_service)},
        permission_{std::move(permission)},
        clock_{std::move(clock)} {}

  /// The journal's thread speaks to the loop until it is closed.
  ~Impl() { records_.reset(); }

  core::Status open(const LivePartsFactory& factory) {
    auto parts = factory(configuration_, {io_, scheduler_, clock_, configuration_.instruments,
                                          latencies_, log_, &slow_});
    if (!parts) return tl::unexpected(parts.error());
    parts_ = std::move(*parts);
    if (parts_.broker != nullptr)
      sending_.emplace(TimedBroker::Place::Sent, *parts_.broker, latencies_);
    else
      simulation_.emplace(clock_, configuration_, updates_);
    if (configuration_.journal.enabled)
      if (auto read = operators_.read_journal(state_.journal()); !read) return read;
    if (auto opened = open_records(); !opened) return opened;
    if (auto caught_up = catch_up(); !caught_up) return caught_up;
    return check_permission();
  }

  core::Result<RunOutcome> run() {
    kernel::LiveLoop loop{io_, clock_, *kernel_, loop_options()};
    loop.stop_on_signals();
    loop_ = &loop;
    if (!is_stopped_) loop.post([this] { begin(); });
    const auto ran = is_stopped_ ? core::Status{} : loop.run();
    loop_ = nullptr;
    parts_.stream->stop();
    if (parts_.broker != nullptr) parts_.broker->disconnect();
    account_.reset();
    drill_clock_.reset();
    corporate_actions_.reset();
    assets_.reset();
    return end(ran ? failure_ : ran);
  }

  void stop() {
    is_stopped_ = true;
    boost::asio::post(io_, [this] {
      if (loop_ != nullptr) loop_->stop();
    });
  }

 private:
  bool is_live() const { return configuration_.mode == "live"; }

  /// Without a promotion nothing goes on but what leads out of what is held.
  core::Status check_permission() {
    if (!is_live()) return {};
    if (permission_.refusal && !holds_anything(kernel_->desk()))
      return tl::unexpected(permission_.refusal->error());
    log_.warn("LIVE_MODE", mode_banner(configuration_.mode, configuration_.account.name,
                                       broker_host_of(configuration_).name));
    if (permission_.refusal)
      log_.error(permission_.refusal->code.view(), permission_.refusal->message);
    if (permission_.record) log_.info("PROMOTION", grounds_of(*permission_.record));
    return {};
  }

  /// The verdict of this process, whatever an earlier one has told.
  void tell_permission() {
    if (permission_.refusal)
      kernel_->on_provider_status(
          {kPromotion, market::ProviderState::Down, permission_.refusal->code});
    else if (is_live() && caught_up_.has_begun)
      kernel_->on_provider_status({kPromotion, market::ProviderState::Connected, {}});
  }

  trading::Broker& broker() {
    if (sending_) return *sending_;
    return simulation_->line;
  }

  /// What the kernel sends its orders to.
  trading::Broker& first_gate() {
    if (!sending_) return *gate_;
    return deciding_.emplace(TimedBroker::Place::Decided, *gate_, latencies_);
  }

  core::Status open_records() {
    JournalUse use;
    use.when_full = kernel::WhenFull::Fail;
    use.on_progress = [this](const kernel::JournalProgress&) {
      boost::asio::post(io_, [this] { gate_->on_progress(); });
    };
    auto records = app::open_records(configuration_, state_, renewal_, use);
    if (!records) return tl::unexpected(records.error());
    records_ = std::move(*records);
    entry_gate_.emplace(
        EntryGate::Parts{clock_, configuration_.instruments, broker(), latencies_, log_});
    gate_.emplace(IntentGate::Parts{clock_, *entry_gate_, latencies_, *records_, scheduler_, log_},
                  configuration_.journal.intent_wait_max);
    kernel_ = std::make_unique<kernel::Kernel>(
        kernel::Kernel::Parts{clock_, configuration_.instruments, first_gate(), updates_,
                              records_.get(), log_},
        configuration_.account.name, configuration_.account.cash);
    kernel_->limit_account(configuration_.account_limits);
    for (ConfiguredBot& bot : configuration_.bots)
      kernel_->add_bot(bot.identity, std::move(bot.engine), bot.limits);
    if (simulation_)
      simulation_->venue.emplace(adapters::sim::LiveVenue::Parts{
          simulation_->engine, simulation_->line, *kernel_, [this] { kernel_->drain(); }});
    make_watches();
    return {};
  }

  /// Where the provider can be asked.
  void make_watches() {
    if (parts_.terms != nullptr)
      assets_.emplace(AssetWatch::Parts{*parts_.terms, *entry_gate_, configuration_.instruments,
                                        clock_, scheduler_, log_});
    if (parts_.corporate_actions != nullptr)
      corporate_actions_.emplace(CorporateActionWatch::Parts{
          *parts_.corporate_actions, kernel_->corporate_actions(), market_sink(), *entry_gate_,
          configuration_.instruments, clock_, scheduler_, log_});
  }

  /// Brings the kernel to where the process before this one stood.
  core::Status catch_up() {
    if (configuration_.journal.enabled) {
      auto journal = kernel::JournalReader::open(state_.journal());
      if (!journal) return tl::unexpected(journal.error());
      auto caught_up =
          kernel::catch_up(*journal, clock_.recorded(), *kernel_, run_start_of(configuration_),
                           [this]() -> core::Result<core::Sequence> {
                             if (auto sound = records_->status(); !sound)
                               return tl::unexpected(sound.error());
                             return records_->last_sequence();
                           });
      if (!caught_up) {
        kernel_.reset();
        records_.reset();
        if (auto back = renewal_.bring_back(); !back) return back;
        return tl::unexpected(caught_up.error());
      }
      caught_up_ = *caught_up;
    }
    if (renewal_.is_under_way())
      if (auto dropped = renewal_.drop_old(); !dropped) return dropped;
    if (is_drill())
      go_live_from(clock_.now());  // Until the broker has told its time.
    else
      clock_.go_live();
    return {};
  }

  kernel::LiveLoop::Options loop_options() {
    kernel::LiveLoop::Options options;
    options.spins = configuration_.loop.spins;
    if (is_drill()) options.speed = configuration_.clock.speed;
    // Nothing is decided before orders may leave.
    options.is_ready = [this] { return is_trading_; };
    if (assets_) options.sources.push_back(&*assets_);
    if (corporate_actions_) options.sources.push_back(&*corporate_actions_);
    options.sources.push_back(&phases_);
    if (simulation_) options.sources.push_back(&*simulation_->venue);
    options.health = [this] { return look_around(); };
    return options;
  }

  /// Where events of the market go: to the simulated orders first, where there are any.
  market::EventSink& market_sink() {
    if (simulation_) return *simulation_->venue;
    return *kernel_;
  }

  void begin() {
    if (const auto given = parts_.stream->check(needs()); !given) return give_up(given.error());
    if (parts_.broker == nullptr) return begin_simulated();
    ++connect_tries_;
    parts_.broker->connect([this](const core::Result<trading::AccountReport>& report) {
      if (report) return on_account(*report);
      if (report.error().retry == core::Retry::Yes && connect_tries_ < kConnectTries) {
        log_.warn("BROKER_UNREACHABLE", report.error().message);
        connect_task_ = scheduler_.call_after(kConnectPause, [this] { begin(); });
        return;
      }
      give_up(report.error());
    });
  }

  void begin_simulated() {
    if (!is_drill()) {
      start_run();
      return begin_trading_when_informed();
    }
    drill_clock_.emplace(
        DrillClock::Parts{parts_.time, scheduler_, log_,
                          [this](const TimeReport& report) { follow_clock_of(report); }});
    drill_clock_->begin([this](const core::Status& set) {
      if (!set) return give_up(set.error());
      start_run();
      begin_trading_when_informed();
    });
  }

  void give_up(const core::Error& error) {
    failure_ = tl::unexpected<core::Error>(error);
    loop_->stop();
  }

  void on_account(const trading::AccountReport& report) {
    log_.info("BROKER_CONNECTED", report.account,
              {{"cash", report.cash}, {"equity", report.equity}});
    if (!report.may_trade)
      return give_up(
          {core::Errc::Broker,
           fmt::format("{}: the account may not trade: {}", report.account, report.blocked_reason),
           core::Retry::No});
    if (const std::string& known = permission_.broker_account;
        !known.empty() && known != report.account)
      return give_up({core::Errc::Mismatch,
                      fmt::format("the live run in {} is of account {}, the keys are of {}",
                                  state_.path().string(), known, report.account),
                      core::Retry::No});
    if (is_drill()) follow_clock_of({report.broker_time, report.answered});
    if (!assets_) return start_run_with(report);
    // Before anything is in the journal, so that a corrected configuration may begin on it.
    assets_->begin(!caught_up_.has_begun, [this, report](const core::Status& traded) {
      if (!traded) return give_up(traded.error());
      start_run_with(report);
    });
  }

  void start_run_with(const trading::AccountReport& report) {
    start_run();
    kernel_->on_account_check(account_check_of(configuration_, report.account));
    AccountWatch::Parts parts{*parts_.broker, *kernel_, configuration_.instruments, scheduler_,
                              log_};
    parts.on_compared = [this](const trading::AccountReport& read) { note_close_of(read.account); };
    AccountWatch::Settings settings;
    if (is_drill()) {
      parts.follows_clock = [this](const trading::AccountReport& read) {
        return follow_leap(read);
      };
      settings.pause = kDrillPause;
    }
    account_.emplace(parts, settings);
    account_->begin(report, !is_drill());
    begin_trading_when_informed();
  }

  /// Once for each session, when it is over and all that came of it agrees or is told.
  void note_close_of(const std::string& account) {
    if (const auto closed = kernel_->unchecked_close())
      kernel_->on_account_check(account_check_of(configuration_, account, closed));
  }

  bool is_drill() const { return configuration_.clock.is_drill(); }

  /// For a drill: `time` is now, and goes on as fast as the broker's.
  void go_live_from(core::Timestamp time) {
    clock_.go_live(kernel::LiveClock{
        [time, since = scheduler_.elapsed(), speed = configuration_.clock.speed, this] {
          const double passed = static_cast<double>((scheduler_.elapsed() - since).count()) * speed;
          return time + core::Duration{static_cast<std::int64_t>(passed)};
        }});
  }

  /// What has passed since the exchange told its time counts too.
  void follow_clock_of(const TimeReport& report) {
    go_live_from(report.told + (clock_.now() - report.answered));
  }

  /// The exchange of a drill leaves out closed hours.
  bool follow_leap(const trading::AccountReport& report) {
    if (report.clock_skew() <= kLeapMin) return false;
    follow_clock_of({report.broker_time, report.answered});
    return true;
  }

  /// The clock is live.
  void start_run() {
    if (!caught_up_.has_begun) kernel_->start(run_start_of(configuration_));
    schedule_.emplace(core::ExchangeCalendar::xnys(), clock_.now(), caught_up_.last_phase);
  }

  /// Of corporate actions.
  void begin_trading_when_informed() {
    if (!corporate_actions_) return begin_trading();
    corporate_actions_->begin(caught_up_.has_begun ? caught_up_.begun : clock_.now(),
                              [this] { begin_trading(); });
  }

  /// What may have become of orders meanwhile is asked before anything new is sent.
  void begin_trading() {
    gate_->open();
    latencies_.begin();
    loop_watch_.emplace(scheduler_, slow_);
    // The journal is sound now, whatever it was to the process before.
    if (caught_up_.has_begun)
      kernel_->on_provider_status({kJournal, market::ProviderState::Connected, {}});
    tell_permission();
    for (const trading::Order* order : kernel_->desk().orders().open_orders()) {
      if (order->state == trading::OrderState::Armed) continue;  // It is ours alone.
      trading::OrderUpdate update;
      update.client_order_id = order->intent.client_order_id;
      update.kind = trading::OrderUpdateKind::TimedOut;
      update.time = clock_.now();
      update.reason = core::Code{"RESTART"};
      updates_.on_order_update(update);
    }
    kernel_->drain();
    is_trading_ = true;
    parts_.stream->start(needs(), market_sink());
  }

  /// Quotes and statuses of every instrument, as each order is checked against them; what engines
  /// have declared; prints where orders are simulated.
  std::vector<market::DataNeed> needs() const {
    std::vector<market::DataNeed> needs;
    for (const market::Instrument& instrument : configuration_.instruments) {
      using market::DataKind;
      for (const DataKind kind :
           {DataKind::Quotes, DataKind::Trades, DataKind::Bars, DataKind::Statuses}) {
        const bool is_asked_for = kernel_->market().is_needed(instrument.id, kind);
        const bool is_basic = kind == DataKind::Quotes || kind == DataKind::Statuses ||
                              (kind == DataKind::Trades && simulation_.has_value());
        if (is_asked_for || is_basic) needs.push_back({instrument.id, kind, 2s});
      }
    }
    return needs;
  }

  core::Status look_around() {
    const core::Duration now = scheduler_.elapsed();
    if (now - looked_ < kLookPause) return {};
    looked_ = now;
    if (!is_trading_) return {};  // The run has not begun.
    operators_.take(*kernel_, *records_);
    operators_.answer_durable(*records_);
    note_journal();
    if (metrics_.is_due(now)) metrics_.offer(metrics());
    const auto trade_log = records_->trade_log_status();
    if (!trade_log && !std::exchange(is_trade_log_reported_, true))
      log_.error("TRADE_LOG_FAILED", trade_log.error().message);
    return {};
  }

  nlohmann::ordered_json metrics() const {
    MetricsSources sources{clock_.now(), configuration_, *kernel_, *records_};
    sources.intent_gate = &*gate_;
    sources.entry_gate = &*entry_gate_;
    sources.latencies = sending_ ? &latencies_ : nullptr;
    sources.slow = &slow_;
    sources.loop = loop_watch_ ? &*loop_watch_ : nullptr;
    sources.add_provider = parts_.add_metrics;
    return metrics_of(sources);
  }

  /// Without a journal nothing is entered; what is held is still left.
  void note_journal() {
    const auto journal = records_->status();
    if (journal || std::exchange(is_journal_reported_, true)) return;
    log_.error("JOURNAL_FAILED", journal.error().message);
    kernel_->on_provider_status(
        {kJournal, market::ProviderState::Down, core::Code{"JOURNAL_FAILED"}});
  }

  core::Result<RunOutcome> end(const core::Status& ran) {
    operators_.settle(*records_);
    const auto closed = records_->close();
    metrics_.finish(metrics());
    if (!ran) {
      log_.error("RUN_FAILED", ran.error().message);
      return tl::unexpected(ran.error());
    }
    if (!closed) return tl::unexpected(closed.error());
    RunOutcome outcome;
    outcome.figures = kernel_->figures();
    outcome.remarks = remarks_on(*kernel_, configuration_);
    log_.info("RUN_STOPPED", "a signal asked for it", {{"trades", outcome.figures.trades}});
    return outcome;
  }

  /// The calendar's phases go the way of all events of the market.
  class Phases final : public market::DataSource {
   public:
    explicit Phases(Impl& impl) : impl_{impl} {}
    std::optional<core::Timestamp> next_time() const override {
      return impl_.schedule_->next_time();
    }
    core::Status step(market::EventSink&) override {
      const core::Status stepped = impl_.schedule_->step(impl_.market_sink());
      if (impl_.account_ && impl_.kernel_->unchecked_close()) impl_.account_->look_now();
      return stepped;
    }

   private:
    Impl& impl_;
  };

  Configuration configuration_;
  StateDirectory state_;
  std::unique_ptr<core::LogService> log_service_;
  Permission permission_;
  boost::asio::io_context io_{1};
  net::AsioScheduler scheduler_{io_};
  kernel::StagedClock clock_;
  core::Logger log_{*log_service_, clock_, {configuration_.account.name, {}, {}, is_live()}};
  kernel::OrderUpdateQueue updates_;
  SlowOperations slow_{log_, scheduler_};
  OrderLatencies latencies_{{scheduler_, updates_, slow_}};
  MetricsKeeper metrics_{
      {.path = metrics_file_of(state_.path())}, log_, scheduler_.elapsed(), &slow_};
  LiveParts parts_;
  std::optional<TimedBroker> sending_;  ///< Where there is a broker.
  std::optional<Simulation> simulation_;
  TradeLogRenewal renewal_{state_.trade_log()};
  std::unique_ptr<RunRecords> records_;
  std::optional<EntryGate> entry_gate_;
  std::optional<IntentGate> gate_;
  std::optional<TimedBroker> deciding_;
  std::unique_ptr<kernel::Kernel> kernel_;
  kernel::CaughtUp caught_up_;
  std::optional<market::SessionSchedule> schedule_;
  Phases phases_{*this};
  OperatorDesk operators_{state_.commands(), log_};
  kernel::LiveLoop* loop_ = nullptr;
  core::Status failure_;
  net::TaskId connect_task_{};
  std::optional<AccountWatch> account_;
  std::optional<DrillClock> drill_clock_;
  std::optional<AssetWatch> assets_;
  std::optional<CorporateActionWatch> corporate_actions_;
  int connect_tries_ = 0;
  core::Duration looked_{};
  std::optional<LoopWatch> loop_watch_;
  std::atomic<bool> is_stopped_ = false;
  bool is_trading_ = false;
  bool is_trade_log_reported_ = false;
  bool is_journal_reported_ = false;
};

core::Result<std::unique_ptr<LiveDaemon>> LiveDaemon::open(Configuration configuration,
                                                           const std::filesystem::path& state_dir,
                                                           const LivePartsFactory& factory,
                                                           kernel::LiveClock clock) {
  // Before anything is made or sent.
  auto permission = permission_of(configuration, state_dir, clock.now());
  if (!permission) return tl::unexpected(permission.error());
  auto state = StateDirectory::acquire(state_dir);
  if (!state) return tl::unexpected(state.error());
  auto log_service =
      core::LogService::open(configuration.log, state->logs(), "st0ckd", clock.now());
  if (!log_service) return tl::unexpected(log_service.error());
  auto impl =
      std::make_unique<Impl>(std::move(configuration), std::move(*state), std::move(*log_service),
                             std::move(*permission), std::move(clock));
  if (const auto opened = impl->open(factory); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<LiveDaemon>{new LiveDaemon{std::move(impl)}};
}

LiveDaemon::LiveDaemon(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

LiveDaemon::~LiveDaemon() = default;

core::Result<RunOutcome> LiveDaemon::run() { return impl_->run(); }

void LiveDaemon::stop() { impl_->stop(); }

}  // namespace st0ck::app
