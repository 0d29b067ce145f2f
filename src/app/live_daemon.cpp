#include "src/app/live_daemon.hpp"

#include "src/app/broker_host.hpp"
#include "src/app/journal_check.hpp"
#include "src/app/live_trading.hpp"
#include "src/app/loop_watch.hpp"
#include "src/app/metrics_file.hpp"
#include "src/app/metrics_keeper.hpp"
#include "src/app/open_records.hpp"
#include "src/app/operator_desk.hpp"
#include "src/app/order_latencies.hpp"
#include "src/app/promotion/permission.hpp"
#include "src/app/recovered_log.hpp"
#include "src/app/run_mark.hpp"
#include "src/app/run_metrics.hpp"
#include "src/app/run_remarks.hpp"
#include "src/app/slow_operations.hpp"
#include "src/app/stamp_clock.hpp"
#include "src/app/state_directory.hpp"
#include "src/app/timed_broker.hpp"
#include "src/app/trade_log_renewal.hpp"
#include "st0ck/adapters/sim/live_venue.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_service.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/live_loop.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/staged_clock.hpp"
#include "st0ck/net/asio_scheduler.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <utility>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;

const core::Code kJournal{"journal"};
const core::Code kPromotion{"promotion"};

/// Looking into the folder of commands costs a system call.
constexpr core::Duration kLookPause = 100ms;

/// Orders that are simulated on a live market.
struct Simulation {
  Simulation(const core::Clock& clock, const Configuration& configuration,
             trading::OrderUpdateSink& updates)
      : line{clock, configuration.broker.line, updates},
        engine{clock, configuration.instruments, configuration.broker.matching, line,
               configuration.account.cash} {
    line.connect(engine);
  }

  /// Events of the market come to the orders first, then to the kernel.
  market::EventSink& stand_before(kernel::Kernel& kernel) {
    return venue.emplace(
        adapters::sim::LiveVenue::Parts{engine, line, kernel, [&kernel] { kernel.drain(); }});
  }

