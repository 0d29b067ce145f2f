#pragma once

#include "integration/crash_victim.hpp"
#include "st0ck/trading/operator_command.hpp"
#include "st0ck/trading/order_manager.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <set>
#include <span>
#include <string_view>

namespace st0ck::test {

/// The bots of a random day.
constexpr std::array<std::string_view, 3> kBots{"ann", "bob", "cleo"};

/// What an operator has told a run, and so who may enter.
class HaltsOnRecord {
 public:
  void take(const trading::OperatorCommand& command) {
    using enum trading::OperatorCommandKind;
    if (command.kind == Halt || command.kind == Flatten) halt(command.bot);
    if (command.kind == Resume) resume(command.bot);
  }
  void halt(const core::BotId& bot) { halted_.insert(bot); }
  bool is_halted(const core::BotId& bot) const {
    return halted_.contains(bot) || halted_.contains(core::BotId{});
  }
  bool empty() const { return halted_.empty(); }

 private:
  /// One bot's halt does not end with that of all.
  void resume(const core::BotId& bot) {
    if (bot.empty())
      halted_.clear();
    else
      halted_.erase(bot);
  }

  std::set<core::BotId> halted_;  ///< The empty name is all of them.
};

/// Somebody at the command line, at random.
class RandomOperator {
 public:
  explicit RandomOperator(std::uint64_t seed) : chance_{seed} {}

  /// Now and then a command; `open` are the orders that could be cancelled.
  std::optional<trading::OperatorCommand> next(std::span<const trading::Order* const> open,
                                               bool is_halted) {
    using enum trading::OperatorCommandKind;
    if (chance_.below(is_halted ? 60 : 250) != 0) return std::nullopt;
    trading::OperatorCommand command;
    command.id = fmt::format("{}", ++number_);
    command.reason = "at random";
    const std::array kinds{Halt, Flatten, Close, Close, Cancel, Cancel};
    command.kind = is_halted && chance_.below(3) != 0 ? Resume : kinds[chance_.below(kinds.size())];
    if (chance_.below(3) != 0) command.bot = core::BotId{kBots[chance_.below(kBots.size())]};
    if (command.kind == Close) command.symbol = core::Symbol{chance_.below(2) == 0 ? "SPY" : "QQQ"};
    if (command.kind == Cancel && open.empty()) return std::nullopt;
    if (command.kind == Cancel) {
      const trading::Order& order = *open[chance_.below(open.size())];
      // A stop that somebody takes away guards nothing any more, and that is not the desk's fault.
      if (order.intent.purpose == trading::Purpose::Exit) return std::nullopt;
      command.order = order.intent.client_order_id;
    }
    return command;
  }

  std::uint64_t commands() const { return number_; }

 private:
  Chance chance_;
  std::uint64_t number_ = 0;
};

}  // namespace st0ck::test
