#include "src/app/shared_symbols.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace st0ck::app {

namespace {

/// What an engine asks to be told of is what it trades.
bool trades(const ConfiguredBot& bot, core::InstrumentId instrument) {
  const auto needs = bot.engine->needs();
  return std::ranges::find(needs, instrument, &market::DataNeed::instrument) != needs.end();
}

std::optional<std::string> allowed_instead(const Configuration& configuration,
                                           const ConfiguredBot& bot) {
  for (const ConfiguredBot& other : configuration.bots) {
    if (&other == &bot) break;
    for (const market::DataNeed& need : bot.engine->needs())
      if (trades(other, need.instrument))
        return fmt::format(
            "a symbol that no other bot of the account trades, as the broker keeps one position of "
            "each and refuses opposite orders; {} trades {} already (one bot for each symbol, or a "
            "daemon with an account of its own for the second; broker.kind sim takes both)",
            other.identity.bot, configuration.instruments[need.instrument].symbol);
  }
  return std::nullopt;
}

}  // namespace

void check_shared_symbols(std::span<std::pair<std::string, core::SettingsSection>> sections,
                          const Configuration& configuration) {
  if (configuration.broker.kind != BrokerKind::Alpaca) return;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    core::SettingsSection& section = sections[i].second;
    const auto allowed = allowed_instead(configuration, configuration.bots[i]);
    if (allowed && !section.has_problem("symbol")) section.problem("symbol", *allowed);
  }
}

}  // namespace st0ck::app
