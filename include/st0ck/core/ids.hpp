#pragma once

#include "st0ck/core/fixed_text.hpp"
#include "st0ck/core/result.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace st0ck::core {

/// An integer identity; types with different tags do not mix.
template <typename Tag, typename Rep>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_{value} {}
  constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  Rep value_ = 0;
};

/// Index into the one append-only instrument table of a process; 0 is the first instrument.
using InstrumentId = Id<struct InstrumentTag, std::uint32_t>;

/// Our number of an order within a run, counted from 1; 0 means none.
using OrderId = Id<struct OrderTag, std::uint64_t>;

/// Position of an event or record in the total order of a run, counted from 1.
using Sequence = Id<struct SequenceTag, std::uint64_t>;

/// Handle of a pending timer.
using TimerId = Id<struct TimerTag, std::uint64_t>;

/// The broker account that an order or position belongs to, as named in the configuration.
using AccountId = FixedText<struct AccountTag, 16>;

/// A bot's name in the configuration: lower-case letters, digits and `_`, so that a client order
/// id can be taken apart again.
using BotId = FixedText<struct BotTag, 16>;

/// The registered name of an engine, for example `st0cka`.
using EngineName = FixedText<struct EngineTag, 12>;

/// A ticker or OCC symbol.
using Symbol = FixedText<struct SymbolTag, 24>;

/// Four letters that a run at a broker is drawn once, at its beginning: what tells its orders from
/// those of any other state directory with the same bots.
using RunMark = FixedText<struct RunMarkTag, 4>;

/// `bot-engine-yyyymmdd[mark]-seq[-leg]`, with the run's mark at a broker: what the broker knows an
/// order by, and what leads from any order back to the intent behind it.
using ClientOrderId = FixedText<struct ClientOrderTag, 48>;

/// The broker's or venue's own name of an order or an execution.
using VenueOrderId = FixedText<struct VenueOrderTag, 48>;
using ExecutionId = FixedText<struct ExecutionTag, 48>;

/// A stable upper-case reason or message code such as `STOP_LOSS` or `RISK_DAILY_LOSS`.
using Code = FixedText<struct CodeTag, 32>;

/// Checks a name from the outside: 1 to `capacity` of `a-z 0-9 _`, starting with a letter.
Status check_name(std::string_view what, std::string_view name, std::size_t capacity);

/// Checks a ticker from the outside: 1 to 24 of `A-Z 0-9 . - /`.
Result<Symbol> parse_symbol(std::string_view text);

}  // namespace st0ck::core

template <typename Tag, typename Rep>
struct std::hash<st0ck::core::Id<Tag, Rep>> {
  std::size_t operator()(st0ck::core::Id<Tag, Rep> id) const noexcept {
    return std::hash<Rep>{}(id.value());
  }
};

template <typename Tag, std::size_t Capacity>
struct std::hash<st0ck::core::FixedText<Tag, Capacity>> {
  std::size_t operator()(const st0ck::core::FixedText<Tag, Capacity>& text) const noexcept {
    return std::hash<std::string_view>{}(text.view());
  }
};
