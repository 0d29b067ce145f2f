#pragma once

#include "engines/st0cka/settings.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::engines::st0cka {

/// Where a session stands (spec st0ck 3.1).
enum class State : std::uint8_t { Idle, BuyPending, Holding, SellWorking, ExitPending, Done };

std::string_view name_of(State state);

/// The moments of one session at which the rules change.
struct Timetable {
  core::Timestamp buy_from;
  core::Timestamp buy_until;
  core::Timestamp sell_from;
  core::Timestamp time_exit_from;
  core::Timestamp stop_at;
};

/// On a day that closes early, times from 15:00 on move to the same distance from its close, and
/// later ones of the rest to an hour before it (spec st0ck 1).
Timetable timetable_of(const Settings& settings, const core::Session& session);

bool is_in_buy_window(core::Timestamp now, const Timetable& timetable);

/// What the rules look at.
struct Facts {
  State state = State::Idle;
  core::Timestamp now;
  std::optional<core::Price> bid;    ///< Absent when there is no fresh quote.
  std::optional<core::Price> entry;  ///< What the held share cost; absent when none is held.
};

/// What is to be done now.
enum class Action : std::uint8_t {
  None,
  Buy,
  CancelBuy,
  PlaceLimit,
  StopLoss,
  Shutdown,
  TimeExit,
};

/// The transition table of spec 3.1 as a function; the checks of a held share come in the order
/// stop loss, shutdown, time exit, limit. A condition on a missing bid does not hold.
Action next_action(const Facts& facts, const Timetable& timetable, const Settings& settings);

/// The limit of a share bought at `entry`.
core::Price target_of(core::Price entry, core::Price tick, const Settings& settings);

/// What decides whether another lot may be bought.
struct LotFacts {
  core::Timestamp now;
  std::optional<core::Timestamp> last_buy;  ///< Of this session.
  std::int64_t open_lots = 0;               ///< Held, or with an order that may fill.
  std::int64_t losses_in_row = 0;           ///< Of this session's lots.
  core::Money realized;                     ///< This session's, less fees.
  core::Money lot_risk;                     ///< What one lot loses at its stop.
};

/// Why advanced mode buys no lot now; nothing when it may (spec 3.2). The last check keeps realised
/// loss + open stop risk + the new lot's stop risk within the budget.
std::optional<core::Code> why_no_lot(const LotFacts& facts, const Timetable& timetable,
                                     const Settings& settings);

}  // namespace st0ck::engines::st0cka
