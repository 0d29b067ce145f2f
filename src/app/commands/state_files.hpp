#pragma once

#include "src/app/run_files.hpp"

#include <string>

namespace CLI {
class App;
}

namespace st0ck::app {

/// Declares `--state-dir`, by default `state`.
void declare_state_dir(CLI::App& cli, std::string& state_dir);

/// Declares `--json`.
void declare_json(CLI::App& cli, bool& is_json);

}  // namespace st0ck::app
