#include "crash_victim.hpp"

#include "st0ck/storage/db_check.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace st0ck::test {

namespace fs = std::filesystem;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Victim whole_run(std::string name, const DaemonCommand& command, const fs::path& state_dir) {
  const RunInFolder run{command, state_dir};
  const auto begin = std::chrono::steady_clock::now();
  Victim victim{std::move(name), command, run.finish(), 0, {}};
  victim.duration = std::chrono::steady_clock::now() - begin;
  victim.file_size_max = fs::file_size(run.database());
  for (const auto& [file, bytes] : victim.whole.journal)
    victim.file_size_max = std::max<std::uint64_t>(victim.file_size_max, bytes.size());
  return victim;
}

DaemonCommand busy(const DaemonCommand& command) {
  return command.with("journal.segment_size", "64KiB")
      .with("storage.batch_rows", "7")
      .with("storage.batch_age", "1ms");
}

std::string problem_after(const RunInFolder& run, const Victim& victim) {
  const auto outcome = run.command().run();
  if (outcome.exit_code != 0) return "the same command ended with " + outcome.text();
  if (auto found = difference(victim.whole, run.content()); !found.empty()) return found;
  const auto report = storage::check(run.database());
  if (!report) return report.error().message;
  return report->is_sound() ? std::string{} : report->findings.front();
}

}  // namespace st0ck::test
