#include "src/app/run_remarks.hpp"

namespace st0ck::app {

std::vector<std::string> remarks_on(const kernel::Kernel& kernel,
                                    const Configuration& configuration) {
  std::vector<std::string> remarks;
  const trading::Desk& desk = kernel.desk();
  for (const trading::Position& position : desk.ledger().positions()) {
    if (position.is_flat()) continue;
    const market::Instrument& instrument = configuration.instruments[position.key.instrument];
    const auto mark = kernel.market().mark(instrument.id);
    remarks.push_back(
        fmt::format("still open: {} holds {} {}, unrealised P&L {}", position.key.bot,
                    position.quantity.to_string(), instrument.symbol,
                    mark ? position.unrealized_pnl(*mark, instrument.multiplier).to_string()
                         : std::string{"unavailable"}));
  }
  if (desk.is_halted()) remarks.push_back("all bots are halted until `st0ck resume --reason WHY`");
  for (const ConfiguredBot& bot : configuration.bots) {
    const trading::BotDay day = desk.day(bot.identity.bot);
    if (day.losing_days >= bot.limits.losing_days_max)
      remarks.push_back(fmt::format("{} takes no entries: {} losing sessions in a row",
                                    bot.identity.bot, day.losing_days));
    if (day.halted) remarks.push_back(fmt::format("{} is halted", bot.identity.bot));
  }
  return remarks;
}

}  // namespace st0ck::app
