#include "src/core/settings/yaml_reader.hpp"

#include "st0ck/core/settings.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <exception>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::core {

namespace {

/// Ends the reading from inside yaml-cpp's callbacks; the finding is noted before.
struct StopReading {};

/// Builds our tree from yaml-cpp's events. The library's own tree would lose duplicate keys and
/// follow aliases before anybody could count what they grow to.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(SettingsNode& root, const SettingsPlace& place, SettingsFindings& findings)
      : place_{place}, findings_{findings} {
    open_.push_back(Open{.node = &root});
  }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    if (awaits_key()) return take_key(mark, "null");
    add(mark, SettingsNode::Kind::None);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    stop(mark, "an alias", "values written out");
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    stop(mark, "an anchor", "values written out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    // yaml-cpp gives "!" to quoted and "?" (or nothing) to plain scalars.
    if (tag != "!" && tag != "?" && !tag.empty()) stop(mark, "a tag", "plain values");
    check_text(mark, value);
    if (awaits_key()) return take_key(mark, value);
    SettingsNode* node = add(mark, SettingsNode::Kind::Scalar);
    if (node == nullptr) return;
    node->text = value;
    node->quoted = tag == "!";
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, SettingsNode::Kind::List, style);
  }

  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value style) override {
    open(mark, tag, SettingsNode::Kind::Map, style);
  }

  void OnMapEnd() override { open_.pop_back(); }

  /// Forgets the outermost brackets that the text has left open: what stands in them may have been
  /// meant for outside, and what was read of it would be judged as something that nobody wrote.
  void drop_unclosed() {
    for (std::size_t i = 1; i < open_.size(); ++i) {
      if (!open_[i].is_flow) continue;
      SettingsNode& outer = *open_[i - 1].node;
      if (i == 1) outer = SettingsNode{};
      if (!outer.items.empty()) outer.items.pop_back();
      // One that stands there a second time is not in the tree.
      if (!outer.members.empty() && outer.members.back().second.get() == open_[i].node)
        outer.members.pop_back();
      return;
    }
  }

 private:
  /// A container that is being filled.
  struct Open {
    SettingsNode* node = nullptr;
    std::string path = {};
    std::set<std::string, std::less<>> seen = {};
    bool has_key = false;  ///< In a map: the next event is the value of `key`.
    std::string key = {};
    SettingsPlace key_place = {};
    bool duplicate = false;
    bool is_flow = false;  ///< In brackets.
  };

  SettingsPlace place_of(const YAML::Mark& mark) const {
    if (!place_.override_key.empty()) return place_;
    return {.line = mark.line + 1, .override_key = {}};
  }

  [[noreturn]] void stop(const YAML::Mark& mark, std::string found, std::string allowed) {
    findings_.push_back({place_of(mark), path(), std::move(found), std::move(allowed)});
    throw StopReading{};
  }

  /// yaml-cpp takes brackets that end nowhere for a key, where one might stand.
  [[noreturn]] void stop_at_key(const YAML::Mark& mark) {
    drop_unclosed();
    stop(mark, "a key that is a list or a map, or a bracket that is not closed",
         "a key that is one word, and closed brackets");
  }

  void check_text(const YAML::Mark& mark, const std::string& value) {
    if (value.size() > kSettingTextMax)
      stop(mark, fmt::format("a text of {} bytes", value.size()),
           fmt::format("at most {} bytes", kSettingTextMax));
    for (const char c : value)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
        stop(mark, "a control character", "text of one line");
  }

  std::string path() const {
    const Open& top = open_.back();
    return top.has_key ? join_path(top.path, top.key) : top.path;
  }

  bool awaits_key() const {
    return open_.back().node->kind == SettingsNode::Kind::Map && !open_.back().has_key;
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    Open& top = open_.back();
    if (top.seen.size() >= kSettingsKeysMax)
      stop(mark, fmt::format("more than {} keys", kSettingsKeysMax), "fewer keys in one map");
    top.key = key;
    top.has_key = true;
    top.key_place = place_of(mark);
    top.duplicate = !top.seen.insert(key).second;
    if (!top.duplicate) return;
    if (findings_.size() > kSettingProblemsMax) throw StopReading{};
    const SettingsNode* first = top.node->find(key);
    findings_.push_back({top.key_place, path(),
                         first == nullptr ? "the key a second time"
                                          : fmt::format("the key a second time (first in line {})",
                                                        first->place.line),
                         "each key once"});
  }

  /// The place in the tree for the next value, or nullptr where it is skipped.
  SettingsNode* add(const YAML::Mark& mark, SettingsNode::Kind kind) {
    Open& top = open_.back();
    SettingsNode* node = nullptr;
    switch (top.node->kind) {
      case SettingsNode::Kind::Map: {
        auto owned = std::make_unique<SettingsNode>();
        node = owned.get();
        node->place = top.key_place;
        // A second value of the same key is read for its own mistakes, then forgotten.
        if (top.duplicate)
          skipped_.push_back(std::move(owned));
        else
          top.node->members.emplace_back(top.key, std::move(owned));
        if (kind == SettingsNode::Kind::None || kind == SettingsNode::Kind::Scalar)
          top.has_key = false;
        break;
      }
      case SettingsNode::Kind::List: {
        if (top.node->items.size() >= kSettingsItemsMax)
          stop(mark, fmt::format("more than {} items", kSettingsItemsMax), "a shorter list");
        node = &top.node->items.emplace_back();
        node->place = place_of(mark);
        break;
      }
      default:  // The root itself.
        node = top.node;
        node->place = place_of(mark);
        break;
    }
    node->kind = kind;
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, SettingsNode::Kind kind,
            YAML::EmitterStyle::value style) {
    if (tag != "?" && tag != "!" && !tag.empty()) stop(mark, "a tag", "plain values");
    if (awaits_key()) stop_at_key(mark);
    if (open_.size() > kSettingsDepthMax)
      stop(mark, fmt::format("more than {} levels", kSettingsDepthMax), "fewer levels");
    std::string inner_path = path();
    SettingsNode* node = add(mark, kind);
    open_.back().has_key = false;
    open_.push_back(Open{
        .node = node, .path = std::move(inner_path), .is_flow = style == YAML::EmitterStyle::Flow});
  }

  SettingsPlace place_;
  SettingsFindings& findings_;
  std::vector<Open> open_;
  std::vector<std::unique_ptr<SettingsNode>> skipped_;
};

