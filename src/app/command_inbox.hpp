#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/trading/operator_command.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// The folder `commands/` of a state directory, by which `st0ck` speaks to a daemon: a file is a
/// command, its answer lies in `commands/answered/` under the same name. What cannot be read is
/// moved to `commands/refused/`, with the reason beside it; nothing is lost without a word.
class CommandInbox {
 public:
  /// A command that waits, and the file it came in.
  struct Waiting {
    trading::OperatorCommand command;
    std::string file;
  };

  explicit CommandInbox(std::filesystem::path folder) : folder_{std::move(folder)} {}

  /// Writes a command so that a daemon finds it whole or not at all; the name of its file.
  core::Result<std::string> post(const trading::OperatorCommand& command) const;

  /// The commands that wait, in the order in which they were posted. Costs one look at the folder's
  /// time of change where nothing has been posted since the last call.
  std::vector<Waiting> take();

  /// Says what became of a command and takes it out of the folder.
  core::Status answer(const std::string& file, const trading::OperatorCommand& command,
                      bool is_accepted, std::string_view text) const;

  /// The answer to a command, once there is one.
  std::optional<std::string> find_answer(const std::string& file) const;

  /// Files that were no commands.
  std::uint64_t refused() const { return refused_; }

 private:
  void refuse(const std::filesystem::path& file, std::string_view why);

  std::filesystem::path folder_;
  std::optional<std::filesystem::file_time_type> seen_;
  std::uint64_t refused_ = 0;
};

}  // namespace st0ck::app
