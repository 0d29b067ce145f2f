#pragma once

#include "engines/sma_cross/settings.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::test {

/// The engine's settings as a section with this text gives them; the text must be good.
inline engines::sma_cross::Settings sma_cross_settings(std::string_view text = "") {
  auto document = core::SettingsDocument::parse(text, "bot.yaml");
  auto settings = document.root().read(engines::sma_cross::settings_schema());
  for (const core::SettingProblem& problem : document.finish())
    throw std::runtime_error(problem.to_string());
  return settings;
}

/// The problems of a section with this text, one sentence each.
inline std::vector<std::string> sma_cross_problems(std::string_view text) {
  auto document = core::SettingsDocument::parse(text, "bot.yaml");
  document.root().read(engines::sma_cross::settings_schema());
  std::vector<std::string> sentences;
  for (const core::SettingProblem& problem : document.finish())
    sentences.push_back(problem.to_string());
  return sentences;
}

}  // namespace st0ck::test
