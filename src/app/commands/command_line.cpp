#include "src/app/commands/command_line.hpp"

#include "src/app/commands/close_names.hpp"
#include "src/app/commands/live_notice.hpp"
#include "st0ck/core/version.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>

namespace st0ck::app {

namespace {

using Commands = std::span<const std::unique_ptr<Command>>;

constexpr std::string_view kFooter =
    "Names of commands may be cut short: `st0ck pos`. `st0ck COMMAND --help` tells the options.\n"
    "Exit codes: 0 fine, 2 usage or input, 5 a replay diverged, 6 a check has findings.";

/// Puts the full name where `word` is the beginning of one; of several names, none.
core::Result<const Command*> resolve(std::string& word, Commands commands) {
  std::vector<const Command*> found;
  std::vector<std::string> names;
  for (const auto& command : commands) {
    names.emplace_back(command->name());
    if (command->name() == word) return command.get();
    if (command->name().starts_with(word)) found.push_back(command.get());
  }
  if (found.size() == 1) {
    word = found.front()->name();
    return found.front();
  }
  if (found.empty())
    return core::fail(core::Errc::BadInput, "no command '{}'{}; allowed are {}", word,
                      did_you_mean(close_names(word, names)), fmt::join(names, ", "));
  std::vector<std::string_view> candidates;
  for (const Command* command : found) candidates.push_back(command->name());
  return core::fail(core::Errc::BadInput, "'{}' may be {}", word, fmt::join(candidates, " or "));
}

core::Status complete_names(std::vector<std::string>& arguments, Commands commands) {
  for (std::string& word : arguments) {
    // Before the name of a command come only flags.
    if (word.empty() || word.front() == '-') continue;
    const auto command = resolve(word, commands);
    if (!command) return tl::unexpected(command.error());
    commands = (*command)->parts();
    if (commands.empty()) break;
  }
  return {};
}

/// What the arguments have chosen.
struct Choice {
  Command* command = nullptr;
  const CLI::App* cli = nullptr;
};

void add(CLI::App& parent, Command& command, Choice& chosen) {
  CLI::App* const cli =
      parent.add_subcommand(std::string{command.name()}, std::string{command.summary()});
  command.declare(*cli);
  if (command.parts().empty()) {
    cli->callback([&chosen, &command, cli] { chosen = {&command, cli}; });
    return;
  }
  cli->require_subcommand(1);
  for (const auto& part : command.parts()) add(*cli, *part, chosen);
}

int fail(Console& console, std::string message) {
  // One line each, also where a message quotes something of several lines.
  std::ranges::replace(message, '\n', ' ');
  console.err << "st0ck: " << message << '\n';
  return kExitInput;
}

/// Whoever looks into a live run or changes it is told that it is one.
void tell_if_live(const CLI::App& cli, Console& console) {
  const CLI::Option* state_dir = cli.get_option_no_throw("--state-dir");
  if (state_dir == nullptr) return;
  const std::string notice = live_notice(state_dir->as<std::string>());
  if (!notice.empty()) console.err << notice << std::endl;
}

int run(const Choice& chosen, Console& console) {
  tell_if_live(*chosen.cli, console);
  const auto code = chosen.command->run(console);
  if (!finish(console)) return fail(console, "standard output: cannot be written");
  return code ? static_cast<int>(*code) : fail(console, code.error().message);
}

}  // namespace

int run_command_line(std::vector<std::string> arguments, Commands commands, Console& console) {
  CLI::App cli{"st0ck: looks at what st0ckd did, proves it, and prepares what it needs", "st0ck"};
  cli.set_version_flag("--version", std::string{core::kVersion});
  cli.require_subcommand(1);
  cli.footer(std::string{kFooter});
  Choice chosen;
  for (const auto& command : commands) add(cli, *command, chosen);

  if (arguments.empty()) {
    console.err << cli.help();
    return kExitInput;
  }
  if (const auto completed = complete_names(arguments, commands); !completed)
    return fail(console, completed.error().message);
  try {
    std::ranges::reverse(arguments);  // What CLI11 takes as a vector is a stack.
    cli.parse(arguments);
    return run(chosen, console);
  } catch (const CLI::Success& help) {
    cli.exit(help, console.out, console.err);
    return finish(console) ? kExitFine : kExitInput;
  } catch (const CLI::ParseError& error) {
    return fail(console, fmt::format("{} (--help tells what is allowed)", error.what()));
  } catch (const std::exception& error) {
    fail(console, fmt::format("internal error: {}", error.what()));
    return kExitInternal;
  }
}

}  // namespace st0ck::app
