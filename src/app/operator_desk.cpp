#include "src/app/operator_desk.hpp"

#include <algorithm>
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
  for (CommandInbox::Waiting& waiting : inbox_.take()) {
    if (is_unanswered(waiting.file)) continue;
    kernel::Kernel::CommandOutcome outcome{true, "carried out before"};
    if (!recorded_.has(waiting.command.id)) outcome = kernel.on_operator_command(waiting.command);
    recorded_.add(waiting.command.id);
    unanswered_.push_back({records.last_sequence(), std::move(waiting), std::move(outcome)});
  }
  if (!unanswered_.empty()) records.request_sync();
  if (inbox_.refused() == refused_) return;
  refused_ = inbox_.refused();
  log_.warn("COMMAND_REFUSED", "a file in commands/ is no command; it is in commands/refused/",
            {{"files", refused_}});
}

void OperatorDesk::answer_durable(const RunRecords& records) {
  while (!unanswered_.empty() && unanswered_.front().sequence <= records.durable_up_to()) {
    answer(unanswered_.front());
    unanswered_.pop_front();
  }
}

void OperatorDesk::settle(RunRecords& records) {
  if (!unanswered_.empty() && records.make_durable()) answer_durable(records);
}

bool OperatorDesk::is_unanswered(const std::string& file) const {
  return std::any_of(unanswered_.begin(), unanswered_.end(),
                     [&](const CarriedOut& command) { return command.waiting.file == file; });
}

void OperatorDesk::answer(const CarriedOut& command) {
  const auto answered = inbox_.answer(command.waiting.file, command.waiting.command,
                                      command.outcome.is_accepted, command.outcome.text);
  if (!answered) log_.error("COMMAND_NOT_ANSWERED", answered.error().message);
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
