#include "src/core/settings/settings_state.hpp"

#include "src/core/settings/settings_overrides.hpp"
#include "src/core/settings/yaml_reader.hpp"
#include "st0ck/core/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

namespace st0ck::core {

namespace {

/// The next part of a dotted path, taken off its front.
std::string_view take_part(std::string_view& path) {
  const auto dot = path.find('.');
  const auto part = path.substr(0, dot);
  path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  return part;
}

SettingInput input_of(const SettingsNode& node) {
  SettingInput input;
  input.none = node.kind == SettingsNode::Kind::None;
  input.list = node.kind == SettingsNode::Kind::List;
  if (node.kind == SettingsNode::Kind::Scalar) input.items.push_back({node.text, node.quoted});
  for (const auto& item : node.items) input.items.push_back({item.text, item.quoted});
  return input;
}

/// The first item of a list that is no scalar, or nullptr.
const SettingsNode* find_compound_item(const SettingsNode& node) {
  for (const auto& item : node.items)
    if (item.kind != SettingsNode::Kind::Scalar) return &item;
  return nullptr;
}

int order_of(const SettingsPlace& place) {
  return place.override_key.empty() ? place.line : std::numeric_limits<int>::max();
}

/// Cuts a long list off, and says so.
void limit(std::vector<SettingProblem>& problems) {
  if (problems.size() <= kSettingProblemsMax) return;
  const std::size_t more = problems.size() - kSettingProblemsMax;
  problems.resize(kSettingProblemsMax);
  problems.push_back({problems.back().place, "", fmt::format("{} more problems from here on", more),
                      "settings without any"});
}

/// What may stand instead of a key that nobody knows.
std::string allowed_instead(std::string_view key, const std::vector<std::string>& known) {
  if (names_a_secret(key))
    return "secrets in the environment or in systemd credentials, never in YAML";
  const std::string meant = closest_key(key, known);
  if (!meant.empty()) return fmt::format("'{}' (did you mean it?)", meant);
  if (known.empty()) return "no key";
  std::string all;
  for (const auto& name : known) all += fmt::format("{}{}", all.empty() ? "" : ", ", name);
  return all;
}

}  // namespace

SettingsState::SettingsState(std::string_view name) : name_{name} { effective_.section = true; }

std::unique_ptr<SettingsState> SettingsState::load(const std::filesystem::path& file,
                                                   const std::vector<std::string>& overrides) {
  std::ifstream stream{file, std::ios::binary};
  std::string text;
  std::error_code error;
  if (!stream) error = {errno, std::generic_category()};
  if (!error && std::filesystem::is_directory(file, error))
    error = std::make_error_code(std::errc::is_a_directory);
  if (!error) {
    // One byte more than is allowed, so that the reader sees a file that is too large.
    text.resize(kSettingsBytesMax + 1);
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) error = std::make_error_code(std::errc::io_error);
  }
  auto state = parse(text, file.string(), overrides);
  if (error) {
    state->complete_ = false;
    state->note({}, {}, error.message(), "a readable settings file");
  }
  return state;
}

std::unique_ptr<SettingsState> SettingsState::parse(std::string_view text, std::string_view name,
                                                    const std::vector<std::string>& overrides) {
  std::unique_ptr<SettingsState> state{new SettingsState{name}};
  YamlDocument document = read_yaml(text, {}, state->findings_);
  state->root_ = std::move(document.root);
  state->complete_ = document.complete;
  apply_overrides(overrides, state->root_, state->findings_);
  if (state->root_.kind == SettingsNode::Kind::Scalar ||
      state->root_.kind == SettingsNode::Kind::List)
    state->note(state->root_.place, {}, state->root_.describe(), "a map of settings");
  return state;
}

const SettingsNode* SettingsState::node_at(std::string_view path) const {
  const SettingsNode* node = &root_;
  while (node != nullptr && !path.empty()) node = node->find(take_part(path));
  return node;
}

