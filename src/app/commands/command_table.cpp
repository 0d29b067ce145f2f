#include "src/app/commands/command.hpp"

// A command is one file here, `<name>.cpp` with `std::unique_ptr<Command> <name>_command()`, and
// one line in this list.
#define ST0CK_COMMANDS(COMMAND) \
  COMMAND(status)               \
  COMMAND(trades)               \
  COMMAND(positions)            \
  COMMAND(orders)               \
  COMMAND(explain)              \
  COMMAND(halt)                 \
  COMMAND(resume)               \
  COMMAND(flatten)              \
  COMMAND(close)                \
  COMMAND(cancel)               \
  COMMAND(promote)              \
  COMMAND(replay)               \
  COMMAND(calendar)             \
  COMMAND(data)                 \
  COMMAND(db)                   \
  COMMAND(metrics)              \
  COMMAND(config)

namespace st0ck::app {

#define ST0CK_DECLARE(name) std::unique_ptr<Command> name##_command();
ST0CK_COMMANDS(ST0CK_DECLARE)
#undef ST0CK_DECLARE

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
#define ST0CK_ADD(name) commands.push_back(name##_command());
  ST0CK_COMMANDS(ST0CK_ADD)
#undef ST0CK_ADD
  return commands;
}

}  // namespace st0ck::app
