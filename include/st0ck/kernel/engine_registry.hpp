#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/kernel/engine.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/risk_limits.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::kernel {

/// One kind of engine: what it is called, how it is configured, how one is made.
struct EngineType {
  core::EngineName name;

  /// Raised with every change of its decisions: a journal replays with the version that made it.
  std::uint32_t decision_version = 1;

  std::string summary;                ///< One sentence for lists.
  trading::RiskLimits risk_defaults;  ///< Of a bot that runs it.

  /// The same where a bot's settings decide about them; empty where they do not.
  std::function<trading::RiskLimits(core::SettingsSection& settings)> risk_defaults_for;

  /// Notes the settings of a bot that its limits, the account's among them, never let through;
  /// empty where there are none.
  std::function<void(core::SettingsSection& settings, const trading::RiskLimits& limits)>
      check_limits;

  /// The settings of a bot with this engine, for lists of keys.
  std::function<std::unique_ptr<core::SettingsSchema>()> settings_schema;

  /// Makes an engine from the bot's section of the settings and defines its instruments. Problems
  /// are noted in the settings; the engine must then not be used.
  std::function<std::unique_ptr<Engine>(core::SettingsSection& settings,
                                        market::InstrumentTable& instruments)>
      create;
};

/// The engines that this program knows, by name.
class EngineRegistry {
 public:
  /// A name that is taken already is our mistake.
  void add(EngineType type);

  const EngineType* find(std::string_view name) const;

  /// In the order of their names.
  const std::vector<EngineType>& types() const { return types_; }
  std::vector<std::string> names() const;

 private:
  std::vector<EngineType> types_;
};

}  // namespace st0ck::kernel
