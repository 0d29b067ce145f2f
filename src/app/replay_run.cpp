#include "src/app/replay_run.hpp"

#include "cmake/registered_engines.hpp"
#include "src/app/configuration.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/engine_registry.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/record_codec.hpp"

namespace st0ck::app {

namespace {

std::filesystem::path journal_of(const std::filesystem::path& directory) {
  const auto inside = directory / "journal";
  return std::filesystem::is_directory(inside) ? inside : directory;
}

core::Result<kernel::RunStart> first_record(kernel::ReplayComparison& comparison) {
  const auto first = comparison.peek();
  if (!first) return tl::unexpected(first.error());
  if (*first == nullptr) return core::fail(core::Errc::NotFound, "the journal has no record yet");
  const auto decoded =
      kernel::decode(static_cast<kernel::RecordKind>((*first)->kind), (*first)->payload);
  if (!decoded) return core::at("record 1", decoded.error());
  if (const auto* run = std::get_if<kernel::RunStart>(&*decoded)) return *run;
  return core::fail(core::Errc::Corrupt, "record 1: a journal begins with run_start, found {}",
                    kernel::name_of(static_cast<kernel::RecordKind>((*first)->kind)));
}

/// The engines of today must be those that made the journal.
core::Status check_versions(const kernel::RunStart& run, const Configuration& configuration) {
  for (const kernel::BotIdentity& recorded : run.bots)
    for (const ConfiguredBot& bot : configuration.bots)
      if (bot.identity.bot == recorded.bot &&
          bot.identity.decision_version != recorded.decision_version)
        return core::fail(core::Errc::Diverged,
                          "record 1: bot {} was made with {} decision version {}, this program "
                          "has version {}",
                          recorded.bot, recorded.engine, recorded.decision_version,
                          bot.identity.decision_version);
  return {};
}

}  // namespace

core::Result<kernel::ReplayOutcome> replay_journal(const std::filesystem::path& directory) {
  auto journal = kernel::JournalReader::open(journal_of(directory));
  if (!journal) return tl::unexpected(journal.error());
  kernel::ReplayComparison comparison{*journal};
  const auto run = first_record(comparison);
  if (!run) return tl::unexpected(run.error());

  kernel::EngineRegistry registry;
  register_engines(registry);
  auto loaded = configuration_of_journal(run->configuration, registry);
  if (!loaded.problems.empty())
    return core::fail(core::Errc::Diverged,
                      "record 1: this program cannot use the journal's configuration: {}",
                      loaded.problems.front().to_string());
  Configuration& configuration = loaded.configuration;
  if (const auto checked = check_versions(*run, configuration); !checked)
    return tl::unexpected(checked.error());

  kernel::SimulatedClock clock;
  kernel::OrderUpdateQueue updates;
  kernel::SilentBroker broker;
  core::NullLogSink silence;
  kernel::Kernel kernel{{clock, configuration.instruments, broker, updates, &comparison,
                         core::Logger{silence, clock}},
                        run->account,
                        run->cash};
  for (ConfiguredBot& bot : configuration.bots)
    kernel.add_bot(bot.identity, std::move(bot.engine), bot.limits);
  return kernel::replay(*journal, comparison, clock, kernel, *run);
}

}  // namespace st0ck::app
