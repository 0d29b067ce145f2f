#include "src/app/daemon_run.hpp"

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

core::Result<std::unique_ptr<RunRecords>> open_records(const Configuration& configuration,
                                                       const StateDirectory& state) {
  auto journal = open_journal(configuration, state);
  if (!journal) return tl::unexpected(journal.error());
  auto trade_log = open_trade_log(configuration, state);
  if (!trade_log) return tl::unexpected(trade_log.error());
  return std::make_unique<RunRecords>(std::move(*journal), std::move(*trade_log));
}

/// A run that was stopped keeps its journal open, so that the same command continues it.
core::Status end_records(RunRecords& records, bool is_finished) {
  return is_finished ? records.finish() : records.close();
}

}  // namespace

core::Result<RunOutcome> run_daemon(Configuration& configuration,
                                    const std::filesystem::path& state_dir) {
  const auto state = StateDirectory::acquire(state_dir);
  if (!state) return tl::unexpected(state.error());
  const kernel::LiveClock wall_clock;
  const auto log_service =
      core::LogService::open(configuration.log, state->logs(), "st0ckd", wall_clock.now());
  if (!log_service) return tl::unexpected(log_service.error());

  kernel::SimulatedClock clock;
  kernel::OrderUpdateQueue updates;
  adapters::sim::MatchingEngine matching{clock, configuration.instruments,
                                         configuration.broker.matching, updates};
  auto market = open_market(configuration.market, core::ExchangeCalendar::xnys(),
                            configuration.instruments, matching);
  if (!market) return tl::unexpected(market.error());
  if (const auto start = (*market)->next_time()) clock.advance_to(*start);

  auto records = open_records(configuration, *state);
  if (!records) return tl::unexpected(records.error());
  const core::Logger log{**log_service, clock, {configuration.account.name, {}, {}}};
  kernel::Kernel kernel{{clock, configuration.instruments, matching, updates, records->get(), log},
                        configuration.account.name,
                        configuration.account.cash};
  for (ConfiguredBot& bot : configuration.bots)
    kernel.add_bot(bot.identity, std::move(bot.engine), bot.limits);

  kernel::SimulatedLoop::Options options;
  options.speed = configuration.market.tape.speed;
  options.is_hurrying = [&] { return (*records)->is_reexecuting(); };
  options.health = [&] { return (*records)->status(); };
  kernel::SimulatedLoop loop{clock, **market, kernel, std::move(options)};
  loop.stop_on_signals();

  kernel.start(run_start_of(configuration));
  const auto ending = loop.run();
  if (!ending) {
    // What was written stays; the reason of the run's end goes first.
    static_cast<void>(end_records(**records, false));
    log.error("RUN_FAILED", ending.error().message);
    return tl::unexpected(ending.error());
  }
  RunOutcome outcome;
  outcome.is_finished = *ending == kernel::SimulatedLoop::Ending::EndOfData;
  outcome.figures = outcome.is_finished ? kernel.finish() : kernel.figures();
  if (const auto ended = end_records(**records, outcome.is_finished); !ended)
    return tl::unexpected(ended.error());
  log.info(outcome.is_finished ? "RUN_FINISHED" : "RUN_STOPPED",
           outcome.is_finished ? "the data ended" : "a signal asked for it",
           {{"sessions", outcome.figures.sessions},
            {"trades", outcome.figures.trades},
            {"realized_pnl", outcome.figures.realized_pnl}});
  return outcome;
}

}  // namespace st0ck::app
