#pragma once

#include "src/app/command_inbox.hpp"
#include "src/app/recorded_commands.hpp"
#include "src/app/run_records.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <cstdint>
#include <filesystem>

namespace st0ck::app {

/// Where operators' commands come in: from the folder of a state directory, and, while a run is
/// executed again, from its journal. Each is carried out once, whatever dies in between.
class OperatorDesk {
 public:
  OperatorDesk(std::filesystem::path folder, const core::Logger& log)
      : inbox_{std::move(folder)}, log_{log} {}

  /// Learns which commands the journal of an earlier execution has.
  core::Status read_journal(const std::filesystem::path& journal);

  /// Whether the journal has any.
  bool has_recorded() const { return !recorded_.is_empty(); }

  /// Gives the kernel the commands that the run had, where it had them.
  void repeat(kernel::Kernel& kernel, const RunRecords& records);

  /// Carries out what has been posted, once the run is where its journal ends.
  void take(kernel::Kernel& kernel, RunRecords& records);

  /// A run that is over has nothing left to stop or to close.
  void refuse_late();

 private:
  CommandInbox inbox_;
  RecordedCommands recorded_;
  core::Logger log_;
  std::uint64_t refused_ = 0;
};

}  // namespace st0ck::app
