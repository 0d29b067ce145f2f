#include "src/app/daemon.hpp"

#include "src/app/command_inbox.hpp"
#include "src/app/market_parts.hpp"
#include "src/app/recorded_commands.hpp"
#include "src/app/run_records.hpp"
#include "src/app/state_directory.hpp"
#include "src/app/trade_log_renewal.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_service.hpp"
#include "st0ck/kernel/journal/recovery.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/kernel/simulated_loop.hpp"
#include "st0ck/storage/journal_catch_up.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

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
                                                       const StateDirectory& state,
                                                       TradeLogRenewal& renewal) {
  // Before the journal, which would begin one for this configuration.
  if (configuration.storage.enabled) {
    if (const auto recovered = renewal.recover(); !recovered)
      return tl::unexpected(recovered.error());
    if (const auto checked = check_owner_of_trade_log(configuration, state); !checked)
      return tl::unexpected(checked.error());
  }
  auto journal = open_journal(configuration, state);
  if (!journal) return tl::unexpected(journal.error());
  auto trade_log = open_trade_log(configuration, state);
  // The run gives all its rows again, so that an old log is made anew: it then says what the
  // journal says, whatever became of either since.
  if (trade_log && *trade_log != nullptr && (*trade_log)->committed_at_open().value() > 0) {
    trade_log->reset();
    if (const auto moved = renewal.set_aside(); !moved) return tl::unexpected(moved.error());
    trade_log = open_trade_log(configuration, state);
  }
  if (!trade_log) {
    // What cannot be brought back now is at the next start; told is why it could not be opened.
    if (renewal.is_under_way()) std::ignore = renewal.bring_back();
    return tl::unexpected(with_advice(trade_log.error()));
  }
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
    line_.connect(matching_);
    auto market = open_market(configuration_.market, core::ExchangeCalendar::xnys(),
                              {clock_, configuration_.instruments, matching_, line_});
    if (!market) return tl::unexpected(market.error());
    market_ = std::move(*market);
    if (const auto start = market_.source->next_time()) clock_.advance_to(*start);

    auto recorded = configuration_.journal.enabled
                        ? RecordedCommands::read(state_.journal())
                        : core::Result<RecordedCommands>{RecordedCommands{}};
    if (!recorded) return tl::unexpected(recorded.error());
    recorded_ = std::move(*recorded);
    auto records = open_records(configuration_, state_, renewal_);
    if (!records) return tl::unexpected(records.error());
    records_ = std::move(*records);
    kernel_ = std::make_unique<kernel::Kernel>(
        kernel::Kernel::Parts{clock_, configuration_.instruments, line_, updates_, records_.get(),
                              log_},
        configuration_.account.name, configuration_.account.cash);
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

 private:
  core::Result<RunOutcome> run_to_end() {
    kernel::SimulatedLoop loop{clock_, *market_.source, *kernel_, loop_options()};
    loop.stop_on_signals();
    kernel_->start(run_start_of(configuration_));
    take_commands();
    const auto ending = loop.run();
    if (!ending) return fail_with(ending.error());

    RunOutcome outcome;
    outcome.is_finished = *ending == kernel::SimulatedLoop::Ending::EndOfData;
    outcome.figures = outcome.is_finished ? kernel_->finish() : kernel_->figures();
    // A run that was stopped keeps its journal open, so that the same command continues it.
    if (outcome.is_finished) refuse_late_commands();
    const auto ended = outcome.is_finished ? records_->finish() : records_->close();
    if (!ended) return fail_with(ended.error());
    if (const auto kept = check_kept(); !kept) return fail_with(kept.error());
    outcome.remarks = remarks();
    report(outcome);
    return outcome;
  }

  kernel::SimulatedLoop::Options loop_options() {
    kernel::SimulatedLoop::Options options;
    options.speed = configuration_.market.tape.speed;
    options.is_hurrying = [this] { return records_->is_reexecuting(); };
    if (!recorded_.is_empty()) options.before_step = [this] { repeat_commands(); };
    options.health = [this] {
      take_commands();
      if (const auto dropped = drop_old_trade_log(); !dropped) return dropped;
      return look_after_records();
    };
    return options;
  }

  /// Gives the run that is made again the commands that it had, where it had them.
  void repeat_commands() {
    while (const auto* command =
               recorded_.at(core::Sequence{records_->last_sequence().value() + 1})) {
      const trading::OperatorCommand again = *command;
      recorded_.pop();
      kernel_->on_operator_command(again);
    }
  }

  /// Carries out what operators have posted, once the run is where its journal ends.
  void take_commands() {
    repeat_commands();
    if (records_->is_reexecuting()) return;
    for (const CommandInbox::Waiting& waiting : inbox_.take()) {
      const bool is_known = recorded_.has(waiting.command.id);
      kernel::Kernel::CommandOutcome outcome{true, "carried out before"};
      if (!is_known) outcome = kernel_->on_operator_command(waiting.command);
      recorded_.add(waiting.command.id);
      // What is answered is not forgotten; without an answer its file stays and comes again.
      if (!records_->make_durable()) return;
      const auto answered =
          inbox_.answer(waiting.file, waiting.command, outcome.is_accepted, outcome.text);
      if (!answered) log_.error("COMMAND_NOT_ANSWERED", answered.error().message);
    }
    if (inbox_.refused() == refused_commands_) return;
    refused_commands_ = inbox_.refused();
    log_.warn("COMMAND_REFUSED", "a file in commands/ is no command; it is in commands/refused/",
              {{"files", refused_commands_}});
  }

  /// A run that is over has nothing left to stop or to close.
  void refuse_late_commands() {
    for (const CommandInbox::Waiting& waiting : inbox_.take()) {
      const bool is_known = recorded_.has(waiting.command.id);
      const auto answered = inbox_.answer(waiting.file, waiting.command, is_known,
                                          is_known ? "carried out before" : "the run is over");
      if (!answered) log_.error("COMMAND_NOT_ANSWERED", answered.error().message);
    }
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

  std::vector<std::string> remarks() const {
    std::vector<std::string> remarks;
    const trading::Desk& desk = kernel_->desk();
    for (const trading::Position& position : desk.ledger().positions()) {
      if (position.is_flat()) continue;
      const market::Instrument& instrument = configuration_.instruments[position.key.instrument];
      const auto mark = kernel_->market().mark(instrument.id);
      remarks.push_back(
          fmt::format("still open: {} holds {} {}, unrealised P&L {}", position.key.bot,
                      position.quantity.to_string(), instrument.symbol,
                      mark ? position.unrealized_pnl(*mark, instrument.multiplier).to_string()
                           : std::string{"unavailable"}));
    }
    if (desk.is_halted())
      remarks.push_back("all bots are halted until `st0ck resume --reason WHY`");
    for (const ConfiguredBot& bot : configuration_.bots) {
      const trading::BotDay day = desk.day(bot.identity.bot);
      if (day.losing_days >= bot.limits.losing_days_max)
        remarks.push_back(fmt::format("{} takes no entries: {} losing sessions in a row",
                                      bot.identity.bot, day.losing_days));
      if (day.halted) remarks.push_back(fmt::format("{} is halted", bot.identity.bot));
    }
    return remarks;
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
  adapters::sim::OrderLine line_{clock_, configuration_.broker.line, updates_};
  adapters::sim::MatchingEngine matching_{clock_, configuration_.instruments,
                                          configuration_.broker.matching, line_,
                                          configuration_.account.cash};
  MarketParts market_;
  TradeLogRenewal renewal_{state_.trade_log()};
  std::unique_ptr<RunRecords> records_;
  std::unique_ptr<kernel::Kernel> kernel_;
  CommandInbox inbox_{state_.commands()};
  RecordedCommands recorded_;
  std::uint64_t refused_commands_ = 0;
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

}  // namespace st0ck::app