EffectiveSetting& SettingsState::effective_at(std::string_view path) {
  EffectiveSetting* setting = &effective_;
  while (!path.empty()) setting = &setting->child(take_part(path));
  return *setting;
}

SettingsPlace SettingsState::place_at(std::string_view path) const {
  // The nearest thing that was written: a missing key is blamed on the map it is missing from.
  for (;;) {
    if (path.empty()) return {};
    if (const SettingsNode* node = node_at(path)) return node->place;
    const auto dot = path.rfind('.');
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
  }
}

void SettingsState::note(SettingsPlace place, std::string key, std::string found,
                         std::string allowed) {
  // Two schemas may read one key; what is wrong with it is said once.
  const bool is_known = std::any_of(findings_.begin(), findings_.end(), [&](const auto& finding) {
    return finding.key == key && finding.found == found && finding.allowed == allowed;
  });
  if (is_known) return;
  findings_.push_back({std::move(place), std::move(key), std::move(found), std::move(allowed)});
}

void SettingsState::read(const std::string& path, const SettingsSchema& schema, void* settings) {
  KnownKeys& known = known_[path];
  const bool was_undecided = known.undecided;
  const std::size_t findings_before = findings_.size();
  bool good = true;
  for (const auto& entry : schema.entries()) {
    if (const auto* section = std::get_if<SettingsSchema::Section>(&entry)) {
      read_section(path, *section, settings);
    } else {
      const SettingField& field = *std::get<std::unique_ptr<SettingField>>(entry);
      known.read.insert(field.key());
      const bool taken = read_field(path, field, settings);
      if (field.decides_on_keys() && !taken) known.undecided = true;
      good = good && taken;
    }
  }
  if (good) run_checks(path, schema, settings);
  // This schema was chosen by a word that is not good: what it finds means nothing.
  if (was_undecided) findings_.resize(findings_before);
}

void SettingsState::read_section(const std::string& path, const SettingsSchema::Section& section,
                                 void* settings) {
  open_section(path, section.key, section.help);
  read(join_path(path, section.key), *section.schema, section.member(settings));
}

bool SettingsState::read_field(const std::string& path, const SettingField& field, void* settings) {
  const std::string key = join_path(path, field.key());
  const SettingsNode* node = node_at(key);
  std::optional<std::string> found;
  if (node == nullptr) {
    field.take_default(settings);
    if (field.required()) {
      note_missing(path, field);
      return false;
    }
  } else if (node->kind == SettingsNode::Kind::Map) {
    found = "a map";
  } else if (const SettingsNode* item = find_compound_item(*node)) {
    found = fmt::format("a list that holds {}", item->describe());
  } else {
    found = field.take(input_of(*node), settings);
  }
  if (found) {
    note(node->place, key, *found, field.allowed());
    field.take_default(settings);
  }
  EffectiveSetting& effective = effective_at(path).child(field.key());
  effective.info = field.info();
  effective.value = field.effective(settings);
  return !found;
}

void SettingsState::note_missing(const std::string& path, const SettingField& field) {
  // In a file that was not read to its end a key may be further down.
  if (!complete_) return;
  const std::string key = join_path(path, field.key());
  note(place_at(path), key, "nothing", field.allowed());
}

void SettingsState::run_checks(const std::string& path, const SettingsSchema& schema,
                               const void* settings) {
  SettingChecks checks;
  for (const auto& check : schema.checks()) check(settings, checks);
  for (const auto& failure : checks.failures()) blame(path, failure.key, failure.allowed);
}

void SettingsState::blame(const std::string& path, std::string_view key, std::string_view allowed) {
  const std::string full = join_path(path, key);
  std::string found = "nothing";
  if (const SettingsNode* node = node_at(full)) {
    found = node->describe();
  } else {
    const EffectiveSetting& setting = effective_at(path).child(key);
    if (!setting.value.items.empty())
      found = fmt::format("the default '{}'", setting.value.items.front().text);
  }
  note(place_at(full), full, std::move(found), std::string{allowed});
}

