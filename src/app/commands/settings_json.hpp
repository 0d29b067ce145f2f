#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace st0ck::app {

/// Settings that were written as YAML by us, as JSON: true, false and null as such, all else as
/// the text that stands there, so that a setting has one type whatever its value.
nlohmann::ordered_json settings_json(const std::string& yaml);

}  // namespace st0ck::app
