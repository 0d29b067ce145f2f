#include "src/app/commands/command_line.hpp"
#include "src/app/console/console.hpp"

#include <csignal>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  // Whether a reader has gone is seen when writing; until then work is done as asked.
  std::signal(SIGPIPE, SIG_IGN);
  using namespace st0ck;
  app::Console console = app::standard_console();
  const auto commands = app::all_commands();
  return app::run_command_line({argv + (argc > 0 ? 1 : 0), argv + argc}, commands, console);
}
