#pragma once

#include "src/app/faults/exchange_books.hpp"
#include "src/app/faults/journal_books.hpp"
#include "src/app/faults/trader_link.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/net/scheduler.hpp"

#include <deque>
#include <functional>
#include <map>
#include <span>
#include <vector>

namespace st0ck::app::faults {

/// What no entry may do, looked at as its record is written: leave while its bot is halted, while
/// nothing of the market or the account has reached the trader, while the fate of another order of
/// its symbol is unknown, or faster than its limit.
class EntryRules {
 public:
  struct Parts {
    const JournalBooks& journal;
    const TraderLink& link;
    net::Scheduler& scheduler;
    /// A process goes through its journal: what it decides again it decided then, and does not
    /// send.
    std::function<bool()> is_catching_up;
    Blame blame;
  };

  explicit EntryRules(Parts parts) : parts_{std::move(parts)} {}

  /// A record that is new, after the journal's books have taken it.
  void on_record(kernel::RecordKind kind, core::Sequence sequence,
                 std::span<const std::byte> payload);

  /// Records after `left` are lost.
  void on_crash(core::Sequence left);

 private:
  struct Halting {
    core::Sequence sequence{};
    core::BotId bot;
    bool is_halt = false;
  };

  void note(core::Sequence sequence, const trading::OperatorCommand& command);
  void check(const kernel::OrderRow& entry);
  bool is_halted(const core::BotId& bot) const;

  Parts parts_;
  std::vector<Halting> haltings_;                              ///< In their order.
  std::map<core::BotId, std::deque<core::Duration>> entered_;  ///< Of the last minute.
};

}  // namespace st0ck::app::faults
