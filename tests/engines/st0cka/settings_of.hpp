#pragma once

#include "engines/st0cka/settings.hpp"

#include <string_view>
#include <vector>

namespace st0ck::test {

/// ST0CKA's settings as a section with this text gives them; without one, the defaults.
inline engines::st0cka::Settings default_settings(std::string_view text = "") {
  auto document = core::SettingsDocument::parse(text, "defaults");
  return document.root().read(engines::st0cka::settings_schema());
}

/// The problems of a section with this text, one sentence each.
inline std::vector<std::string> problems_of(std::string_view text) {
  auto document = core::SettingsDocument::parse(text, "bot.yaml");
  document.root().read(engines::st0cka::settings_schema());
  std::vector<std::string> sentences;
  for (const core::SettingProblem& problem : document.finish())
    sentences.push_back(problem.to_string());
  return sentences;
}

}  // namespace st0ck::test
