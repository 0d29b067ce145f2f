#include "src/app/commands/command.hpp"

namespace st0ck::app {

std::unique_ptr<Command> data_command();
std::unique_ptr<Command> data_check_command();
std::unique_ptr<Command> data_formats_command();
std::unique_ptr<Command> data_import_command();

std::unique_ptr<Command> data_command() {
  return std::make_unique<CommandGroup>("data", "Check and convert files of bars",
                                        data_check_command(), data_import_command(),
                                        data_formats_command());
}

}  // namespace st0ck::app
