#pragma once

#include "src/app/console/console.hpp"
#include "src/app/exit_code.hpp"
#include "st0ck/core/result.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace st0ck::app {

/// One thing that `st0ck` can do.
class Command {
 public:
  virtual ~Command() = default;

  virtual std::string_view name() const = 0;
  virtual std::string_view summary() const = 0;

  /// Declares its options on `cli`. They are bound to members: the command outlives `cli`.
  virtual void declare(CLI::App& cli) = 0;

  /// Does it, once the options are parsed. An error becomes one line on `err` and exit code 2;
  /// other ends are told by the code.
  virtual core::Result<ExitCode> run(Console& console) = 0;

  /// The commands below this one; a command that has some does nothing by itself.
  virtual std::span<const std::unique_ptr<Command>> parts() const { return {}; }
};

/// A name with commands below it, like `db check`.
class CommandGroup final : public Command {
 public:
  template <typename... Parts>
  CommandGroup(std::string_view name, std::string_view summary, std::unique_ptr<Parts>... parts)
      : name_{name}, summary_{summary} {
    (parts_.push_back(std::move(parts)), ...);
  }

  std::string_view name() const override { return name_; }
  std::string_view summary() const override { return summary_; }
  void declare(CLI::App&) override {}
  core::Result<ExitCode> run(Console&) override { return kExitInput; }
  std::span<const std::unique_ptr<Command>> parts() const override { return parts_; }

 private:
  std::string_view name_;
  std::string_view summary_;
  std::vector<std::unique_ptr<Command>> parts_;
};

/// Every command, in the order of the help.
std::vector<std::unique_ptr<Command>> all_commands();

}  // namespace st0ck::app
