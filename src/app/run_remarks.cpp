#include "src/app/run_remarks.hpp"

#include "src/app/still_open.hpp"

namespace st0ck::app {

std::vector<std::string> remarks_on(const kernel::Kernel& kernel,
                                    const Configuration& configuration) {
  std::vector<std::string> remarks = still_open(kernel, configuration);
  const trading::Desk& desk = kernel.desk();
  for (const kernel::DifferenceRow& row : kernel.differences().in_force())
    if (trading::stops_entries(row.difference.kind))
      remarks.push_back(fmt::format("entries are stopped, {}: {}",
                                    trading::name_of(row.difference.kind), row.difference.message));
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

std::string failure_text(const core::Error& error, const kernel::Kernel& kernel,
                         const Configuration& configuration) {
  std::string text = error.message;
  for (const std::string& sentence : still_open(kernel, configuration)) text += "; " + sentence;
  return text;
}

}  // namespace st0ck::app
