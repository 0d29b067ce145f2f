#include "daemon_command.hpp"

#include "support/shared_data.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace st0ck::test {

namespace fs = std::filesystem;

fs::path program(std::string_view name) {
  const char* const folder = std::getenv("ST0CK_BIN_DIR");
  if (folder != nullptr) return fs::path{folder} / name;
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / name;
}

DaemonCommand::DaemonCommand(const std::string& config)
    : words_{program("st0ckd").string(), "--config", config} {}

DaemonCommand DaemonCommand::generated(int days, int seed) {
  return DaemonCommand{"tests/integration/bars_day.yaml"}
      .with("market.days", std::to_string(days))
      .with("market.seed", std::to_string(seed));
}

DaemonCommand DaemonCommand::paper(int days, int seed) {
  return DaemonCommand{"config/paper.yaml"}
      .with("market.days", std::to_string(days))
      .with("market.seed", std::to_string(seed));
}

DaemonCommand DaemonCommand::recorded() {
  return DaemonCommand{"config/recorded.yaml"}
      .with("market.path", shared_data("us-equity-minute-2019").string())
      .with("market.from", "2019-02-11")
      .with("market.to", "2019-02-15");
}

DaemonCommand DaemonCommand::recorded_in(const fs::path& folder) {
  return DaemonCommand{"config/recorded.yaml"}
      .with("market.path", folder.string())
      .with("market.from", "2019-02-11")
      .with("market.to", "2019-02-11");
}

DaemonCommand DaemonCommand::with(std::string_view key, std::string_view value) const {
  return with_option("--set", fmt::format("{}={}", key, value));
}

DaemonCommand DaemonCommand::with_option(const std::string& name, const std::string& value) const {
  DaemonCommand command = *this;
  command.words_.push_back(name);
  command.words_.push_back(value);
  return command;
}

DaemonCommand DaemonCommand::on(const fs::path& state_dir) const {
  return with_option("--state-dir", state_dir.string());
}

}  // namespace st0ck::test
