#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/trading/order.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::engines::sma_cross {

enum class Direction : std::uint8_t { Long, Short, Both };

/// How an entry goes out. `Ioc` and `Fok` are limits that pay up to the offset at once.
enum class EntryStyle : std::uint8_t { Market, Limit, Stop, StopLimit, Ioc, Fok };

/// How a position is left: the entry with target and stop as one group; the entry alone and both
/// once it has ended; the entry with a stop only, fixed or trailing.
enum class ExitStyle : std::uint8_t { Bracket, Oco, Oto, Trailing };

/// Whether an entry is sent into the opening auction where the averages stand right.
enum class OpeningEntry : std::uint8_t { None, Market, Limit };

/// What becomes of a position before the close.
enum class FlatBy : std::uint8_t { Hold, Market, CloseAuction };

/// Which bars count.
enum class Hours : std::uint8_t { Regular, All };

/// The rules of one bot.
struct Settings {
  core::Symbol symbol;
  core::Price tick;
  std::int64_t fast = 0;
  std::int64_t slow = 0;
  core::Quantity size;
  core::Rate target;
  core::Rate stop;
  Direction direction = Direction::Long;
  std::vector<EntryStyle> entry;  ///< Taken in turn, as `exits`.
  core::Rate entry_offset;
  core::Duration entry_lifetime{};
  bool entry_follows = false;
  std::vector<ExitStyle> exits;
  trading::TimeInForce exit_time_in_force = trading::TimeInForce::Gtc;
  OpeningEntry on_open = OpeningEntry::None;
  FlatBy flat_by = FlatBy::Hold;
  core::Duration flat_before_close{};
  Hours hours = Hours::Regular;
  bool across_sessions = true;
  core::Duration retry_pause{};
  core::Duration retry_pause_max{};
};

/// Keys, help, defaults and ranges. The defaults are the strategy of the data set `sma-anchor`.
core::Schema<Settings> settings_schema();

}  // namespace st0ck::engines::sma_cross