  /// The broker that the run's earlier process had is gone with it: this one goes on for it.
  void resume(const LiveTrading& run) {
    if (!run.caught_up().has_begun) return;
    const trading::Desk& desk = run.kernel().desk();
    adapters::sim::BrokerAccount account{desk.cash()};
    for (const trading::Position& position : desk.ledger().positions())
      account.hold(position.key.instrument, position.quantity);
    venue->resume(run.caught_up().last_phase, std::move(account));
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
       kernel::LiveClock clock, const core::RunMark& mark)
      : configuration_{std::move(configuration)},
        state_{std::move(state)},
        log_service_{std::move(log_service)},
        permission_{std::move(permission)},
        clock_{clock},
        stamps_{clock_, std::move(clock)},
        mark_{mark} {}

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
    if (configuration_.journal.enabled) {
      if (auto there = check_journal_is_there(state_); !there) return there;
      promised_ = last_record_promised(state_);  // The trade log is made anew.
      if (auto read = operators_.read_journal(state_.journal()); !read) return read;
    }
    if (auto opened = open_records(); !opened) return opened;
    if (auto caught_up = catch_up(); !caught_up) return caught_up;
    return check_permission();
  }

  core::Result<RunOutcome> run() {
    kernel::LiveLoop loop{io_, clock_, trading_->kernel(), loop_options()};
    loop.stop_on_signals();
    loop_ = &loop;
    if (!is_stopped_) loop.post([this] { begin(); });
    const auto ran = is_stopped_ ? core::Status{} : loop.run();
    loop_ = nullptr;
    trading_->stop();
    return end(ran ? failure_ : ran);
  }

  const std::vector<std::string>& remarks() const { return remarks_; }

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
    if (permission_.refusal && !trading_->holds_anything())
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
      trading_->kernel().on_provider_status(
          {kPromotion, market::ProviderState::Down, permission_.refusal->code});
    else if (is_live() && trading_->caught_up().has_begun)
      trading_->kernel().on_provider_status({kPromotion, market::ProviderState::Connected, {}});
  }

  /// Halts as a person would, so that a person takes it back. On the disk before the trade log that
  /// tells of what is lost is dropped: whatever ends this start, the next one is halted too.
  core::Status halt_where_journal_is_cut() {
    const core::Sequence last = records_->last_sequence();
    if (promised_ <= last) return {};
    trading::OperatorCommand halt;
    halt.id = fmt::format("journal-cut-{}", last.value());
    halt.reason = cut_journal_text(state_, last, promised_);
    log_.error("JOURNAL_CUT", halt.reason);
    trading_->kernel().on_operator_command(halt);
    return records_->make_durable();
  }

  core::Status open_records() {
    JournalUse use;
    use.when_full = kernel::WhenFull::Fail;
    use.waits_for_space = true;
    use.on_progress = [this](const kernel::JournalProgress& progress) {
      boost::asio::post(io_, [this, is_stalled = progress.is_stalled] {
        note_space(is_stalled);
        trading_->intent_gate().on_progress();
      });
    };
    auto records = app::open_records(configuration_, state_, renewal_, use);
    if (!records) return tl::unexpected(records.error());
    records_ = std::move(*records);
    trading_.emplace(trading_parts());
    return {};
  }

  LiveTrading::Parts trading_parts() {
    LiveTrading::Parts parts{
        .configuration = configuration_,
        .clock = clock_,
        .scheduler = scheduler_,
        .log = log_,
        .updates = updates_,
        .latencies = latencies_,
        .provider = parts_,
        .broker = sending_ ? static_cast<trading::Broker&>(*sending_) : simulation_->line,
        .sink = *records_,
        .records = *records_,
        .give_up = [this](const core::Error& error) { give_up(error); },
        .new_mark = mark_,
        .broker_account = permission_.broker_account,
        .on_time_known = [this] { stamps_.follow_run(); },
        .before_trading =
            [this] {
              tell_permission();
              if (simulation_) simulation_->resume(*trading_);
            }};
    parts.kernel_log = kernel_log_;
    if (simulation_)
      parts.make_market_sink = [this](kernel::Kernel& kernel) -> market::EventSink& {
        return simulation_->stand_before(kernel);
      };
    return parts;
  }

  /// Brings the kernel to where the process before this one stood.
  core::Status catch_up() {
    if (configuration_.journal.enabled) {
      auto journal = kernel::JournalReader::open(state_.journal());
      if (!journal) return tl::unexpected(journal.error());
      is_catching_up_ = true;
      auto caught_up = trading_->catch_up(*journal, [this]() -> core::Result<core::Sequence> {
        if (auto sound = records_->status(); !sound) return tl::unexpected(sound.error());
        return records_->last_sequence();
      });
      is_catching_up_ = false;
      if (!caught_up) {
        trading_.reset();
        records_.reset();
        if (auto back = renewal_.bring_back(); !back) return back;
        return caught_up;
      }
    }
    trading_->go_live();
    if (auto halted = halt_where_journal_is_cut(); !halted) return halted;
    if (renewal_.is_under_way())
      if (auto dropped = renewal_.drop_old(); !dropped) return dropped;
    if (trading_->caught_up().has_begun)
      tell_recovered(log_, trading_->kernel(), configuration_, records_->last_sequence());
    return {};
  }

  kernel::LiveLoop::Options loop_options() {
    kernel::LiveLoop::Options options;
    options.spins = configuration_.loop.spins;
    if (configuration_.clock.is_drill()) options.speed = configuration_.clock.speed;
    // Nothing is decided before orders may leave.
    options.is_ready = [this] { return trading_->is_trading(); };
    options.sources = trading_->sources();
    if (simulation_) options.sources.push_back(&*simulation_->venue);
    options.health = [this] { return look_around(); };
    return options;
  }

  void begin() {
    loop_watch_.emplace(scheduler_, slow_);
    trading_->begin();
  }

  void give_up(const core::Error& error) {
    failure_ = tl::unexpected<core::Error>(error);
    loop_->stop();
  }

  core::Status look_around() {
    const core::Duration now = scheduler_.elapsed();
    if (now - looked_ < kLookPause) return {};
    looked_ = now;
    if (!trading_->is_trading()) return {};  // The run has not begun.
    operators_.take(trading_->kernel(), *records_);
    operators_.answer_durable(*records_);
    note_journal();
    if (metrics_.is_due(now)) metrics_.offer(metrics());
    const auto trade_log = records_->trade_log_status();
    if (!trade_log && !std::exchange(is_trade_log_reported_, true))
      log_.error("TRADE_LOG_FAILED", trade_log.error().message);
    return {};
  }

  nlohmann::ordered_json metrics() const {
    MetricsSources sources{stamps_.now(), configuration_, trading_->kernel(), *records_};
    sources.intent_gate = &trading_->intent_gate();
    sources.entry_gate = &trading_->entry_gate();
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
    trading_->kernel().on_provider_status(
        {kJournal, market::ProviderState::Down, core::Code{"JOURNAL_FAILED"}});
  }

  /// A full disk is waited for: meanwhile no entry leaves, and exits do.
  void note_space(bool is_stalled) {
    if (std::exchange(is_journal_stalled_, is_stalled) == is_stalled) return;
    // Its buffer was full before there was space: it takes nothing more.
    if (!is_stalled && !records_->status()) return note_journal();
    if (is_stalled)
      log_.error("JOURNAL_STALLED",
                 fmt::format("{}: the disk is full; nothing is entered until there is space, exits "
                             "go, and a loss of this process loses what is told from here on",
                             state_.journal().string()));
    else
      log_.info("JOURNAL_GOES_ON", "there is space again: everything is recorded");
    trading_->kernel().on_provider_status(
        {kJournal, is_stalled ? market::ProviderState::Down : market::ProviderState::Connected,
         core::Code{is_stalled ? "JOURNAL_STALLED" : ""}});
  }

  core::Result<RunOutcome> end(const core::Status& ran) {
    operators_.settle(*records_);
    const auto closed = records_->close();
    metrics_.finish(metrics());
    if (const core::Status& failed = ran ? closed : ran; !failed) {
      log_.error("RUN_FAILED", failure_text(failed.error(), trading_->kernel(), configuration_));
      remarks_ = remarks_on(trading_->kernel(), configuration_);
      return tl::unexpected(failed.error());
    }
    RunOutcome outcome;
    outcome.figures = trading_->kernel().figures();
    outcome.remarks = remarks_on(trading_->kernel(), configuration_);
    log_.info("RUN_STOPPED", "a signal asked for it", {{"trades", outcome.figures.trades}});
    return outcome;
  }

  Configuration configuration_;
  StateDirectory state_;
  std::unique_ptr<core::LogService> log_service_;
  Permission permission_;
  boost::asio::io_context io_{1};
  net::AsioScheduler scheduler_{io_};
  kernel::StagedClock clock_;
  StampClock stamps_;
  core::RunMark mark_;       ///< Of a run that begins now.
  core::Sequence promised_;  ///< By the trade log that was found.
  core::Logger log_{*log_service_, stamps_, {configuration_.account.name, {}, {}, is_live()}};
  bool is_catching_up_ = false;
  RecoveredLog recovered_log_{*log_service_, [this] { return is_catching_up_; }};
  core::Logger kernel_log_{
      recovered_log_, stamps_, {configuration_.account.name, {}, {}, is_live()}};
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
  std::optional<LiveTrading> trading_;
  OperatorDesk operators_{state_.commands(), log_};
  kernel::LiveLoop* loop_ = nullptr;
  core::Status failure_;
  std::vector<std::string> remarks_;  ///< Of a run that has failed.
  core::Duration looked_{};
  std::optional<LoopWatch> loop_watch_;
  std::atomic<bool> is_stopped_ = false;
  bool is_trade_log_reported_ = false;
  bool is_journal_reported_ = false;
  bool is_journal_stalled_ = false;
};

