#pragma once

#include "src/app/exchange/scenario.hpp"
#include "src/app/faults/fault_exchange.hpp"
#include "src/app/faults/memory_journal.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/operator_command.hpp"
#include "st0ck/trading/order.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace st0ck::app::faults {

/// The trader dies, and another process starts a while later.
struct Crash {
  core::Duration at{};  ///< Since the day began, or after what it waits for.
  core::Duration down{};
  Death death = Death::Kill;
  std::uint64_t order_request = 0;  ///< Waits for the order request of that number.
  /// Waits for the first order request after an exit has gone that the journal may not have.
  bool is_after_undurable_exit = false;

  bool waits() const { return order_request > 0 || is_after_undurable_exit; }
};

/// Somebody at the command line.
struct OperatorAct {
  core::Duration at{};
  trading::OperatorCommand command;
};

/// Somebody else trades in the account, in a symbol of ours: buys or sells at the market. What he
/// holds he gives back once the faults are over.
struct ForeignTrade {
  core::Duration at{};
  std::uint32_t symbol = 0;  ///< Its number in the market.
  trading::Side side = trading::Side::Buy;
  core::Quantity quantity;
};

/// A part of a day; since it began.
struct Stretch {
  core::Duration begin{};
  core::Duration end{};
};

/// All that is to happen on one day of orders: a function of its seed. Times are since the day
/// began, at the open or, of one that goes through the night, before the close.
struct Schedule {
  std::uint64_t seed = 1;
  FaultMarket market{};
  DiskSettings disk{};
  core::Duration entries_for = std::chrono::minutes{9};  ///< Then nothing is entered any more ...
  core::Duration flat_after = std::chrono::minutes{10};  ///< ... and all is closed.
  core::Duration calm_after = std::chrono::minutes{12};  ///< No fault from then on.
  /// So long all may take to come right after the last fault.
  core::Duration settles_within = std::chrono::minutes{12};
  std::vector<Stretch> stretches{};  ///< In which faults, crashes and others' trades come.
  std::int64_t acts_one_in = 3;
  core::Duration acts_every{};   ///< Bots act by the clock too, whatever they hear; 0: they do not.
  bool shares_symbols = false;   ///< Whether both bots trade the same symbols.
  core::Duration clock_ahead{};  ///< What the trader's clock is ahead of the exchange's.
  exchange::Scenario scenario{};
  std::vector<Crash> crashes{};
  std::vector<OperatorAct> commands{};
  std::vector<ForeignTrade> foreign{};
  std::set<core::BotId> idle_bots{};  ///< That do nothing.
};

/// The time of day of a moment of the schedule.
core::TimeOfDay time_of_day(const Schedule& schedule, core::Duration since_begin);

/// The schedule of a seed: of one in a hundred a day that goes through the close, midnight and the
/// next open. Faults are drawn, or those of `scenario` with the seed as theirs; what of them would
/// last beyond `calm_after` is cut there.
Schedule schedule_of(std::uint64_t seed, const std::optional<exchange::Scenario>& scenario = {});

}  // namespace st0ck::app::faults
