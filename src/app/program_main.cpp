#include "src/app/program_main.hpp"

#include "src/app/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace st0ck::app {

int run_program(CLI::App& cli, int argc, char** argv, const std::function<int()>& run) {
  try {
    cli.parse(argc, argv);
    return run();
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? kExitFine : kExitInput;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: internal error: {}\n", cli.get_name(), error.what());
    return kExitInternal;
  }
}

}  // namespace st0ck::app
