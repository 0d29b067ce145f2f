#include "src/app/daemon.hpp"

#include "src/app/market_parts.hpp"
#include "src/app/metrics_file.hpp"
#include "src/app/metrics_keeper.hpp"
#include "src/app/open_records.hpp"
#include "src/app/operator_desk.hpp"
#include "src/app/recovered_log.hpp"
#include "src/app/run_metrics.hpp"
#include "src/app/run_remarks.hpp"
#include "src/app/state_directory.hpp"
#include "src/app/trade_log_renewal.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_service.hpp"
#include "st0ck/kernel/journal/recovery.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/kernel/simulated_loop.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace st0ck::app {

namespace {

/// By the machine's time, however fast the run's goes.
core::Duration elapsed() { return std::chrono::steady_clock::now().time_since_epoch(); }

}  // namespace

class Daemon::Impl {
 public:
  Impl(Configuration configuration, StateDirectory state,
       std::unique_ptr<core::LogService> log_service)
      : configuration_{std::move(configuration)},
        state_{std::move(state)},
        log_service_{std::move(log_service)} {}

  core::Status open() {
    line_.connect(matching_);
    auto market = open_market(configuration_.market, core::ExchangeCalendar::xnys(),
                              {clock_, configuration_.instruments, matching_, line_});
    if (!market) return tl::unexpected(market.error());
    market_ = std::move(*market);
    if (const auto start = market_.source->next_time()) clock_.advance_to(*start);

    if (configuration_.journal.enabled)
      if (auto read = operators_.read_journal(state_.journal()); !read) return read;
    auto records = open_records(configuration_, state_, renewal_);
    if (!records) return tl::unexpected(records.error());
    records_ = std::move(*records);
    kernel_ = std::make_unique<kernel::Kernel>(
        kernel::Kernel::Parts{clock_, configuration_.instruments, line_, updates_, records_.get(),
                              kernel_log_},
        configuration_.account.name, configuration_.account.cash);
    records_->on_recovered([this] { tell_recovered(); });
    kernel_->limit_account(configuration_.account_limits);
    for (ConfiguredBot& bot : configuration_.bots)
      kernel_->add_bot(bot.identity, std::move(bot.engine), bot.limits);
    return {};
  }

  core::Result<RunOutcome> run() {
    auto outcome = run_to_end();
    if (const auto settled = settle_trade_log(); !settled) {
      log_.error("TRADE_LOG_LOST", settled.error().message);
      if (outcome) return tl::unexpected(settled.error());
    }
    return outcome;
  }

  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  core::Result<RunOutcome> run_to_end() {
    kernel::SimulatedLoop loop{clock_, *market_.source, *kernel_, loop_options()};
    loop.stop_on_signals();
    kernel_->start(run_start_of(configuration_));
    operators_.take(*kernel_, *records_);
    operators_.settle(*records_);
    const auto ending = loop.run();
    if (!ending) return fail_with(ending.error());
    // It is over, or was stopped on the way.
    if (records_->is_reexecuting()) tell_recovered();

    RunOutcome outcome;
    outcome.is_finished = *ending == kernel::SimulatedLoop::Ending::EndOfData;
    outcome.figures = outcome.is_finished ? kernel_->finish() : kernel_->figures();
    // A run that was stopped keeps its journal open, so that the same command continues it.
    if (outcome.is_finished) operators_.refuse_late();
    const auto ended = outcome.is_finished ? records_->finish() : records_->close();
    metrics_.finish(metrics());
    if (!ended) return fail_with(ended.error());
    if (const auto kept = check_kept(); !kept) return fail_with(kept.error());
    outcome.remarks = remarks_on(*kernel_, configuration_);
    report(outcome);
    return outcome;
  }

  kernel::SimulatedLoop::Options loop_options() {
    kernel::SimulatedLoop::Options options;
    options.speed = configuration_.market.tape.speed;
    options.is_hurrying = [this] { return records_->is_reexecuting(); };
    if (operators_.has_recorded())
      options.before_step = [this] { operators_.repeat(*kernel_, *records_); };
    options.take_inputs = [this] {
      operators_.take(*kernel_, *records_);
      operators_.settle(*records_);
    };
    options.health = [this] {
      if (const auto dropped = drop_old_trade_log(); !dropped) return dropped;
      if (metrics_.is_due(elapsed())) metrics_.offer(metrics());
      return look_after_records();
    };
    return options;
  }

  void tell_recovered() {
    app::tell_recovered(log_, *kernel_, configuration_, records_->last_sequence());
  }

  nlohmann::ordered_json metrics() const {
    return metrics_of({clock_.now(), configuration_, *kernel_, *records_});
  }

