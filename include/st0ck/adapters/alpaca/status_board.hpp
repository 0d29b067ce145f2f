#pragma once

#include "st0ck/adapters/alpaca/wire/data/tape.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// What a status letter of the tape does. CTA (tapes A, B) and UTP (tape C) share no letter.
enum class StatusEffect : std::uint8_t { None, Halt, Pause, Resume, RestrictShortSales };
StatusEffect effect_of(std::string_view status_code, std::string_view reason_code);

/// Makes one status per instrument of what comes in two channels: statuses (halts, resumptions,
/// Rule 201) and price bands. Each answer is the whole status, or null where nothing is new; it
/// stays valid until the next call. Older messages than the last one of their channel change
/// nothing.
///
/// The provider tells changes only, so that after a break a halt may be over without a word: a
/// regular print ends such a halt.
class StatusBoard {
 public:
  explicit StatusBoard(core::ExchangeCalendar calendar) : calendar_{calendar} {}

  const market::TradingStatus* apply(core::InstrumentId instrument, const TapeStatus& status);
  const market::TradingStatus* apply(core::InstrumentId instrument, const TapeBands& bands);
  const market::TradingStatus* apply(const market::Trade& trade) {
    if (doubted_ == 0) [[likely]]
      return nullptr;
    return resolve(trade);
  }

  /// Something may have been missed.
  void doubt();

  bool is_halted(core::InstrumentId instrument) const;

 private:
  struct Line {
    market::TradingStatus status;
    core::Timestamp status_time = core::Timestamp::min();
    core::Timestamp bands_time = core::Timestamp::min();
    core::Timestamp restricted_until = core::Timestamp::min();
    bool is_doubted = false;  ///< A halt from before a break.
  };

  Line& line_of(core::InstrumentId instrument);
  const market::TradingStatus* told(Line& line, core::Timestamp time);
  const market::TradingStatus* resolve(const market::Trade& trade);
  void trust(Line& line);
  core::Timestamp end_of_restriction(core::Timestamp time) const;

  core::ExchangeCalendar calendar_;
  std::vector<Line> lines_;
  std::size_t doubted_ = 0;
};

}  // namespace st0ck::alpaca
