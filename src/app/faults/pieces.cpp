#include "src/app/faults/pieces.hpp"

#include "src/app/faults/day_configuration.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace st0ck::app::faults {

namespace {

std::string numbered(std::string_view what, std::size_t number) {
  return fmt::format("{}{}", what, number + 1);
}

template <typename Item>
std::vector<Item> kept_of(const std::vector<Item>& items, std::string_view what,
                          const std::set<std::string>& kept) {
  std::vector<Item> left;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (kept.contains(numbered(what, i))) left.push_back(items[i]);
  return left;
}

}  // namespace

std::vector<std::string> pieces_of(const Schedule& schedule) {
  std::vector<std::string> pieces;
  for (const exchange::FaultRule& rule : schedule.scenario.faults) pieces.push_back(rule.name);
  for (std::size_t i = 0; i < schedule.crashes.size(); ++i) pieces.push_back(numbered("crash", i));
  for (std::size_t i = 0; i < schedule.commands.size(); ++i)
    pieces.push_back(numbered("command", i));
  for (std::size_t i = 0; i < schedule.foreign.size(); ++i)
    pieces.push_back(numbered("somebody", i));
  for (const std::string_view bot : kBots) pieces.emplace_back(bot);
  return pieces;
}

Schedule with_only(const Schedule& schedule, const std::set<std::string>& kept) {
  Schedule left = schedule;
  std::erase_if(left.scenario.faults,
                [&](const exchange::FaultRule& rule) { return !kept.contains(rule.name); });
  left.crashes = kept_of(schedule.crashes, "crash", kept);
  left.commands = kept_of(schedule.commands, "command", kept);
  left.foreign = kept_of(schedule.foreign, "somebody", kept);
  for (const std::string_view bot : kBots)
    if (!kept.contains(std::string{bot})) left.idle_bots.insert(core::BotId{bot});
  return left;
}

}  // namespace st0ck::app::faults
