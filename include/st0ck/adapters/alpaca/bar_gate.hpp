#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/session_cursor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace st0ck::alpaca {

/// Lets one-minute bars through, each once and in order per instrument, across breaks.
///
/// While it is open, bars of the stream pass. A break closes it: bars are held until what was
/// missed has been fetched; both together are then told by their start. Bars outside the regular
/// hours are dropped and counted.
class BarGate {
 public:
  enum class Verdict : std::uint8_t { Tell, Drop, Hold, Overflow };

  struct Counters {
    std::uint64_t repeated = 0;  ///< Told before, or older than the last one told.
    std::uint64_t outside_hours = 0;
    std::uint64_t filled = 0;  ///< Told from the history.
  };

  /// A period whose bars are to be fetched: [from, until), whole minutes.
  struct Gap {
    core::Timestamp from;
    core::Timestamp until;
  };

  BarGate(core::ExchangeCalendar calendar, std::size_t held_max)
      : calendar_{calendar}, sessions_{calendar}, held_max_{held_max} {}

  /// Begins anew: bars that end after `now` are wanted. Closed until `open` or `fill`.
  void begin(std::span<const core::InstrumentId> instruments, core::Timestamp now);

  void close() { is_open_ = false; }
  bool is_open() const { return is_open_; }

  /// What was missed when the stream delivers all bars that end after `until`; nothing where no
  /// session was open meanwhile.
  std::optional<Gap> gap_until(core::Timestamp until) const;

  /// Takes a bar of the stream. `Overflow`: it was one too many to be held, all of them are gone,
  /// and the gap reaches until now.
  Verdict take(const market::Bar& bar);

  /// Opens it. Returns what is to be told now, in order, of the fetched bars and those held; what
  /// was fetched must reach to `until`.
  std::vector<market::Bar> fill(std::vector<market::Bar> fetched, core::Timestamp until);

  std::span<const core::InstrumentId> instruments() const { return instruments_; }
  const Counters& counters() const { return counters_; }

 private:
  bool is_new(const market::Bar& bar);
  void note_told(const market::Bar& bar);

  core::ExchangeCalendar calendar_;
  market::SessionCursor sessions_;
  std::size_t held_max_;
  std::vector<core::InstrumentId> instruments_;
  /// By instrument: no bar that starts before it is told any more; nothing where none is wanted.
  std::vector<std::optional<core::Timestamp>> not_before_;
  std::vector<market::Bar> held_;
  /// All bars that end by then have been told.
  core::Timestamp settled_until_{};
  bool is_open_ = false;
  Counters counters_;
};

}  // namespace st0ck::alpaca