void note_syntax(const YAML::Exception& error, const SettingsPlace& place,
                 SettingsFindings& findings) {
  SettingsPlace where = place;
  if (place.override_key.empty() && error.mark.line >= 0) where.line = error.mark.line + 1;
  findings.push_back({where, {}, fmt::format("no YAML ({})", error.msg), "well-formed YAML"});
}

/// yaml-cpp takes the end of a line before the end of the text for a closing quote, so that an open
/// quote would swallow the rest of the file unseen. Without that line end it complains.
std::string_view without_last_blanks(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

/// Reads the first document, and the second one if only to refuse it.
void read_documents(std::string_view text, TreeBuilder& builder, const SettingsPlace& place,
                    SettingsFindings& findings) {
  std::istringstream stream{std::string{without_last_blanks(text)}};
  YAML::Parser parser{stream};
  if (!parser.HandleNextDocument(builder)) return;
  SettingsNode second;
  SettingsFindings ignored;
  TreeBuilder rest{second, place, ignored};
  if (!parser.HandleNextDocument(rest)) return;
  findings.push_back({second.place, {}, "a second YAML document", "one document"});
}

}  // namespace

YamlDocument read_yaml(std::string_view text, const SettingsPlace& place,
                       SettingsFindings& findings) {
  YamlDocument document;
  if (text.size() > kSettingsBytesMax) {
    findings.push_back({place,
                        {},
                        fmt::format("{} bytes", text.size()),
                        fmt::format("at most {} bytes", kSettingsBytesMax)});
    document.complete = false;
    return document;
  }
  if (const int line = first_bad_line(text); line != 0) {
    SettingsPlace where = place;
    if (place.override_key.empty()) where.line = line;
    findings.push_back({where, {}, "a byte that is no text", "UTF-8 without control characters"});
    document.complete = false;
    return document;
  }
  const std::size_t before = findings.size();
  TreeBuilder builder{document.root, place, findings};
  try {
    read_documents(text, builder, place, findings);
  } catch (const StopReading&) {
    document.complete = false;
  } catch (const YAML::Exception& error) {
    note_syntax(error, place, findings);
    builder.drop_unclosed();
    document.complete = false;
  } catch (const std::exception& error) {
    findings.push_back({place, {}, fmt::format("no YAML ({})", error.what()), "well-formed YAML"});
    document.complete = false;
  }
  if (!document.complete && findings.size() == before)
    findings.push_back({place, {}, "no YAML", "well-formed YAML"});
  return document;
}

}  // namespace st0ck::core
