#include "src/app/exchange/scenario.hpp"

#include "src/app/exchange/faults/fault_settings.hpp"
#include "st0ck/core/settings.hpp"

#include <utility>

namespace st0ck::app::exchange {

namespace {

core::Schema<Scenario> scenario_schema() {
  core::Schema<Scenario> schema;
  schema.field("requests_per_minute", &Scenario::requests_per_minute)
      .help("What one key may ask in a sliding minute; 429 above.")
      .unit("requests")
      .by_default("200")
      .range("1", "1000000");
  schema.field("latency", &Scenario::latency)
      .help("How long each answer takes, in real time.")
      .by_default("0s")
      .range("0s", "25s");
  schema.field("jitter", &Scenario::jitter)
      .help("Up to so much more, drawn anew for each answer.")
      .by_default("0s")
      .range("0s", "4s");
  schema.field("reject_one_in", &Scenario::reject_one_in)
      .help("Every so many-th new order is turned down; 0 is none.")
      .unit("orders")
      .by_default("0")
      .range("0", "1000000");
  schema.field("reject_status", &Scenario::reject_status)
      .help("The HTTP status that it is turned down with.")
      .by_default("503")
      .range("400", "599");
  schema.field("seed", &Scenario::seed)
      .help("Of the jitter and of all faults.")
      .by_default("1")
      .at_least("0");
  schema.field("around_midnight", &Scenario::around_midnight)
      .help("How long before and after midnight the exchange is there, by its clock.")
      .by_default("0s")
      .range("0s", "570m");
  return schema;
}

LoadedScenario read(core::SettingsDocument document) {
  LoadedScenario loaded;
  core::SettingsSection root = document.root();
  loaded.scenario = root.read(scenario_schema());
  loaded.scenario.faults = read_faults(root);
  loaded.problems = document.finish();
  return loaded;
}

}  // namespace

LoadedScenario load_scenario(const std::filesystem::path& file) {
  return read(core::SettingsDocument::load(file));
}

LoadedScenario parse_scenario(std::string_view text, std::string_view name) {
  return read(core::SettingsDocument::parse(text, name));
}

}  // namespace st0ck::app::exchange
