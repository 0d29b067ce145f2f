#include "src/app/open_records.hpp"

#include "src/app/engine_versions.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/storage/journal_catch_up.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <string>
#include <tuple>
#include <utility>

namespace st0ck::app {

namespace {

core::Result<std::unique_ptr<kernel::JournalWriter>> open_journal(
    const Configuration& configuration, const StateDirectory& state, const JournalUse& use) {
  if (!configuration.journal.enabled) return std::unique_ptr<kernel::JournalWriter>{};
  const bool is_live = configuration.mode == "live";
  kernel::JournalSettings settings;
  settings.directory = state.journal();
  settings.identity = fmt::format("account={} configuration={}{}", configuration.account.name,
                                  configuration.hash, is_live ? " mode=live" : "");
  settings.segment_size_max = static_cast<std::uint64_t>(configuration.journal.segment_size.bytes);
  settings.durable = configuration.journal.durable;
  settings.when_full = use.when_full;
  settings.waits_for_space = use.waits_for_space;
  settings.on_progress = use.on_progress;
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
  if (found && !found->mode.empty() && found->mode != configuration.mode)
    return core::fail(core::Errc::Mismatch,
                      "{}: the run in it is in mode {}, this one is in mode {}: each has a state "
                      "directory of its own; choose another --state-dir",
                      state.path().string(), found->mode, configuration.mode);
  if (found)
    if (const auto checked = check_versions(found->bots, configuration); !checked) return checked;
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
    error.message += "; move it away and start again, which makes it anew from the journal";
  return error;
}

}  // namespace

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

core::Result<std::unique_ptr<RunRecords>> open_records(const Configuration& configuration,
                                                       const StateDirectory& state,
                                                       TradeLogRenewal& renewal,
                                                       const JournalUse& use) {
  // Before the journal, which would begin one for this configuration.
  if (configuration.storage.enabled) {
    if (const auto recovered = renewal.recover(); !recovered)
      return tl::unexpected(recovered.error());
    if (const auto checked = check_owner_of_trade_log(configuration, state); !checked)
      return tl::unexpected(checked.error());
  }
  auto journal = open_journal(configuration, state, use);
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

}  // namespace st0ck::app
