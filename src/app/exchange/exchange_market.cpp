#include "src/app/exchange/exchange_market.hpp"

#include "src/app/exchange/bar_ticks.hpp"
#include "st0ck/adapters/sim/generated/tape.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/csv/csv_bar_folder.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {

namespace {

namespace generated = adapters::sim::generated;

/// What the generated symbols are like; the volatilities in 1e-9 of a minute's price.
struct Listing {
  std::string_view symbol;
  std::int64_t price;
  std::uint32_t sector;
  std::int64_t own_volatility;
  std::int64_t minute_volume;
  std::uint32_t events_per_minute;
  char exchange;
};

// Fewer events than the real ones have: history is played at every start.
constexpr std::array kListings{
    Listing{"SPY", 590, 0, 30'000, 150'000, 120, 'P'},
    Listing{"QQQ", 510, 1, 80'000, 100'000, 80, 'Q'},
    Listing{"AAPL", 200, 1, 300'000, 120'000, 80, 'Q'},
    Listing{"MSFT", 455, 1, 250'000, 50'000, 60, 'Q'},
    Listing{"AMZN", 205, 2, 350'000, 90'000, 40, 'Q'},
    Listing{"NVDA", 135, 1, 500'000, 400'000, 60, 'Q'},
    Listing{"IWM", 205, 0, 100'000, 60'000, 40, 'P'},
    Listing{"F", 10, 3, 400'000, 150'000, 40, 'N'},
};

constexpr core::Date kFirstDay{std::chrono::year{2025} / 6 / 2};

generated::SymbolTraits traits_of(const Listing& listing) {
  generated::SymbolTraits traits;
  traits.symbol = core::Symbol{listing.symbol};
  traits.start_price = core::Price::whole(listing.price);
  traits.sector = listing.sector;
  traits.own_volatility = core::Rate::from_raw(listing.own_volatility);
  if (listing.sector > 0) traits.sector_beta = *core::parse_rate("0.6");
  traits.minute_volume = core::Volume::whole(listing.minute_volume);
  traits.events_per_minute = listing.events_per_minute;
  traits.listing_exchange = listing.exchange;
  return traits;
}

generated::TapeSettings usual_tape() {
  generated::TapeSettings tape;
  for (const Listing& listing : kListings) tape.symbols.push_back(traits_of(listing));
  return tape;
}

core::Result<core::Session> session_on(core::Date date, const core::ExchangeCalendar& calendar) {
  if (auto known = calendar.check(date); !known) return core::at("--date", known.error());
  const auto session = calendar.session_on(date);
  if (!session)
    return core::fail(core::Errc::BadInput,
                      "--date: {} is no session ({}), allowed is a trading day",
                      core::format_date(date), calendar.closure_reason(date));
  return *session;
}

/// The session so many before, or as far back as the calendar goes.
core::Date sessions_before(core::Date date, std::uint32_t count,
                           const core::ExchangeCalendar& calendar) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto previous = calendar.previous_session(date);
    if (!previous) break;
    date = previous->date;
  }
  return date;
}

core::Result<ExchangeMarket> open_generated(const ExchangeMarketSettings& settings,
                                            const core::ExchangeCalendar& calendar) {
  const auto session = session_on(settings.date.value_or(kFirstDay), calendar);
  if (!session) return tl::unexpected(session.error());
  ExchangeMarket market;
  market.instruments = std::make_unique<market::InstrumentTable>();
  generated::TapeSettings tape = settings.generated ? *settings.generated : usual_tape();
  tape.seed = settings.seed;
  tape.from = sessions_before(session->date, settings.sessions_before, calendar);
  tape.sessions = settings.sessions_before + 1 + settings.sessions_after;
  for (const generated::SymbolTraits& traits : generated::all_symbols(tape)) {
    market::Instrument instrument;
    instrument.symbol = traits.symbol;
    market.instruments->define(instrument);
  }
  market.open_tape = [tape, calendar, instruments = market.instruments.get()] {
    return generated::make_tape(tape, calendar, *instruments);
  };
  market.made_up = std::move(tape);
  market.start = core::from_new_york(session->date, settings.at.since_midnight);
  return market;
}

