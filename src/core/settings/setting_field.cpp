#include "st0ck/core/settings/setting_field.hpp"

#include "src/core/settings/effective_settings.hpp"
#include "src/core/settings/settings_tree.hpp"

#include <fmt/format.h>

namespace st0ck::core {

SettingField::SettingField(std::string_view key) : key_{key} {
  ST0CK_ASSERT(check_name("setting", key, 40).has_value(), "a key is of a-z, 0-9 and _");
  ST0CK_ASSERT(!names_a_secret(key), "a secret is no setting");
}

SettingInfo SettingField::info() const {
  SettingInfo info{.key = key_,
                   .type = std::string{type_name()},
                   .default_text = default_ ? yaml_text(*default_) : "",
                   .allowed = allowed(),
                   .unit = unit_,
                   .help = help_,
                   .required = required(),
                   .in_hash = in_hash_};
  if (is_list()) info.type = fmt::format("list of {}", info.type);
  if (is_optional() && !default_) info.default_text = "null";
  return info;
}

std::string SettingField::allowed() const {
  std::string text = is_list() ? fmt::format("a list, each {}", form()) : form();
  if (!minimum_text_.empty() && !maximum_text_.empty())
    text += fmt::format(" {} {} {} {}", above_minimum_ ? "above" : "from", minimum_text_,
                        above_minimum_ ? "up to" : "to", maximum_text_);
  else if (!minimum_text_.empty())
    text += fmt::format(" {} {}", above_minimum_ ? "above" : "of at least", minimum_text_);
  else if (!maximum_text_.empty())
    text += fmt::format(" of at most {}", maximum_text_);
  if (!rule_text_.empty()) text += fmt::format(" {}", rule_text_);
  if (is_list() && items_min_ > 0)
    text += fmt::format(", {} to {} of them", items_min_, items_max_);
  return text;
}

std::string SettingField::describe(const SettingInput::Item& item, bool plain_only) {
  return fmt::format("'{}'{}", shortened(item.text), item.quoted && plain_only ? " in quotes" : "");
}

void SettingField::take_default(void* settings) const {
  SettingInput none;
  none.none = true;
  if (default_) {
    ST0CK_ASSERT(!take(*default_, settings), "a default is allowed by its own setting");
  } else if (is_optional()) {
    ST0CK_ASSERT(!take(none, settings), "an optional setting takes nothing");
  }
}

}  // namespace st0ck::core
