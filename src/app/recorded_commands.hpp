#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/trading/operator_command.hpp"

#include <deque>
#include <filesystem>
#include <set>
#include <string>

namespace st0ck::app {

/// The operators' commands of a run's journal. A run that is executed again gets them at the places
/// where it got them before: nothing else than the journal knows those (docs/adr/0019).
class RecordedCommands {
 public:
  /// None where there is no journal yet.
  static core::Result<RecordedCommands> read(const std::filesystem::path& journal);

  /// The command whose record is the next one to come; null when another event is.
  const trading::OperatorCommand* at(core::Sequence next) const {
    return !commands_.empty() && commands_.front().sequence == next ? &commands_.front().command
                                                                    : nullptr;
  }
  bool is_empty() const { return commands_.empty(); }
  void pop() { commands_.pop_front(); }

  /// Whether a command of that id was carried out before.
  bool has(const std::string& id) const { return ids_.contains(id); }
  void add(const std::string& id) { ids_.insert(id); }

 private:
  struct Recorded {
    core::Sequence sequence;
    trading::OperatorCommand command;
  };

  std::deque<Recorded> commands_;
  std::set<std::string> ids_;
};

}  // namespace st0ck::app
