#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "src/app/metrics_file.hpp"
#include "src/app/state_directory.hpp"
#include "st0ck/core/plain_file.hpp"
#include "st0ck/core/time_text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace st0ck::app {

std::unique_ptr<Command> metrics_command();

namespace {

using Json = nlohmann::ordered_json;

Json written_at(const std::filesystem::path& file) {
  const auto written = core::last_written(file);
  return written ? Json(core::format_utc(*written)) : Json(nullptr);
}

core::Result<Json> read_metrics(const std::filesystem::path& state_dir) {
  if (const auto checked = check_state_dir(state_dir); !checked)
    return tl::unexpected(checked.error());
  const auto path = metrics_file_of(state_dir);
  const auto json = read_metrics_file(path);
  if (!json) return json;
  // A run that was killed leaves its last figures, which look like those of one that goes on.
  Json shown{{"snapshot",
              {{"written", written_at(path)},
               {"is_daemon_running", StateDirectory::is_in_use(state_dir)}}}};
  shown.update(*json);
  return shown;
}

/// Of a list its parts; a dash for what is not known.
std::string text_of(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{:.3f}", value.get<double>());
  if (!value.is_structured()) return value.dump();
  if (value.empty()) return "none";
  std::vector<std::string> parts;
  for (const Json& part : value) parts.push_back(text_of(part));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// `pools.trading.waiting  0`, one line for each figure.
void add_rows(Table& table, const Json& json, const std::string& prefix) {
  for (const auto& [key, value] : json.items()) {
    const std::string name = prefix.empty() ? key : fmt::format("{}.{}", prefix, key);
    if (value.is_object() && !value.empty())
      add_rows(table, value, name);
    else
      table.add({name, text_of(value)});
  }
}

class MetricsCommand final : public Command {
 public:
  std::string_view name() const override { return "metrics"; }
  std::string_view summary() const override { return "The figures that a run last told of itself"; }

  void declare(CLI::App& cli) override {
    declare_state_dir(cli, state_dir_);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto json = read_metrics(state_dir_);
    if (!json) return tl::unexpected(json.error());
    if (is_json_) {
      print_json(console, *json);
      return kExitFine;
    }
    Table table{{{"figure", Align::Left}, {"value", Align::Left}}};
    add_rows(table, *json, "");
    table.print(console);
    return kExitFine;
  }

 private:
  std::string state_dir_ = "state";
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> metrics_command() { return std::make_unique<MetricsCommand>(); }

}  // namespace st0ck::app
