#include "src/app/engine_versions.hpp"

namespace st0ck::app {

core::Status check_versions(const std::vector<kernel::BotIdentity>& recorded,
                            const Configuration& configuration) {
  for (const kernel::BotIdentity& old : recorded)
    for (const ConfiguredBot& bot : configuration.bots)
      if (bot.identity.bot == old.bot && bot.identity.decision_version != old.decision_version)
        return core::fail(core::Errc::Diverged,
                          "bot {} was made with {} decision version {}, this program has version "
                          "{}: the program that made the run can continue it",
                          old.bot, old.engine, old.decision_version, bot.identity.decision_version);
  return {};
}

}  // namespace st0ck::app
