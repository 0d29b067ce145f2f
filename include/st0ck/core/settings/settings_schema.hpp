#pragma once

#include "st0ck/core/settings/setting_field.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace st0ck::core {

/// Takes what a check across several settings finds.
class SettingChecks {
 public:
  struct Failure {
    std::string key;
    std::string allowed;
  };

  /// Blames `key` (of the section being checked); the value found there is added by the reader.
  void add(std::string_view key, std::string allowed) {
    failures_.push_back({std::string{key}, std::move(allowed)});
  }

  const std::vector<Failure>& failures() const { return failures_; }

 private:
  std::vector<Failure> failures_;
};

/// The settings of one section of the file, their types erased.
class SettingsSchema {
 public:
  struct Section {
    std::string key;
    std::string help;
    std::unique_ptr<SettingsSchema> schema;
    std::function<void*(void*)> member;  ///< From the outer settings to the inner ones.
  };
  using Entry = std::variant<std::unique_ptr<SettingField>, Section>;
  using Check = std::function<void(const void*, SettingChecks&)>;

  SettingsSchema() = default;
  virtual ~SettingsSchema() = default;
  SettingsSchema(SettingsSchema&&) = default;
  SettingsSchema& operator=(SettingsSchema&&) = default;

  std::span<const Entry> entries() const { return entries_; }
  std::span<const Check> checks() const { return checks_; }

  /// Each setting with its path, in the order of declaration.
  std::vector<SettingInfo> list(std::string_view prefix = "") const;

 protected:
  void add(Entry entry);
  void add(Check check) { checks_.push_back(std::move(check)); }
  void leave_out_of_hash();

 private:
  std::vector<Entry> entries_;
  std::vector<Check> checks_;
};

/// The settings of a component: the members of a struct, each bound to its key. The example is at
/// SettingsDocument.
template <typename Settings>
class Schema : public SettingsSchema {
 public:
  /// Declares a setting; describe it further on what is returned.
  template <typename Member>
  BoundSettingField<Settings, Member>& field(std::string_view key, Member Settings::* member) {
    auto field = std::make_unique<BoundSettingField<Settings, Member>>(key, member);
    auto& described = *field;
    add(Entry{std::unique_ptr<SettingField>{std::move(field)}});
    return described;
  }

  /// Declares a section inside this one, kept in a member.
  template <typename Inner>
  void section(std::string_view key, Inner Settings::* member, Schema<Inner> schema,
               std::string_view help = "") {
    add(Entry{Section{std::string{key}, std::string{help},
                      std::make_unique<Schema<Inner>>(std::move(schema)),
                      [member](void* settings) -> void* {
                        return &(static_cast<Settings*>(settings)->*member);
                      }}});
  }

  /// Adds a check across settings; it runs when each of them is good by itself.
  void check(std::function<void(const Settings&, SettingChecks&)> check) {
    add(Check{[check = std::move(check)](const void* settings, SettingChecks& checks) {
      check(*static_cast<const Settings*>(settings), checks);
    }});
  }

  /// Leaves all settings declared so far out of the configuration hash.
  void not_in_hash() { leave_out_of_hash(); }
};

}  // namespace st0ck::core
