#include "cmake/registered_engines.hpp"
#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/settings_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/configuration.hpp"
#include "st0ck/kernel/engine_registry.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace st0ck::app {

std::unique_ptr<Command> config_command();

namespace {

using Json = nlohmann::ordered_json;

kernel::EngineRegistry registered_engines() {
  kernel::EngineRegistry registry;
  register_engines(registry);
  return registry;
}

/// A file with overrides, as the daemon takes them.
struct ConfigurationFile {
  std::string path;
  std::vector<std::string> overrides;

  void declare(CLI::App& cli) {
    cli.add_option("--config", path, "The configuration, a YAML file")
        ->type_name("FILE")
        ->required();
    cli.add_option("--set", overrides, "Override a setting; may be given many times")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  LoadedConfiguration load() const {
    return load_configuration(path, overrides, registered_engines());
  }
};

Json problems_json(const std::vector<core::SettingProblem>& problems) {
  Json json = Json::array();
  for (const auto& problem : problems)
    json.push_back({{"place", problem.place},
                    {"key", problem.key},
                    {"found", problem.found},
                    {"allowed", problem.allowed}});
  return json;
}

ExitCode report(Console& console, const LoadedConfiguration& loaded) {
  for (const auto& problem : loaded.problems)
    console.err << "st0ck: " << problem.to_string() << '\n';
  return kExitInput;
}

class ConfigCheckCommand final : public Command {
 public:
  std::string_view name() const override { return "check"; }
  std::string_view summary() const override { return "What is wrong with a configuration"; }

  void declare(CLI::App& cli) override {
    file_.declare(cli);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto loaded = file_.load();
    const bool is_fine = loaded.problems.empty();
    if (is_json_) {
      print_json(console, {{"fine", is_fine}, {"problems", problems_json(loaded.problems)}});
      return is_fine ? kExitFine : kExitInput;
    }
    if (!is_fine) return report(console, loaded);
    console.print("{}: fine\n", file_.path);
    return kExitFine;
  }

 private:
  ConfigurationFile file_;
  bool is_json_ = false;
};

class ConfigShowCommand final : public Command {
 public:
  std::string_view name() const override { return "show"; }
  std::string_view summary() const override {
    return "The effective configuration, defaults filled in, with comments";
  }

  void declare(CLI::App& cli) override {
    file_.declare(cli);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto loaded = file_.load();
    if (!loaded.problems.empty()) return report(console, loaded);
    const Configuration& configuration = loaded.configuration;
    if (is_json_) {
      print_json(console, {{"configuration_sha256", configuration.hash},
                           {"settings", settings_json(configuration.yaml)}});
    } else {
      console.print("{}", configuration.yaml);
    }
    return kExitFine;
  }

 private:
  ConfigurationFile file_;
  bool is_json_ = false;
};

Json key_json(const core::SettingInfo& key) {
  Json json;
  json["key"] = key.key;
  json["type"] = key.type;
  json["required"] = key.required;
  json["default"] = key.default_text.empty() ? Json(nullptr) : Json(key.default_text);
  json["allowed"] = key.allowed;
  json["unit"] = key.unit;
  json["help"] = key.help;
  json["decides"] = key.in_hash;
  return json;
}

void print_key(Console& console, const core::SettingInfo& key) {
  console.print("{}", toned(console, Tone::Heading, key.key));
  if (key.required) {
    console.print("  required");
  } else if (!key.default_text.empty()) {
    console.print("  default {}{}{}", key.default_text, key.unit.empty() ? "" : " ", key.unit);
  }
  console.print("\n    {}\n    allowed: {}\n", key.help, key.allowed);
}

class ConfigKeysCommand final : public Command {
 public:
  std::string_view name() const override { return "keys"; }
  std::string_view summary() const override { return "Every setting there is"; }

  void declare(CLI::App& cli) override {
    cli.add_option("PREFIX", prefix_, "Only keys that begin like this, such as `market.`");
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    auto keys = configuration_keys(registered_engines());
    std::erase_if(keys, [&](const auto& key) { return !key.key.starts_with(prefix_); });
    if (keys.empty())
      return core::fail(core::Errc::NotFound, "no setting begins with '{}'", prefix_);
    if (is_json_) {
      Json json = Json::array();
      for (const auto& key : keys) json.push_back(key_json(key));
      print_json(console, json);
    } else {
      for (const auto& key : keys) print_key(console, key);
    }
    return kExitFine;
  }

 private:
  std::string prefix_;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> config_command() {
  return std::make_unique<CommandGroup>(
      "config", "Check and show configurations", std::make_unique<ConfigCheckCommand>(),
      std::make_unique<ConfigShowCommand>(), std::make_unique<ConfigKeysCommand>());
}

}  // namespace st0ck::app
