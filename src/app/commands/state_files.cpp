#include "src/app/commands/state_files.hpp"

#include <CLI/CLI.hpp>

namespace st0ck::app {

void declare_state_dir(CLI::App& cli, std::string& state_dir) {
  cli.add_option("--state-dir", state_dir, "Folder that st0ckd writes a run to")
      ->type_name("DIR")
      ->capture_default_str();
}

void declare_json(CLI::App& cli, bool& is_json) {
  cli.add_flag("--json", is_json, "One JSON document instead of text");
}

}  // namespace st0ck::app
