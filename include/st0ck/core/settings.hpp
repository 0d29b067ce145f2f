#pragma once

#include "st0ck/core/settings/setting_problem.hpp"
#include "st0ck/core/settings/settings_schema.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::core {

class SettingsState;

/// The limits of a settings file.
inline constexpr std::size_t kSettingsBytesMax = 1024 * 1024;
inline constexpr std::size_t kSettingsDepthMax = 16;
inline constexpr std::size_t kSettingsKeysMax = 1000;     ///< In one map.
inline constexpr std::size_t kSettingsItemsMax = 10'000;  ///< In one list.
inline constexpr std::size_t kSettingProblemsMax = 200;

/// A place in the settings that a component reads its own part from. A handle: cheap to copy,
/// valid as long as its document.
class SettingsSection {
 public:
  /// Reads a struct. What is missing or wrong gets its default (or stays as constructed) and is
  /// noted in the document: use the result only when `finish` finds no problem.
  /// Several schemas may read one section; together they make up its keys.
  template <typename Settings>
  Settings read(const Schema<Settings>& schema) {
    Settings settings{};
    read_into(schema, &settings);
    return settings;
  }

  /// Notes the keys of a schema that another choice would read, so that a message can say when
  /// they are allowed: `when` completes "only where ...", for example `market.kind is recorded`.
  void mention(const SettingsSchema& schema, std::string_view when);

  /// The section under `key`; empty where the file has none.
  SettingsSection section(std::string_view key, std::string_view help = "");

  /// The sections under `key` by their names, which are the user's; sorted, so that the order in
  /// the file decides nothing. A name has at most `name_max` of a-z, 0-9 and _.
  std::vector<std::pair<std::string, SettingsSection>> sections(std::string_view key,
                                                                std::size_t name_max,
                                                                std::string_view help = "");

  /// Notes a problem of a value that was read well but does not fit the rest.
  void problem(std::string_view key, std::string_view allowed);

  /// Whether a word that decides about the keys here is wrong, or the document itself, so that what
  /// was read instead says nothing about the rest.
  bool is_undecided() const;

  /// Whether a problem of that key was noted.
  bool has_problem(std::string_view key) const;

  /// Where that key is written, or would be: `file:line`, or the file.
  std::string place(std::string_view key) const;

  /// The dotted path; empty for the whole document.
  const std::string& path() const { return path_; }

 private:
  friend class SettingsDocument;
  SettingsSection(SettingsState& state, std::string path)
      : state_{&state}, path_{std::move(path)} {}

  void read_into(const SettingsSchema& schema, void* settings);

  SettingsState* state_;
  std::string path_;
};

/// The settings of a run: a YAML file with overrides, read against schemas that the components
/// declare. All problems of a file are found in one run.
///
///     struct TapeSettings {
///       core::Price half_spread;
///       double speed = 0;
///       std::optional<core::Date> from;
///     };
///
///     core::Schema<TapeSettings> tape_schema() {
///       core::Schema<TapeSettings> schema;
///       schema.field("half_spread", &TapeSettings::half_spread)
///           .help("Half of the spread of a quote derived from a bar.")
///           .by_default("0.005").range("0", "10").unit("dollars");
///       schema.field("speed", &TapeSettings::speed)
///           .help("Multiple of real time; 0 is full speed.").by_default("0").at_least("0");
///       schema.field("from", &TapeSettings::from).help("First session.");
///       return schema;
///     }
///
///     auto document = core::SettingsDocument::load("config/paper.yaml", {"market.speed=10"});
///     auto market = document.root().section("market");
///     const auto choice = market.read(market_schema());         // kind
///     if (choice.kind == MarketKind::Recorded) tape = market.read(tape_schema());
///     for (auto& [id, bot] : document.root().sections("bots", core::BotId::kCapacity))
///       engines.at(bot.read(bot_schema()).engine).read_settings(bot);
///     for (const auto& problem : document.finish()) fmt::print(stderr, "{}\n",
///     problem.to_string());
///
/// Secrets have no place here: a key that looks like one is refused, and no message shows its
/// value. Not thread-safe; a start-up part.
class SettingsDocument {
 public:
  /// Reads the file; each override is `key.path=value`, where the value is taken as it stands,
  /// or as YAML where it begins with a quote, `[` or `{`. A file that cannot be read is a problem
  /// of the document.
  static SettingsDocument load(const std::filesystem::path& file,
                               const std::vector<std::string>& overrides = {});

  /// The same from text; `name` stands for the file in messages.
  static SettingsDocument parse(std::string_view text, std::string_view name,
                                const std::vector<std::string>& overrides = {});

  ~SettingsDocument();
  SettingsDocument(SettingsDocument&&) noexcept;
  SettingsDocument& operator=(SettingsDocument&&) noexcept;

  SettingsSection root();

  /// All problems in the order of the file, once every component has read its part: keys that
  /// nobody read are problems too.
  std::vector<SettingProblem> finish() const;

  /// The effective settings as YAML, defaults filled in, in the order of reading; with the help,
  /// unit and range of each as comments, where wanted. Reads back to the same settings.
  std::string to_yaml(bool comments) const;

  /// The settings that decide something, one `path=value` per line, sorted; what the
  /// configuration hash covers. `path` narrows it to one section.
  std::string canonical_text(std::string_view path = "") const;

  /// SHA-256 of `canonical_text`.
  std::string hash(std::string_view path = "") const;

 private:
  explicit SettingsDocument(std::unique_ptr<SettingsState> state);

  std::unique_ptr<SettingsState> state_;
};

}  // namespace st0ck::core
