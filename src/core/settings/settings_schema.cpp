#include "st0ck/core/settings/settings_schema.hpp"

#include "src/core/settings/settings_tree.hpp"
#include "st0ck/core/assert.hpp"

namespace st0ck::core {

namespace {

const std::string& key_of(const SettingsSchema::Entry& entry) {
  if (const auto* section = std::get_if<SettingsSchema::Section>(&entry)) return section->key;
  return std::get<std::unique_ptr<SettingField>>(entry)->key();
}

}  // namespace

std::vector<SettingInfo> SettingsSchema::list(std::string_view prefix) const {
  std::vector<SettingInfo> all;
  for (const Entry& entry : entries_) {
    const std::string path = join_path(prefix, key_of(entry));
    if (const auto* section = std::get_if<Section>(&entry)) {
      auto inner = section->schema->list(path);
      all.insert(all.end(), std::make_move_iterator(inner.begin()),
                 std::make_move_iterator(inner.end()));
    } else {
      all.push_back(std::get<std::unique_ptr<SettingField>>(entry)->info());
      all.back().key = path;
    }
  }
  return all;
}

void SettingsSchema::add(Entry entry) {
  for (const Entry& known : entries_)
    ST0CK_ASSERT(key_of(known) != key_of(entry), "a schema declares each key once");
  entries_.push_back(std::move(entry));
}

void SettingsSchema::leave_out_of_hash() {
  for (Entry& entry : entries_) {
    if (auto* section = std::get_if<Section>(&entry))
      section->schema->leave_out_of_hash();
    else
      std::get<std::unique_ptr<SettingField>>(entry)->leave_out_of_hash();
  }
}

}  // namespace st0ck::core
