#include "src/app/replay_run.hpp"

#include "cmake/registered_engines.hpp"
#include "src/app/configuration.hpp"
#include "src/app/engine_versions.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/engine_registry.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <optional>

namespace st0ck::app {

namespace {

std::filesystem::path journal_of(const std::filesystem::path& directory) {
  const auto inside = directory / "journal";
  return std::filesystem::is_directory(inside) ? inside : directory;
}

/// The record with which the run came to its end, as far as the trade log of a state directory
/// knows one. A trade log that cannot be read is not what a replay is about.
std::optional<core::Sequence> run_end_in_trade_log(const std::filesystem::path& directory) {
  auto log = storage::TradeLogReader::open(directory / "trades.db");
  if (!log) return std::nullopt;
  const auto summary = log->summary();
  if (!summary || !summary->end) return std::nullopt;
  return summary->last_sequence;
}

/// A journal that a kill left behind ends anywhere, but not before what its run has done: the last
/// segments are gone.
core::Status check_end(const std::filesystem::path& journal, const kernel::JournalReader& reader,
                       std::optional<core::Sequence> run_end) {
  const std::uint64_t last = reader.next_sequence().value() - 1;
  if (!run_end || reader.end() == kernel::JournalEnd::Finished || run_end->value() <= last)
    return {};
  return core::fail(core::Errc::Corrupt,
                    "{}: ends at record {}, but the trade log knows the run's end at record {}",
                    journal.string(), last, run_end->value());
}

core::Result<kernel::RunStart> first_record(const std::filesystem::path& journal,
                                            kernel::ReplayComparison& comparison) {
  const auto first = comparison.peek();
  if (!first) return tl::unexpected(first.error());
  if (*first == nullptr)
    return core::fail(core::Errc::NotFound,
                      "{}: the journal has no whole record, allowed is "
                      "that of a run that has begun",
                      journal.string());
  const auto decoded =
      kernel::decode(static_cast<kernel::RecordKind>((*first)->kind), (*first)->payload);
  if (!decoded) return core::at("record 1", decoded.error());
  if (const auto* run = std::get_if<kernel::RunStart>(&*decoded)) return *run;
  return core::fail(core::Errc::Corrupt, "record 1: a journal begins with run_start, found {}",
                    kernel::name_of(static_cast<kernel::RecordKind>((*first)->kind)));
}

}  // namespace

core::Result<kernel::ReplayOutcome> replay_journal(const std::filesystem::path& directory) {
  const auto path = journal_of(directory);
  // Read first: a daemon that is at work writes the journal before the trade log.
  const auto run_end = run_end_in_trade_log(directory);
  auto journal = kernel::JournalReader::open(path);
  if (!journal) return tl::unexpected(journal.error());
  kernel::ReplayComparison comparison{*journal};
  const auto first = comparison.peek();
  if (first && *first == nullptr)
    if (const auto checked = check_end(path, *journal, run_end); !checked)
      return tl::unexpected(checked.error());
  const auto run = first_record(path, comparison);
  if (!run) return tl::unexpected(run.error());

  kernel::EngineRegistry registry;
  register_engines(registry);
  auto loaded = configuration_of_journal(run->configuration, registry);
  if (!loaded.problems.empty())
    return core::fail(core::Errc::Diverged,
                      "record 1: this program cannot use the journal's configuration: {}",
                      loaded.problems.front().to_string());
  Configuration& configuration = loaded.configuration;
  if (const auto checked = check_versions(run->bots, configuration); !checked)
    return tl::unexpected(checked.error());

  kernel::SimulatedClock clock;
  kernel::OrderUpdateQueue updates;
  kernel::SilentBroker broker{abilities_of(configuration.broker)};
  core::NullLogSink silence;
  kernel::Kernel kernel{{clock, configuration.instruments, broker, updates, &comparison,
                         core::Logger{silence, clock}},
                        run->account,
                        run->cash};
  kernel.limit_account(configuration.account_limits);
  for (ConfiguredBot& bot : configuration.bots)
    kernel.add_bot(bot.identity, std::move(bot.engine), bot.limits);
  auto outcome = kernel::replay(*journal, comparison, clock, kernel, *run);
  if (!outcome) return outcome;
  if (const auto checked = check_end(path, *journal, run_end); !checked)
    return tl::unexpected(checked.error());
  return outcome;
}

}  // namespace st0ck::app
