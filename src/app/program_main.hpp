#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace st0ck::app {

/// What `main` of a program does: reads the arguments, then runs; the exit code is that of `run`,
/// kExitInput for arguments that cannot be read, kExitInternal for an exception, which is told
/// under the program's name.
int run_program(CLI::App& cli, int argc, char** argv, const std::function<int()>& run);

}  // namespace st0ck::app
