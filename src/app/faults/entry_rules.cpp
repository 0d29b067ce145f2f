#include "src/app/faults/entry_rules.hpp"

#include "src/app/account_watch.hpp"
#include "src/app/faults/day_configuration.hpp"
#include "st0ck/kernel/record_codec.hpp"

#include <fmt/format.h>

#include <chrono>
#include <variant>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;

/// A message's way to the trader.
constexpr core::Duration kWay = 100ms;

/// A trader whose clock is behind takes a quote for younger than it is. By this much it may be:
/// beyond, AccountWatch stops entries.
constexpr core::Duration kClockBehindMax = AccountWatch::Settings{}.clock_skew_max;

/// The account is read each minute; two without an answer stop entries (AccountWatch), and what
/// was asked meanwhile may take its time to fail.
constexpr core::Duration kUnreadMax = 4min;

}  // namespace

void EntryRules::on_record(kernel::RecordKind kind, core::Sequence sequence,
                           std::span<const std::byte> payload) {
  using kernel::RecordKind;
  if (kind != RecordKind::OperatorCommand && kind != RecordKind::Order && kind != RecordKind::Halt)
    return;
  const auto record = kernel::decode(kind, payload);
  if (!record) return;
  if (const auto* command = std::get_if<trading::OperatorCommand>(&*record))
    note(sequence, *command);
  if (const auto* halt = std::get_if<kernel::HaltRow>(&*record); halt && halt->is_halted)
    haltings_.push_back({sequence, halt->bot, true});
  const auto* row = std::get_if<kernel::OrderRow>(&*record);
  if (row == nullptr || row->purpose != trading::Purpose::Entry) return;
  const auto* known = parts_.journal.find(row->client_order_id);
  const bool is_new = known != nullptr && known->rows == 1 && !parts_.is_catching_up();
  if (is_new && row->state == trading::OrderState::Submitted) check(*row);
}

void EntryRules::note(core::Sequence sequence, const trading::OperatorCommand& command) {
  using enum trading::OperatorCommandKind;
  if (command.kind == Halt || command.kind == Flatten)
    haltings_.push_back({sequence, command.bot, true});
  if (command.kind == Resume) haltings_.push_back({sequence, command.bot, false});
}

void EntryRules::check(const kernel::OrderRow& entry) {
  const core::Duration now = parts_.scheduler.elapsed();
  const core::ClientOrderId& id = entry.client_order_id;
  if (is_halted(entry.bot)) parts_.blame("ENTERED_WHILE_HALTED", fmt::format("{} was sent", id));
  const core::Duration silent = now - parts_.link.market_heard_at();
  if (silent > kQuoteAge + kClockBehindMax + kWay)
    parts_.blame(
        "ENTERED_WHILE_BLIND",
        fmt::format("{} was sent {} ms after the last word of the market", id, silent / 1ms));
  const core::Duration unread = now - parts_.link.account_heard_at();
  if (unread > kUnreadMax)
    parts_.blame("ENTERED_WHILE_BLIND",
                 fmt::format("{} was sent {} s after the account was last read", id, unread / 1s));
  if (const auto* unknown = parts_.journal.unknown_of(entry.symbol))
    parts_.blame("ENTERED_WHILE_UNKNOWN", fmt::format("{} was sent while the fate of {} is unknown",
                                                      id, unknown->row.client_order_id));
  std::deque<core::Duration>& entered = entered_[entry.bot];
  while (!entered.empty() && now - entered.front() >= 1min) entered.pop_front();
  entered.push_back(now);
  if (entered.size() > kEntriesPerMinute)
    parts_.blame("ENTERED_TOO_FAST", fmt::format("{} is entry {} of {} within a minute", id,
                                                 entered.size(), entry.bot));
}

void EntryRules::on_crash(core::Sequence left) {
  std::erase_if(haltings_, [&](const Halting& halting) { return halting.sequence > left; });
  // What is lost was never sent, and counts no more.
  entered_.clear();
}

/// One bot's halt does not end with that of another; that of all ends with a resume of all, which
/// takes back every halt.
bool EntryRules::is_halted(const core::BotId& bot) const {
  bool is_bot_halted = false;
  bool are_all_halted = false;
  for (const Halting& halting : haltings_) {
    if (halting.bot.empty()) are_all_halted = halting.is_halt;
    if (halting.bot == bot || (halting.bot.empty() && !halting.is_halt))
      is_bot_halted = halting.is_halt;
  }
  return is_bot_halted || are_all_halted;
}

}  // namespace st0ck::app::faults
