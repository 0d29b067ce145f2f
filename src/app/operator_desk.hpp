#pragma once

#include "src/app/command_inbox.hpp"
#include "src/app/recorded_commands.hpp"
#include "src/app/run_records.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>

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

  /// Carries out what has been posted, once the run is where its journal ends, and asks for the
  /// records to be made durable.
  void take(kernel::Kernel& kernel, RunRecords& records);

  /// Answers what was carried out and is durable: what is answered is not forgotten. Without an
  /// answer its file stays and comes again at the next start.
  void answer_durable(const RunRecords& records);

  /// The same after waiting for the disk, for simulated time and the end.
  void settle(RunRecords& records);

  /// A run that is over has nothing left to stop or to close.
  void refuse_late();

 private:
  /// Carried out, and yet to be answered.
  struct CarriedOut {
    core::Sequence sequence;  ///< Of the last record that followed from it.
    CommandInbox::Waiting waiting;
    kernel::Kernel::CommandOutcome outcome;
  };

  bool is_unanswered(const std::string& file) const;
  void answer(const CarriedOut& command);

  CommandInbox inbox_;
  RecordedCommands recorded_;
  core::Logger log_;
  std::deque<CarriedOut> unanswered_;
  std::uint64_t refused_ = 0;
};

}  // namespace st0ck::app