core::Result<std::unique_ptr<LiveDaemon>> LiveDaemon::open(Configuration configuration,
                                                           const std::filesystem::path& state_dir,
                                                           const LivePartsFactory& factory,
                                                           kernel::LiveClock clock,
                                                           std::optional<core::RunMark> mark) {
  // Before anything is made or sent.
  auto permission = permission_of(configuration, state_dir, clock.now());
  if (!permission) return tl::unexpected(permission.error());
  auto state = StateDirectory::acquire(state_dir);
  if (!state) return tl::unexpected(state.error());
  auto log_service =
      core::LogService::open(configuration.log, state->logs(), "st0ckd", clock.now());
  if (!log_service) return tl::unexpected(log_service.error());
  auto impl = std::make_unique<Impl>(
      std::move(configuration), std::move(*state), std::move(*log_service), std::move(*permission),
      std::move(clock), mark.value_or(draw_run_mark(std::random_device{}())));
  if (const auto opened = impl->open(factory); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<LiveDaemon>{new LiveDaemon{std::move(impl)}};
}

LiveDaemon::LiveDaemon(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

LiveDaemon::~LiveDaemon() = default;

core::Result<RunOutcome> LiveDaemon::run() { return impl_->run(); }

const std::vector<std::string>& LiveDaemon::remarks() const { return impl_->remarks(); }

void LiveDaemon::stop() { impl_->stop(); }

}  // namespace st0ck::app