/// The date of the last bar.
core::Result<core::Date> last_date(market::BarSource& bars, std::string_view place) {
  std::optional<core::Timestamp> last;
  for (;;) {
    const auto bar = bars.next();
    if (!bar) return tl::unexpected(bar.error());
    if (!*bar) break;
    last = (*bar)->start;
  }
  if (!last)
    return core::fail(core::Errc::BadInput, "{}: no bar, allowed are recorded bars", place);
  return core::to_new_york(*last).date;
}

core::Result<std::unique_ptr<market::BarSource>> bars_of(const market::CsvBarFolder& folder,
                                                         const market::Instrument& instrument,
                                                         const core::ExchangeCalendar& calendar) {
  market::CsvBarReader::Settings reading;
  reading.instrument = instrument.id;
  reading.calendar = calendar;
  auto reader = folder.bars_of(instrument.symbol, reading);
  if (!reader) return tl::unexpected(reader.error());
  return std::unique_ptr<market::BarSource>{std::move(*reader)};
}

core::Result<std::unique_ptr<market::TickSource>> open_bars(
    const market::CsvBarFolder& folder, const market::InstrumentTable& instruments,
    const core::ExchangeCalendar& calendar, const BarTicksSettings& settings) {
  std::vector<std::unique_ptr<market::BarSource>> sources;
  for (const market::Instrument& instrument : instruments) {
    auto bars = bars_of(folder, instrument, calendar);
    if (!bars) return tl::unexpected(bars.error());
    sources.push_back(std::move(*bars));
  }
  auto ticks = BarTicks::open(std::move(sources), calendar, settings);
  if (!ticks) return core::at("--market", ticks.error());
  return std::unique_ptr<market::TickSource>{std::move(*ticks)};
}

core::Result<ExchangeMarket> open_recorded(const ExchangeMarketSettings& settings,
                                           const core::ExchangeCalendar& calendar) {
  const auto folder = market::CsvBarFolder::open(*settings.recorded);
  if (!folder) return core::at("--market", folder.error());
  const auto symbols = folder->symbols();
  if (!symbols) return core::at("--market", symbols.error());
  if (symbols->empty())
    return core::fail(core::Errc::NotFound, "--market: {}: no file SYMBOL.csv or SYMBOL.csv.gz",
                      settings.recorded->string());
  ExchangeMarket market;
  market.instruments = std::make_unique<market::InstrumentTable>();
  for (const core::Symbol& symbol : *symbols) {
    market::Instrument instrument;
    instrument.symbol = symbol;
    market.instruments->define(instrument);
  }
  std::optional<core::Date> date = settings.date;
  if (!date) {
    auto bars = bars_of(*folder, *market.instruments->begin(), calendar);
    if (!bars) return tl::unexpected(bars.error());
    const auto last = last_date(**bars, settings.recorded->string());
    if (!last) return tl::unexpected(last.error());
    date = *last;
  }
  const auto session = session_on(*date, calendar);
  if (!session) return tl::unexpected(session.error());
  BarTicksSettings playing;
  playing.from = sessions_before(session->date, settings.sessions_before, calendar);
  market.start = core::from_new_york(session->date, settings.at.since_midnight);
  market.open_tape = [folder = *folder, instruments = market.instruments.get(), calendar, playing] {
    return open_bars(folder, *instruments, calendar, playing);
  };
  return market;
}

}  // namespace

std::string_view listing_exchange_of(std::string_view symbol) {
  for (const Listing& listing : kListings) {
    if (listing.symbol != symbol) continue;
    if (listing.exchange == 'P') return "ARCA";
    if (listing.exchange == 'N') return "NYSE";
  }
  return "NASDAQ";
}

core::Result<ExchangeMarket> open_exchange_market(const ExchangeMarketSettings& settings,
                                                  const core::ExchangeCalendar& calendar) {
  return settings.recorded ? open_recorded(settings, calendar) : open_generated(settings, calendar);
}

}  // namespace st0ck::app::exchange
