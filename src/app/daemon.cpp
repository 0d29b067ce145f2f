#include "src/app/daemon.hpp"

#include "src/app/market_parts.hpp"
#include "src/app/run_records.hpp"
#include "src/app/state_directory.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_service.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/kernel/simulated_loop.hpp"
#include "st0ck/storage/journal_catch_up.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <utility>

namespace st0ck::app {

namespace {

kernel::RunStart run_start_of(const Configuration& configuration) {
  kernel::RunStart run;
  run.account = configuration.account.name;
  run.mode = configuration.mode;
  run.configuration = configuration.canonical;
  run.configuration_hash = configuration.hash;
  run.cash = configuration.account.cash;
  for (const ConfiguredBot& bot : configuration.bots) run.bots.push_back(bot.identity);
  return run;
}

core::Result<std::unique_ptr<kernel::JournalWriter>> open_journal(
    const Configuration& configuration, const StateDirectory& state) {
  if (!configuration.journal.enabled) return std::unique_ptr<kernel::JournalWriter>{};
  kernel::JournalSettings settings;
  settings.directory = state.journal();
  settings.identity =
      fmt::format("account={} configuration={}", configuration.account.name, configuration.hash);
  settings.segment_size_max = static_cast<std::uint64_t>(configuration.journal.segment_size.bytes);
  settings.durable = configuration.journal.durable;
  settings.describe = [](std::uint16_t kind, std::span<const std::byte>) {
    return std::string{kernel::name_of(static_cast<kernel::RecordKind>(kind))};
  };
  return kernel::JournalWriter::open(std::move(settings), kernel::JournalMode::Reexecute);
}

core::Result<std::unique_ptr<storage::TradeLog>> open_trade_log(const Configuration& configuration,
                                                                const StateDirectory& state) {
  if (!configuration.storage.enabled) return std::unique_ptr<storage::TradeLog>{};
  storage::TradeLogSettings settings;
  settings.path = state.trade_log();
  settings.queue_size = configuration.storage.queue_size;
  settings.batch_rows = static_cast<std::size_t>(configuration.storage.batch_rows);
  settings.batch_age = configuration.storage.batch_age;
  settings.synchronous = configuration.storage.synchronous;
  if (configuration.journal.enabled)
    return storage::TradeLog::open(settings, storage::catch_up_from_journal(state.journal()));
  settings.when_full = storage::WhenFull::Wait;
  return storage::TradeLog::open(settings);
}

/// A trade log belongs to one run as a journal does, and may have stayed without its journal. One
/// that cannot be read is left to its opening, which says why.
core::Status check_owner_of_trade_log(const Configuration& configuration,
                                      const StateDirectory& state) {
  auto reader = storage::TradeLogReader::open(state.trade_log());
  if (!reader) return {};
  const auto found = reader->summary();
  if (!found || found->configuration_hash.empty()) return {};
  const core::AccountId& account = configuration.account.name;
  if (found->account == account && found->configuration_hash == configuration.hash) return {};
  return core::fail(core::Errc::Mismatch,
                    "{}: the trade log belongs to another run: account={} configuration={}, this "
                    "one is account={} configuration={}",
                    state.trade_log().string(), found->account, found->configuration_hash, account,
                    configuration.hash);
}

core::Error with_advice(core::Error error) {
  if (error.code == core::Errc::Corrupt)
    error.message += "; move it away and start again, which makes it anew";
  return error;
}

core::Result<std::unique_ptr<RunRecords>> open_records(const Configuration& configuration,
                                                       const StateDirectory& state) {
  // Before the journal, which would begin one for this configuration.
  if (configuration.storage.enabled)
    if (const auto checked = check_owner_of_trade_log(configuration, state); !checked)
      return tl::unexpected(checked.error());
  auto journal = open_journal(configuration, state);
  if (!journal) return tl::unexpected(journal.error());
  auto trade_log = open_trade_log(configuration, state);
  if (!trade_log) return tl::unexpected(with_advice(trade_log.error()));
  return std::make_unique<RunRecords>(std::move(*journal), std::move(*trade_log));
}

}  // namespace

class Daemon::Impl {
 public:
  Impl(Configuration configuration, StateDirectory state,
       std::unique_ptr<core::LogService> log_service)
      : configuration_{std::move(configuration)},
        state_{std::move(state)},
        log_service_{std::move(log_service)} {}

  core::Status open() {
    auto market = open_market(configuration_.market, core::ExchangeCalendar::xnys(),
                              configuration_.instruments, matching_);
    if (!market) return tl::unexpected(market.error());
    market_ = std::move(*market);
    if (const auto start = market_.source->next_time()) clock_.advance_to(*start);

    auto records = open_records(configuration_, state_);
    if (!records) return tl::unexpected(records.error());
    records_ = std::move(*records);
    kernel_ = std::make_unique<kernel::Kernel>(
        kernel::Kernel::Parts{clock_, configuration_.instruments, matching_, updates_,
                              records_.get(), log_},
        configuration_.account.name, configuration_.account.cash);
    for (ConfiguredBot& bot : configuration_.bots)
      kernel_->add_bot(bot.identity, std::move(bot.engine), bot.limits);
    return {};
  }

  core::Result<RunOutcome> run() {
    kernel::SimulatedLoop loop{clock_, *market_.source, *kernel_, loop_options()};
    loop.stop_on_signals();
    kernel_->start(run_start_of(configuration_));
    const auto ending = loop.run();
    if (!ending) return fail_with(ending.error());

    RunOutcome outcome;
    outcome.is_finished = *ending == kernel::SimulatedLoop::Ending::EndOfData;
    outcome.figures = outcome.is_finished ? kernel_->finish() : kernel_->figures();
    // A run that was stopped keeps its journal open, so that the same command continues it.
    const auto ended = outcome.is_finished ? records_->finish() : records_->close();
    if (!ended) return fail_with(ended.error());
    report(outcome);
    return outcome;
  }

 private:
  kernel::SimulatedLoop::Options loop_options() const {
    kernel::SimulatedLoop::Options options;
    options.speed = configuration_.market.tape.speed;
    options.is_hurrying = [this] { return records_->is_reexecuting(); };
    options.health = [this] { return records_->status(); };
    return options;
  }

  core::Result<RunOutcome> fail_with(const core::Error& error) {
    log_.error("RUN_FAILED", error.message);
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
  kernel::OrderUpdateQueue updates_;
  adapters::sim::MatchingEngine matching_{clock_, configuration_.instruments,
                                          configuration_.broker.matching, updates_};
  MarketParts market_;
  std::unique_ptr<RunRecords> records_;
  std::unique_ptr<kernel::Kernel> kernel_;
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

}  // namespace st0ck::app
