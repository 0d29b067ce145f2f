#pragma once

#include "src/app/faults/memory_journal.hpp"
#include "src/app/faults/trader.hpp"
#include "st0ck/trading/operator_command.hpp"

#include <deque>
#include <vector>

namespace st0ck::app::faults {

/// Commands as files in a folder: they wait for a trader that takes them, and are answered, and
/// gone, once their record is durable. One that a crash has lost is taken again.
class CommandLineDrill {
 public:
  void give(const trading::OperatorCommand& command) { waiting_.push_back(command); }

  /// What the trader does between its tasks.
  void work(Trader& trader, MemoryJournal& journal) {
    while (!waiting_.empty()) {
      const trading::OperatorCommand command = waiting_.front();
      waiting_.pop_front();
      trader.kernel().on_operator_command(command);
      unanswered_.push_back({journal.last_sequence(), command});
      journal.request_sync();
    }
    while (!unanswered_.empty() && unanswered_.front().sequence <= journal.durable_up_to()) {
      ++carried_out_;
      unanswered_.pop_front();
    }
  }

  /// Records after `left` are lost.
  void on_crash(core::Sequence left) {
    while (!unanswered_.empty()) {
      if (unanswered_.back().sequence > left) waiting_.push_front(unanswered_.back().command);
      unanswered_.pop_back();
    }
  }

  std::uint64_t carried_out() const { return carried_out_; }

 private:
  struct Unanswered {
    core::Sequence sequence{};
    trading::OperatorCommand command;
  };

  std::deque<trading::OperatorCommand> waiting_;
  std::deque<Unanswered> unanswered_;
  std::uint64_t carried_out_ = 0;
};

}  // namespace st0ck::app::faults
