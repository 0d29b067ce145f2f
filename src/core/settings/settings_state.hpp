#pragma once

#include "src/core/settings/effective_settings.hpp"
#include "src/core/settings/settings_tree.hpp"
#include "st0ck/core/settings.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::core {

/// What a document and its sections share: the tree as written, what was read from it, and what
/// was wrong.
class SettingsState {
 public:
  static std::unique_ptr<SettingsState> load(const std::filesystem::path& file,
                                             const std::vector<std::string>& overrides);
  static std::unique_ptr<SettingsState> parse(std::string_view text, std::string_view name,
                                              const std::vector<std::string>& overrides);

  void read(const std::string& path, const SettingsSchema& schema, void* settings);
  void mention(const std::string& path, const std::string& key, std::string_view when);
  void open_section(const std::string& path, std::string_view key, std::string_view help);

  /// The well-formed names in the map at `path`, sorted, each opened as a section.
  std::vector<std::string> open_names(const std::string& path, std::size_t name_max);

  void blame(const std::string& path, std::string_view key, std::string_view allowed);

  bool is_undecided(const std::string& path) const;
  bool has_problem(const std::string& path, std::string_view key) const;
  std::string place(const std::string& path, std::string_view key) const;

  std::vector<SettingProblem> problems() const;
  const EffectiveSetting& effective() const { return effective_; }

 private:
  /// What is known about a map: the keys that were read, and those that other choices would read.
  struct KnownKeys {
    std::set<std::string, std::less<>> read;
    std::map<std::string, std::string, std::less<>> elsewhere;
    bool undecided = false;  ///< The word that decides about the keys is not good.
  };

  explicit SettingsState(std::string_view name);

  /// The node at `path`, or nullptr. Paths are made of our own keys and checked names, so that a
  /// dot always separates.
  const SettingsNode* node_at(std::string_view path) const;
  EffectiveSetting& effective_at(std::string_view path);
  SettingsPlace place_at(std::string_view path) const;

  /// Returns whether the value (or the default) was taken.
  bool read_field(const std::string& path, const SettingField& field, void* settings);
  void read_section(const std::string& path, const SettingsSchema::Section& section,
                    void* settings);
  void run_checks(const std::string& path, const SettingsSchema& schema, const void* settings);
  void note(SettingsPlace place, std::string key, std::string found, std::string allowed);
  void note_missing(const std::string& path, const SettingField& field);
  void find_unknown(const SettingsNode& map, const std::string& path,
                    SettingsFindings& findings) const;

  std::string name_;
  SettingsNode root_;
  bool complete_ = true;
  SettingsFindings findings_;
  std::map<std::string, KnownKeys, std::less<>> known_;
  EffectiveSetting effective_;
};

}  // namespace st0ck::core
