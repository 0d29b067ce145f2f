#include "src/app/operator_desk.hpp"

#include <utility>

namespace st0ck::app {

core::Status OperatorDesk::read_journal(const std::filesystem::path& journal) {
  auto recorded = RecordedCommands::read(journal);
  if (!recorded) return tl::unexpected(recorded.error());
  recorded_ = std::move(*recorded);
  return {};
}

void OperatorDesk::repeat(kernel::Kernel& kernel, const RunRecords& records) {
  while (const auto* command = recorded_.at(core::Sequence{records.last_sequence().value() + 1})) {
    const trading::OperatorCommand again = *command;
    recorded_.pop();
    kernel.on_operator_command(again);
  }
}

void OperatorDesk::take(kernel::Kernel& kernel, RunRecords& records) {
  repeat(kernel, records);
  if (records.is_reexecuting()) return;
  for (const CommandInbox::Waiting& waiting : inbox_.take()) {
    const bool is_known = recorded_.has(waiting.command.id);
    kernel::Kernel::CommandOutcome outcome{true, "carried out before"};
    if (!is_known) outcome = kernel.on_operator_command(waiting.command);
    recorded_.add(waiting.command.id);
    // What is answered is not forgotten; without an answer its file stays and comes again.
    if (!records.make_durable()) return;
    const auto answered =
        inbox_.answer(waiting.file, waiting.command, outcome.is_accepted, outcome.text);
    if (!answered) log_.error("COMMAND_NOT_ANSWERED", answered.error().message);
  }
  if (inbox_.refused() == refused_) return;
  refused_ = inbox_.refused();
  log_.warn("COMMAND_REFUSED", "a file in commands/ is no command; it is in commands/refused/",
            {{"files", refused_}});
}

void OperatorDesk::refuse_late() {
  for (const CommandInbox::Waiting& waiting : inbox_.take()) {
    const bool is_known = recorded_.has(waiting.command.id);
    const auto answered = inbox_.answer(waiting.file, waiting.command, is_known,
                                        is_known ? "carried out before" : "the run is over");
    if (!answered) log_.error("COMMAND_NOT_ANSWERED", answered.error().message);
  }
}

}  // namespace st0ck::app
