#include "st0ck/core/settings.hpp"

#include "src/core/settings/settings_state.hpp"
#include "st0ck/core/hash.hpp"

namespace st0ck::core {

void SettingsSection::read_into(const SettingsSchema& schema, void* settings) {
  state_->read(path_, schema, settings);
}

void SettingsSection::mention(const SettingsSchema& schema, std::string_view when) {
  for (const auto& entry : schema.entries()) {
    if (const auto* section = std::get_if<SettingsSchema::Section>(&entry))
      state_->mention(path_, section->key, when);
    else
      state_->mention(path_, std::get<std::unique_ptr<SettingField>>(entry)->key(), when);
  }
}

SettingsSection SettingsSection::section(std::string_view key, std::string_view help) {
  state_->open_section(path_, key, help);
  return {*state_, join_path(path_, key)};
}

std::vector<std::pair<std::string, SettingsSection>> SettingsSection::sections(
    std::string_view key, std::size_t name_max, std::string_view help) {
  state_->open_section(path_, key, help);
  const std::string path = join_path(path_, key);
  std::vector<std::pair<std::string, SettingsSection>> all;
  for (const auto& name : state_->open_names(path, name_max))
    all.emplace_back(name, SettingsSection{*state_, join_path(path, name)});
  return all;
}

void SettingsSection::problem(std::string_view key, std::string_view allowed) {
  state_->blame(path_, key, allowed);
}

bool SettingsSection::is_undecided() const { return state_->is_undecided(path_); }

bool SettingsSection::has_problem(std::string_view key) const {
  return state_->has_problem(path_, key);
}

std::string SettingsSection::place(std::string_view key) const { return state_->place(path_, key); }

SettingsDocument::SettingsDocument(std::unique_ptr<SettingsState> state)
    : state_{std::move(state)} {}
SettingsDocument::~SettingsDocument() = default;
SettingsDocument::SettingsDocument(SettingsDocument&&) noexcept = default;
SettingsDocument& SettingsDocument::operator=(SettingsDocument&&) noexcept = default;

SettingsDocument SettingsDocument::load(const std::filesystem::path& file,
                                        const std::vector<std::string>& overrides) {
  return SettingsDocument{SettingsState::load(file, overrides)};
}

SettingsDocument SettingsDocument::parse(std::string_view text, std::string_view name,
                                         const std::vector<std::string>& overrides) {
  return SettingsDocument{SettingsState::parse(text, name, overrides)};
}

SettingsSection SettingsDocument::root() { return {*state_, ""}; }

std::vector<SettingProblem> SettingsDocument::finish() const { return state_->problems(); }

std::string SettingsDocument::to_yaml(bool comments) const {
  return effective_yaml(state_->effective(), comments);
}

std::string SettingsDocument::canonical_text(std::string_view path) const {
  return effective_lines(state_->effective(), path);
}

std::string SettingsDocument::hash(std::string_view path) const {
  return sha256_hex(canonical_text(path));
}

}  // namespace st0ck::core
