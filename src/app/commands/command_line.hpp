#pragma once

#include "src/app/commands/command.hpp"
#include "src/app/console/console.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace st0ck::app {

/// Runs what the arguments (without the program's name) ask for and returns the exit code.
///
/// Names of commands may be cut short as long as they are unambiguous. Errors are one line on
/// `err` that begins with `st0ck: `.
int run_command_line(std::vector<std::string> arguments,
                     std::span<const std::unique_ptr<Command>> commands, Console& console);

}  // namespace st0ck::app
