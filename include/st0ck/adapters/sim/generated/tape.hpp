#pragma once

#include "st0ck/adapters/sim/generated/tape_settings.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/tick_source.hpp"

#include <memory>

namespace st0ck::adapters::sim::generated {

/// A tape that can be copied between two sessions, so that a past one may be played again without
/// all those before it.
class SessionTape : public market::TickSource {
 public:
  /// Whether the session that was played last is over, or none has begun.
  virtual bool is_between_sessions() const = 0;

  /// The same tape from here on; only between sessions.
  virtual std::unique_ptr<SessionTape> copy() const = 0;
};

/// The quotes, prints, statuses, corporate actions and phases of a market that no exchange ever
/// saw, for 1 to 5,000 symbols (docs/generated-market.md says what is modelled).
///
/// A symbol's events follow from the seed, its name and its traits alone, in integers: they are
/// the same on every machine and whatever other symbols there are. At equal times the phase comes
/// first, then the instruments in their order.
///
/// Regular quotes and prints lie in [open, close). The opening print (`O`) is a symbol's first
/// of the regular hours, the closing print (`6`) its last, a microsecond before the close; each
/// comes once a session, the closing one also when trading is paused then.
///
/// Every symbol must be in `instruments` (`NotFound`); the table must outlive the call only.
/// Holds about a kilobyte per symbol and the events of a short slice of time.
core::Result<std::unique_ptr<market::TickSource>> make_tape(
    const TapeSettings& settings, const core::ExchangeCalendar& calendar,
    const market::InstrumentTable& instruments);

/// The same, for who wants to come back to a session. A copy costs what the tape holds.
core::Result<std::unique_ptr<SessionTape>> make_session_tape(
    const TapeSettings& settings, const core::ExchangeCalendar& calendar,
    const market::InstrumentTable& instruments);

}  // namespace st0ck::adapters::sim::generated
