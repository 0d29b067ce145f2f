#include "src/app/commands/settings_json.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

Json scalar_json(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  // yaml-cpp marks what was quoted by this tag.
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  return text;
}

Json node_json(const YAML::Node& node) {
  if (node.IsMap()) {
    Json json = Json::object();
    for (const auto& entry : node) json[entry.first.Scalar()] = node_json(entry.second);
    return json;
  }
  if (node.IsSequence()) {
    Json json = Json::array();
    for (const auto& item : node) json.push_back(node_json(item));
    return json;
  }
  return node.IsScalar() ? scalar_json(node) : Json(nullptr);
}

}  // namespace

Json settings_json(const std::string& yaml) { return node_json(YAML::Load(yaml)); }

}  // namespace st0ck::app
