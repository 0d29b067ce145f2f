#pragma once

#include "st0ck/adapters/sim/generated/tape.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace st0ck::adapters::sim::generated {

inline core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
inline core::Rate rate(std::string_view text) { return *core::parse_rate(text); }

/// A market in which nothing rare happens: no halts, dividends, splits or special days.
inline TapeSettings calm(std::uint64_t seed, std::uint32_t sessions = 1) {
  TapeSettings settings;
  settings.seed = seed;
  settings.sessions = sessions;
  settings.has_premarket = false;
  settings.halt_one_in = 0;
  settings.dividend_one_in = 0;
  settings.split_one_in = 0;
  settings.special_day_one_in = 0;
  return settings;
}

/// SPY as it is by default.
inline SymbolTraits spy() {
  SymbolTraits traits;
  traits.symbol = core::Symbol{"SPY"};
  return traits;
}

/// A large stock of a sector.
inline SymbolTraits stock(std::string_view symbol, std::uint32_t sector = 0) {
  SymbolTraits traits;
  traits.symbol = core::Symbol{symbol};
  traits.sector = sector;
  traits.start_price = core::Price::whole(100);
  traits.own_volatility = rate("0.0003");
  traits.sector_beta = rate("1");
  traits.minute_volume = core::Volume::whole(20'000);
  traits.events_per_minute = 120;
  traits.spread = rate("0.0002");
  traits.quote_size = core::Volume::whole(400);
  return traits;
}

/// A table with every symbol of the settings, and perhaps others before them.
inline market::InstrumentTable table_of(const TapeSettings& settings) {
  market::InstrumentTable table;
  for (const SymbolTraits& traits : all_symbols(settings)) {
    market::Instrument instrument;
    instrument.symbol = traits.symbol;
    table.define(instrument);
  }
  return table;
}

inline std::unique_ptr<market::TickSource> tape_of(const TapeSettings& settings) {
  return make_tape(settings, core::ExchangeCalendar::xnys(), table_of(settings)).value();
}

/// Hands on every event of a tape.
template <typename Visitor>
void play(market::TickSource& tape, const Visitor& visit) {
  while (true) {
    const auto events = tape.next_several().value();
    if (events.empty()) return;
    for (const market::TapeEvent& event : events) visit(event);
  }
}

template <typename Visitor>
void play(const TapeSettings& settings, const Visitor& visit) {
  play(*tape_of(settings), visit);
}

/// The instrument of an event; nothing for a phase.
inline std::optional<core::InstrumentId> instrument_of(const market::TapeEvent& event) {
  return std::visit(
      [](const auto& what) -> std::optional<core::InstrumentId> {
        if constexpr (requires { what.instrument; })
          return what.instrument;
        else
          return std::nullopt;
      },
      event.what);
}

/// An event as text, without the number of its instrument.
inline std::string text_of(const market::TapeEvent& event) {
  struct Writer {
    std::string operator()(const market::Quote& q) const {
      return fmt::format("quote {} {} {} {}", q.bid.to_string(), q.ask.to_string(),
                         q.bid_size.to_string(), q.ask_size.to_string());
    }
    std::string operator()(const market::Trade& t) const {
      return fmt::format("trade {} {} {} {}", t.price.to_string(), t.size.to_string(), t.conditions,
                         t.exchange);
    }
    std::string operator()(const market::TradingStatus& s) const {
      return fmt::format("status {} {} {} {} {}", market::name_of(s.state), s.reason,
                         s.is_short_sale_restricted, s.band_low ? s.band_low->to_string() : "none",
                         s.band_high ? s.band_high->to_string() : "none");
    }
    std::string operator()(const market::CorporateAction& a) const {
      return fmt::format("action {} {} {} {}", market::name_of(a.kind), a.amount.to_string(),
                         a.numerator, a.denominator);
    }
    std::string operator()(const market::SessionPhase& p) const {
      return fmt::format("phase {}", market::name_of(p.phase));
    }
  };
  return fmt::format("{} {}\n", core::to_ns(event.time), std::visit(Writer{}, event.what));
}

/// A hash of one symbol's events.
inline std::string hash_of(const TapeSettings& settings, std::string_view symbol) {
  const core::InstrumentId id = table_of(settings).find(core::Symbol{symbol})->id;
  core::Sha256 hash;
  play(settings, [&](const market::TapeEvent& event) {
    if (instrument_of(event) == id) hash.update(text_of(event));
  });
  return hash.hex();
}

}  // namespace st0ck::adapters::sim::generated