  /// What the journal held has been given to the new trade log.
  core::Status drop_old_trade_log() {
    if (!renewal_.is_under_way() || records_->is_reexecuting()) return {};
    return renewal_.drop_old();
  }

  /// A run that ended before it was where the journal ends, because it differs or was stopped,
  /// leaves the trade log that it found.
  core::Status settle_trade_log() {
    if (const auto dropped = drop_old_trade_log(); !dropped) return dropped;
    if (!renewal_.is_under_way()) return {};
    kernel_.reset();
    records_.reset();
    return renewal_.bring_back();
  }

  /// The run goes on without a trade log that cannot be written just now, but says so once.
  core::Status look_after_records() {
    const auto trade_log = records_->trade_log_status();
    if (!trade_log && !is_trade_log_reported_) {
      is_trade_log_reported_ = true;
      log_.error("TRADE_LOG_FAILED", trade_log.error().message);
    }
    return records_->status();
  }

  /// Whether what was written is still there: somebody may have taken it away meanwhile.
  core::Status check_kept() const {
    if (!configuration_.journal.enabled) return {};
    const auto journal = kernel::verify_journal(state_.journal());
    if (!journal) return tl::unexpected(journal.error());
    if (journal->last_sequence == records_->last_sequence()) return {};
    return core::fail(core::Errc::Corrupt,
                      "{}: holds {} records of {}; it was changed while the run went on",
                      state_.journal().string(), journal->last_sequence.value(),
                      records_->last_sequence().value());
  }

  core::Result<RunOutcome> fail_with(const core::Error& error) {
    if (records_->is_reexecuting()) {
      log_.error("RUN_FAILED", error.message);  // What is open here was so once.
    } else {
      log_.error("RUN_FAILED", failure_text(error, *kernel_, configuration_));
      remarks_ = remarks_on(*kernel_, configuration_);
    }
    // What can still be written is; the run's own error is the one to tell.
    if (const auto closed = records_->close(); !closed)
      log_.error("CLOSE_FAILED", closed.error().message);
    return tl::unexpected(error);
  }

  void report(const RunOutcome& outcome) const {
    market_.log_data_quality(log_);
    log_.info(outcome.is_finished ? "RUN_FINISHED" : "RUN_STOPPED",
              outcome.is_finished ? "the data ended" : "a signal asked for it",
              {{"sessions", outcome.figures.sessions},
               {"trades", outcome.figures.trades},
               {"realized_pnl", outcome.figures.realized_pnl}});
  }

  Configuration configuration_;
  StateDirectory state_;
  std::unique_ptr<core::LogService> log_service_;
  kernel::SimulatedClock clock_;
  core::Logger log_{*log_service_, clock_, {configuration_.account.name, {}, {}}};
  RecoveredLog recovered_log_{*log_service_,
                              [this] { return records_ != nullptr && records_->is_reexecuting(); }};
  core::Logger kernel_log_{recovered_log_, clock_, {configuration_.account.name, {}, {}}};
  kernel::OrderUpdateQueue updates_;
  adapters::sim::OrderLine line_{clock_, configuration_.broker.line, updates_};
  adapters::sim::MatchingEngine matching_{clock_, configuration_.instruments,
                                          configuration_.broker.matching, line_,
                                          configuration_.account.cash};
  MarketParts market_;
  TradeLogRenewal renewal_{state_.trade_log()};
  std::unique_ptr<RunRecords> records_;
  std::unique_ptr<kernel::Kernel> kernel_;
  OperatorDesk operators_{state_.commands(), log_};
  MetricsKeeper metrics_{{.path = metrics_file_of(state_.path())}, log_, elapsed()};
  std::vector<std::string> remarks_;  ///< Of a run that has failed.
  bool is_trade_log_reported_ = false;
};

core::Result<std::unique_ptr<Daemon>> Daemon::open(Configuration configuration,
                                                   const std::filesystem::path& state_dir) {
  auto state = StateDirectory::acquire(state_dir);
  if (!state) return tl::unexpected(state.error());
  const kernel::LiveClock wall_clock;
  auto log_service =
      core::LogService::open(configuration.log, state->logs(), "st0ckd", wall_clock.now());
  if (!log_service) return tl::unexpected(log_service.error());
  auto impl =
      std::make_unique<Impl>(std::move(configuration), std::move(*state), std::move(*log_service));
  if (const auto opened = impl->open(); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<Daemon>{new Daemon{std::move(impl)}};
}

Daemon::Daemon(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Daemon::~Daemon() = default;

core::Result<RunOutcome> Daemon::run() { return impl_->run(); }

const std::vector<std::string>& Daemon::remarks() const { return impl_->remarks(); }

}  // namespace st0ck::app
