#pragma once

#include "src/app/market_settings.hpp"
#include "src/app/part_settings.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/logging/log_settings.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/kernel/engine.hpp"
#include "st0ck/kernel/engine_registry.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/account_limits.hpp"
#include "st0ck/trading/risk_limits.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// One bot as configured, its engine ready to run.
struct ConfiguredBot {
  kernel::BotIdentity identity;
  trading::RiskLimits limits;
  std::unique_ptr<kernel::Engine> engine;
};

/// Everything that a run is made of. The instruments are those that the engines named.
struct Configuration {
  std::string mode;
  AccountSettings account;
  MarketSettings market;
  BrokerSettings broker;
  trading::AccountLimits account_limits;
  JournalConfiguration journal;
  StorageSettings storage;
  LoopSettings loop;
  ClockSettings clock;
  NetSettings net;
  core::LogSettings log;
  market::InstrumentTable instruments;
  std::vector<ConfiguredBot> bots;

  std::string yaml;       ///< Effective settings with defaults and comments.
  std::string canonical;  ///< What decides something, one `path=value` per line.
  std::string hash;       ///< SHA-256 of it.
};

/// A configuration with what is wrong with it; usable only when nothing is.
struct LoadedConfiguration {
  Configuration configuration;
  std::vector<core::SettingProblem> problems;

  /// One line per problem.
  std::string problem_text() const;
};

/// Reads a file with overrides (`key.path=value`).
LoadedConfiguration load_configuration(const std::filesystem::path& file,
                                       const std::vector<std::string>& overrides,
                                       const kernel::EngineRegistry& registry);

/// Makes the configuration of a journal again from its canonical text.
LoadedConfiguration configuration_of_journal(std::string_view canonical,
                                             const kernel::EngineRegistry& registry);

/// Every key that a configuration may have, with type, default, allowed values and help; keys of a
/// bot stand under `bots.<id>`, once for each engine.
std::vector<core::SettingInfo> configuration_keys(const kernel::EngineRegistry& registry);

}  // namespace st0ck::app
