#pragma once

#include "st0ck/core/assert.hpp"
#include "st0ck/core/settings/setting_type.hpp"

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace st0ck::core {

/// A value as it was written, before anybody knows its type.
struct SettingInput {
  struct Item {
    std::string text;
    bool quoted = false;
  };

  bool list = false;
  bool none = false;  ///< `null`, `~` or nothing at all.
  std::vector<Item> items;

  static SettingInput scalar(std::string_view text) {
    return {.list = false, .none = false, .items = {{std::string{text}, false}}};
  }
};

/// What a setting says about itself, for listings, `--print-config` and messages.
struct SettingInfo {
  std::string key;  ///< Its own key in a schema, its dotted path in a listing.
  std::string type;
  std::string default_text;  ///< As written in YAML; empty where the setting is required.
  std::string allowed;
  std::string unit;
  std::string help;
  bool required = false;
  bool in_hash = true;
};

/// One setting of a schema, its types erased.
class SettingField {
 public:
  explicit SettingField(std::string_view key);
  virtual ~SettingField() = default;
  SettingField(const SettingField&) = delete;
  SettingField& operator=(const SettingField&) = delete;

  const std::string& key() const { return key_; }
  bool required() const { return !default_ && !is_optional(); }
  bool in_hash() const { return in_hash_; }
  void leave_out_of_hash() { in_hash_ = false; }
  bool decides_on_keys() const { return decides_keys_; }
  SettingInfo info() const;

  /// What a message says could stand there.
  std::string allowed() const;

  /// Stores the value into `settings`, or returns what was found instead of a good one.
  virtual std::optional<std::string> take(const SettingInput& input, void* settings) const = 0;

  /// Stores the default; nothing for a required setting.
  void take_default(void* settings) const;

  /// The value of `settings` in canonical form.
  virtual SettingInput effective(const void* settings) const = 0;

 protected:
  virtual bool is_optional() const = 0;
  virtual bool is_list() const = 0;
  virtual std::string_view type_name() const = 0;
  virtual std::string form() const = 0;

  /// What a message calls an item that does not fit.
  static std::string describe(const SettingInput::Item& item, bool plain_only);

  bool is_empty_by_default() const {
    return default_ && !default_->list && default_->items.front().text.empty();
  }

  // Shared by every type; the typed field gives them their fluent names.
  std::string key_;
  std::string help_;
  std::string unit_;
  std::string minimum_text_;
  std::string maximum_text_;
  std::string rule_text_;
  std::optional<SettingInput> default_;
  std::size_t items_min_ = 0;
  std::size_t items_max_ = 1000;
  bool above_minimum_ = false;
  bool in_hash_ = true;
  bool decides_keys_ = false;
};

/// How a member holds its value: plain, `optional` (the setting may be left out) or `vector`.
template <typename Member>
struct SettingShape {
  using Value = Member;
  static constexpr bool kOptional = false;
  static constexpr bool kList = false;
};

template <typename Element>
struct SettingShape<std::optional<Element>> {
  using Value = Element;
  static constexpr bool kOptional = true;
  static constexpr bool kList = false;
};

template <typename Element>
struct SettingShape<std::vector<Element>> {
  using Value = Element;
  static constexpr bool kOptional = false;
  static constexpr bool kList = true;
};

/// One setting bound to a member of `Settings`; its methods describe it and chain.
///
/// Without a default it is required, unless the member is an `optional`. Limits and words are for
/// each element of a list. A default or limit that does not fit its own type is our mistake.
template <typename Settings, typename Member>
class BoundSettingField final : public SettingField {
 public:
  using Shape = SettingShape<Member>;
  using Value = typename Shape::Value;

  BoundSettingField(std::string_view key, Member Settings::* member)
      : SettingField{key}, member_{member} {}

  /// One or two sentences for people.
  BoundSettingField& help(std::string_view text) {
    help_ = text;
    return *this;
  }

  /// The value where the file has none, written as in the file.
  BoundSettingField& by_default(std::string_view text)
    requires(!Shape::kList)
  {
    default_ = SettingInput::scalar(text);
    return *this;
  }

  BoundSettingField& by_default(const std::vector<std::string>& texts)
    requires(Shape::kList)
  {
    default_ = SettingInput{.list = true, .none = false, .items = {}};
    for (const auto& text : texts) default_->items.push_back({text, false});
    return *this;
  }

  /// Both ends belong to the range.
  BoundSettingField& range(std::string_view minimum, std::string_view maximum) {
    return at_least(minimum).at_most(maximum);
  }

  BoundSettingField& at_least(std::string_view minimum) {
    minimum_ = parse_limit(minimum);
    minimum_text_ = minimum;
    return *this;
  }

  BoundSettingField& at_most(std::string_view maximum) {
    maximum_ = parse_limit(maximum);
    maximum_text_ = maximum;
    return *this;
  }

  /// More than `minimum`, which itself is not allowed.
  BoundSettingField& above(std::string_view minimum) {
    above_minimum_ = true;
    return at_least(minimum);
  }

  /// What the number counts, for people: `dollars`, `orders`.
  BoundSettingField& unit(std::string_view name) {
    unit_ = name;
    return *this;
  }

  /// The words of an enumeration.
  BoundSettingField& words(std::initializer_list<std::pair<std::string_view, Value>> words)
    requires std::is_enum_v<Value>
  {
    for (const auto& [word, value] : words) words_.emplace_back(word, value);
    return *this;
  }

  /// The texts that are allowed, where they are known only at run time (names of engines).
  BoundSettingField& one_of(const std::vector<std::string>& words)
    requires(!std::is_enum_v<Value>)
  {
    for (const auto& word : words) {
      const auto value = SettingType<Value>::parse(word);
      ST0CK_ASSERT(value.has_value(), "an allowed word has the form of its setting");
      words_.emplace_back(word, *value);
    }
    return *this;
  }

  /// A rule of its own; `allowed` completes "allowed: a path ...".
  BoundSettingField& rule(std::function<bool(const Value&)> holds, std::string_view allowed) {
    rule_ = std::move(holds);
    rule_text_ = allowed;
    return *this;
  }

  /// How many elements a list may have.
  BoundSettingField& items(std::size_t minimum, std::size_t maximum)
    requires(Shape::kList)
  {
    items_min_ = minimum;
    items_max_ = maximum;
    return *this;
  }

  /// Leaves it out of the configuration hash: it changes no decision (URLs, logging, limits of
  /// time on the wall clock).
  BoundSettingField& not_in_hash() {
    leave_out_of_hash();
    return *this;
  }

  /// Its word decides which other keys the section has (`kind`, `engine`). Where it is wrong or
  /// missing, nobody can tell what they should be, and the reader says nothing about them.
  BoundSettingField& decides_keys() {
    decides_keys_ = true;
    return *this;
  }

  std::optional<std::string> take(const SettingInput& input, void* settings) const override {
    Member& member = static_cast<Settings*>(settings)->*member_;
    if constexpr (Shape::kOptional) {
      if (input.none) {
        member.reset();
        return std::nullopt;
      }
    }
    if constexpr (std::is_same_v<Member, std::string>) {
      // Of a text that is empty where it is not written, nothing is what says so.
      if (input.none && is_empty_by_default()) {
        member.clear();
        return std::nullopt;
      }
    }
    if (input.none) return "nothing";
    if constexpr (Shape::kList) {
      return take_list(input, member);
    } else {
      if (input.list) return "a list";
      const auto value = parse_item(input.items.front());
      if (!value) return describe(input.items.front(), kPlainOnly);
      member = *value;
      return std::nullopt;
    }
  }

  SettingInput effective(const void* settings) const override {
    const Member& member = static_cast<const Settings*>(settings)->*member_;
    if constexpr (Shape::kList) {
      SettingInput all{.list = true, .none = false, .items = {}};
      for (const auto& value : member) all.items.push_back({format_value(value), false});
      return all;
    } else if constexpr (Shape::kOptional) {
      if (!member) return {.list = false, .none = true, .items = {}};
      return SettingInput::scalar(format_value(*member));
    } else {
      return SettingInput::scalar(format_value(member));
    }
  }

 protected:
  bool is_optional() const override { return Shape::kOptional; }
  bool is_list() const override { return Shape::kList; }

  std::string_view type_name() const override {
    if constexpr (std::is_enum_v<Value>) {
      return "word";
    } else {
      return SettingType<Value>::kName;
    }
  }

  std::string form() const override {
    if constexpr (!std::is_enum_v<Value>) {
      if (words_.empty()) return std::string{SettingType<Value>::kForm};
    }
    std::string text = "one of ";
    for (std::size_t i = 0; i < words_.size(); ++i) text += (i == 0 ? "" : ", ") + words_[i].first;
    return text;
  }

 private:
  static constexpr bool kPlainOnly = [] {
    if constexpr (std::is_enum_v<Value>) {
      return false;
    } else {
      return SettingType<Value>::kPlainOnly;
    }
  }();

  std::optional<std::string> take_list(const SettingInput& input, Member& member) const
    requires(Shape::kList)
  {
    if (!input.list) return describe(input.items.front(), kPlainOnly);
    if (input.items.size() < items_min_ || input.items.size() > items_max_)
      return "a list of " + std::to_string(input.items.size());
    Member values;
    for (const auto& item : input.items) {
      auto value = parse_item(item);
      if (!value) return describe(item, kPlainOnly);
      values.push_back(std::move(*value));
    }
    member = std::move(values);
    return std::nullopt;
  }

  std::optional<Value> parse_text(const std::string& text) const {
    if constexpr (std::is_enum_v<Value>) {
      for (const auto& [word, value] : words_)
        if (word == text) return value;
      return std::nullopt;
    } else {
      return SettingType<Value>::parse(text);
    }
  }

  std::optional<Value> parse_item(const SettingInput::Item& item) const {
    if (kPlainOnly && item.quoted) return std::nullopt;
    auto value = parse_text(item.text);
    if (!value || !in_range(*value) || !in_words(*value)) return std::nullopt;
    if (rule_ && !rule_(*value)) return std::nullopt;
    return value;
  }

  bool in_range(const Value& value) const {
    if constexpr (std::totally_ordered<Value>) {
      if (minimum_ && (above_minimum_ ? value <= *minimum_ : value < *minimum_)) return false;
      if (maximum_ && value > *maximum_) return false;
    }
    return true;
  }

  bool in_words(const Value& value) const {
    if (words_.empty()) return true;
    for (const auto& [word, allowed] : words_)
      if (allowed == value) return true;
    return false;
  }

  std::string format_value(const Value& value) const {
    if constexpr (std::is_enum_v<Value>) {
      for (const auto& [word, known] : words_)
        if (known == value) return word;
      return {};
    } else {
      return SettingType<Value>::format(value);
    }
  }

  Value parse_limit(std::string_view text) const {
    static_assert(std::totally_ordered<Value> && !std::is_enum_v<Value>, "a range needs an order");
    auto value = SettingType<Value>::parse(text);
    ST0CK_ASSERT(value.has_value(), "a limit has the form of its setting");
    return *value;
  }

  Member Settings::* member_;
  std::vector<std::pair<std::string, Value>> words_;
  std::optional<Value> minimum_;
  std::optional<Value> maximum_;
  std::function<bool(const Value&)> rule_;
};

}  // namespace st0ck::core