bool SettingsState::is_undecided(const std::string& path) const {
  const auto known = known_.find(path);
  return !complete_ || (known != known_.end() && known->second.undecided);
}

bool SettingsState::has_problem(const std::string& path, std::string_view key) const {
  const std::string full = join_path(path, key);
  return std::any_of(findings_.begin(), findings_.end(),
                     [&](const SettingsFinding& finding) { return finding.key == full; });
}

std::string SettingsState::place(const std::string& path, std::string_view key) const {
  return place_at(join_path(path, key)).to_string(name_);
}

void SettingsState::mention(const std::string& path, const std::string& key,
                            std::string_view when) {
  known_[path].elsewhere.emplace(key, when);
}

void SettingsState::open_section(const std::string& path, std::string_view key,
                                 std::string_view help) {
  const std::string full = join_path(path, key);
  const bool first = known_[path].read.insert(std::string{key}).second;
  known_[full];
  EffectiveSetting& effective = effective_at(full);
  effective.section = true;
  if (!help.empty()) effective.help = help;
  const SettingsNode* node = node_at(full);
  if (first && node != nullptr && node->kind != SettingsNode::Kind::Map &&
      node->kind != SettingsNode::Kind::None)
    note(node->place, full, node->describe(), "a map of settings");
}

std::vector<std::string> SettingsState::open_names(const std::string& path, std::size_t name_max) {
  std::vector<std::string> names;
  const SettingsNode* map = node_at(path);
  if (map == nullptr) return names;
  for (const auto& [name, node] : map->members) {
    const bool first = !known_[path].read.contains(name);
    if (check_name("name", name, name_max)) {
      names.push_back(name);
    } else if (first) {
      known_[path].read.insert(name);
      note(node->place, join_path(path, shortened(name)), fmt::format("'{}'", shortened(name)),
           fmt::format("a name of 1 to {} of a-z, 0-9 and _, starting with a letter", name_max));
    }
  }
  std::sort(names.begin(), names.end());
  for (const auto& name : names) open_section(path, name, "");
  return names;
}

void SettingsState::find_unknown(const SettingsNode& map, const std::string& path,
                                 SettingsFindings& findings) const {
  const auto known = known_.find(path);
  if (known == known_.end() || map.kind != SettingsNode::Kind::Map) return;
  const std::vector<std::string> names(known->second.read.begin(), known->second.read.end());
  for (const auto& [key, node] : map.members) {
    const std::string full = join_path(path, key);
    if (known->second.read.contains(key)) {
      find_unknown(*node, full, findings);
      continue;
    }
    if (known->second.undecided) continue;
    const auto other = known->second.elsewhere.find(key);
    findings.push_back({node->place, join_path(path, shortened(key)), "an unknown key",
                        other == known->second.elsewhere.end()
                            ? allowed_instead(key, names)
                            : fmt::format("this key only where {}", other->second)});
  }
}

std::vector<SettingProblem> SettingsState::problems() const {
  SettingsFindings all = findings_;
  find_unknown(root_, "", all);
  // By line; findings of one line keep their order.
  std::multimap<int, const SettingsFinding*> ordered;
  for (const auto& finding : all) ordered.emplace(order_of(finding.place), &finding);
  std::vector<SettingProblem> problems;
  std::set<std::string> known;
  for (const auto& [order, finding] : ordered) {
    SettingProblem problem{finding->place.to_string(name_), finding->key, finding->found,
                           finding->allowed};
    // Two schemas may read the same key and find the same.
    if (known.insert(problem.to_string()).second) problems.push_back(std::move(problem));
  }
  limit(problems);
  return problems;
}

std::string SettingProblem::to_string() const {
  return fmt::format("{}: {}{}found {}; allowed: {}", place, key, key.empty() ? "" : ": ", found,
                     allowed);
}

}  // namespace st0ck::core
