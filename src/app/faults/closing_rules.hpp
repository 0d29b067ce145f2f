#pragma once

#include "src/app/faults/exchange_books.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/net/scheduler.hpp"

#include <functional>
#include <map>
#include <span>

namespace st0ck::app::faults {

/// What the desk may not close at the market for the reason that it has no stop, looked at as the
/// alarm is recorded: anything so soon after its process has begun that it cannot have been without
/// one for so long in this process' life, and what a stop at the exchange has covered all the time
/// while nothing went wrong.
class ClosingRules {
 public:
  struct Parts {
    const ExchangeBooks& books;
    net::Scheduler& scheduler;
    /// What a process decides again from its journal it decided then.
    std::function<bool()> is_catching_up;
    Blame blame;
  };

  explicit ClosingRules(Parts parts) : parts_{std::move(parts)} {}

  /// Something goes wrong: what the desk hears may be late.
  void on_fault() { disturbed_ = parts_.scheduler.elapsed(); }

  /// A record that is new.
  void on_record(kernel::RecordKind kind, std::span<const std::byte> payload);

  /// Notes what is covered now.
  void look();

 private:
  void check(const core::BotId& bot);
  bool is_covered_since(const core::BotId& bot, core::Duration since) const;

  Parts parts_;
  core::Duration began_{};  ///< The trader's process.
  core::Duration disturbed_{};
  std::map<core::ClientOrderId, core::Duration> covered_since_;  ///< Groups, by their name.
};

}  // namespace st0ck::app::faults
