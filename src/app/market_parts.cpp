#include "src/app/market_parts.hpp"

#include "src/app/corporate_action_file.hpp"
#include "st0ck/adapters/sim/bar_market.hpp"
#include "st0ck/adapters/sim/generated/tape.hpp"
#include "st0ck/adapters/sim/generated_market.hpp"
#include "st0ck/adapters/sim/lined_market.hpp"
#include "st0ck/adapters/sim/tick_market.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/market/bar_interval.hpp"
#include "st0ck/market/csv/csv_bar_folder.hpp"

#include <filesystem>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app {

namespace {

using adapters::sim::BarFeed;
using adapters::sim::BarMarket;
using adapters::sim::BarMarketSettings;
using adapters::sim::GeneratedMarket;
using adapters::sim::GeneratedMarketSettings;
using adapters::sim::LinedMarket;
using adapters::sim::TickMarket;
namespace generated = adapters::sim::generated;

// Quotes are derived whether or not an engine asks for them: every entry needs a fresh one.
constexpr bool kDeriveQuotes = true;

/// What every kind of market needs.
struct Surroundings : MarketSurroundings {
  const core::ExchangeCalendar& calendar;
  core::Price half_spread;
};

core::Result<std::unique_ptr<BarMarket>> play(BarMarketSettings playing, std::vector<BarFeed> feeds,
                                              const Surroundings& surroundings) {
  playing.half_spread = surroundings.half_spread;
  return BarMarket::open(playing, surroundings.calendar, surroundings.instruments,
                         surroundings.engine, std::move(feeds));
}

constexpr core::Duration kBarLength = std::chrono::minutes{1};

/// What the starts of a file's first bars say about their length.
struct BarSpacing {
  core::Duration common{};  ///< Greatest common divisor of the times between bars of one session.
  std::size_t spacings = 0;
  std::size_t sessions = 0;

  void add(const market::Bar& previous, const market::Bar& bar) {
    if (core::to_new_york(previous.start).date != core::to_new_york(bar.start).date) {
      ++sessions;
      return;
    }
    ++spacings;
    common = core::Duration{std::gcd(common.count(), (bar.start - previous.start).count())};
  }

  /// Whether these can't be bars of a minute, however thin the market: longer bars taken for
  /// minutes would be traded before they were over.
  bool is_too_long() const {
    constexpr std::size_t kEnough = 10;
    constexpr std::size_t kEnoughSessions = 3;
    return (spacings >= kEnough && common > kBarLength) ||
           (spacings == 0 && sessions >= kEnoughSessions);
  }

  std::string text() const {
    return spacings == 0 ? "one a session" : market::BarInterval::of(common).to_string() + " apart";
  }
};

core::Status check_bar_length(const market::CsvBarFolder& folder, const core::Symbol& symbol,
                              const market::CsvBarReader::Settings& reading,
                              const std::filesystem::path& path) {
  constexpr int kLooks = 1000;
  auto bars = folder.bars_of(symbol, reading);
  if (!bars) return tl::unexpected(bars.error());
  BarSpacing spacing;
  std::optional<market::Bar> previous;
  for (int i = 0; i < kLooks; ++i) {
    const auto bar = (*bars)->next();
    // A defect is told where the bars are played, and only if they are.
    if (!bar || !*bar) break;
    if (previous) spacing.add(*previous, **bar);
    previous = **bar;
  }
  if (!spacing.is_too_long()) return {};
  return core::fail(core::Errc::BadInput,
                    "market.path: {}: the bars of {} are {}, allowed are bars of one minute",
                    path.string(), symbol, spacing.text());
}

core::Result<MarketParts> open_recorded(const RecordedMarketSettings& settings,
                                        const Surroundings& surroundings) {
  const auto folder = market::CsvBarFolder::open(settings.path);
  if (!folder) return core::at("market.path", folder.error());
  std::vector<BarFeed> feeds;
  std::vector<const market::CsvBarReader*> readers;
  for (const market::Instrument& instrument : surroundings.instruments) {
    market::CsvBarReader::Settings reading;
    reading.instrument = instrument.id;
    reading.calendar = surroundings.calendar;
    if (const auto checked = check_bar_length(*folder, instrument.symbol, reading, settings.path);
        !checked)
      return tl::unexpected(checked.error());
    auto bars = folder->bars_of(instrument.symbol, reading);
    if (!bars) return tl::unexpected(bars.error());
    readers.push_back(bars->get());
    feeds.push_back({instrument.id, std::move(*bars), kDeriveQuotes});
  }
  BarMarketSettings playing;
  playing.from = settings.from;
  playing.to = settings.to;
  playing.provider = core::Code{"recorded"};
  if (settings.corporate_actions) {
    auto actions = read_corporate_actions(*settings.corporate_actions, surroundings.instruments);
    if (!actions) return core::at("market.corporate_actions", actions.error());
    playing.actions = std::move(*actions);
  }
  auto played = play(playing, std::move(feeds), surroundings);
  if (!played) return tl::unexpected(played.error());
  if (!(*played)->has_bars())
    return core::fail(
        core::Errc::BadInput,
        "market.path: {}: no bar from {} to {}, allowed is a period with recorded bars",
        settings.path.string(), core::format_date(settings.from), core::format_date(settings.to));
  return MarketParts{std::move(*played), std::move(readers)};
}

core::Result<MarketParts> open_generated_bars(const app::GeneratedMarketSettings& settings,
                                              const Surroundings& surroundings) {
  GeneratedMarketSettings making;
  making.seed = static_cast<std::uint64_t>(settings.seed);
  making.from = settings.from;
  making.sessions = static_cast<std::uint32_t>(settings.days);
  making.start_price = settings.start_price;
  const auto generated = GeneratedMarket::create(making, surroundings.calendar);
  if (!generated) return core::at("market", generated.error());
  std::vector<BarFeed> feeds;
  for (const market::Instrument& instrument : surroundings.instruments)
    feeds.push_back({instrument.id, generated->bars_of(instrument), kDeriveQuotes});
  BarMarketSettings playing;
  playing.from = generated->first_date();
  playing.to = generated->last_date();
  playing.provider = core::Code{"generated"};
  auto played = play(playing, std::move(feeds), surroundings);
  if (!played) return tl::unexpected(played.error());
  return MarketParts{std::move(*played), {}};
}

void add_script(generated::TapeSettings& tape, const DayScript& days,
                std::optional<core::Symbol> symbol) {
  std::uint32_t session = 0;
  for (const generated::DayKind kind : days.script)
    tape.script.push_back({++session, kind, symbol});
}

/// The tape of the settings, with every instrument in it; those without traits of their own are
/// like the default.
generated::TapeSettings tape_of(const MarketSettings& settings,
                                const market::InstrumentTable& instruments) {
  generated::TapeSettings tape = settings.ticks;
  add_script(tape, settings.days, {});
  for (const GeneratedSymbol& symbol : settings.symbols) {
    tape.symbols.push_back(symbol.traits);
    add_script(tape, symbol.days, symbol.traits.symbol);
  }
  std::set<core::Symbol> listed;
  for (const generated::SymbolTraits& traits : generated::all_symbols(tape))
    listed.insert(traits.symbol);
  for (const market::Instrument& instrument : instruments) {
    if (listed.contains(instrument.symbol)) continue;
    generated::SymbolTraits traits;
    traits.symbol = instrument.symbol;
    traits.start_price = settings.generated.start_price;
    tape.symbols.push_back(traits);
  }
  return tape;
}

core::Result<MarketParts> open_generated_ticks(const MarketSettings& settings,
                                               const Surroundings& surroundings) {
  auto ticks = generated::make_tape(tape_of(settings, surroundings.instruments),
                                    surroundings.calendar, surroundings.instruments);
  if (!ticks) return core::at("market", ticks.error());
  auto source = TickMarket::open(
      std::move(*ticks), surroundings.calendar, core::Code{"generated"},
      {surroundings.clock, surroundings.instruments, surroundings.engine, surroundings.line});
  if (!source) return tl::unexpected(source.error());
  return MarketParts{std::move(*source), {}};
}

}  // namespace

void MarketParts::log_data_quality(const core::Logger& log) const {
  for (const market::CsvBarReader* reader : readers) {
    const market::CsvBarReader::Counters& counters = reader->counters();
    if (counters.skipped_outside_hours > 0)
      log.info("ROWS_OUTSIDE_HOURS", "rows outside regular hours were skipped",
               {{"rows", counters.skipped_outside_hours}});
    if (counters.missing_bars > 0 || counters.missing_sessions > 0)
      log.warn("BARS_MISSING", "the recording has gaps",
               {{"bars", counters.missing_bars},
                {"gaps", counters.gaps},
                {"sessions", counters.missing_sessions}});
  }
}

core::Result<MarketParts> open_market(const MarketSettings& settings,
                                      const core::ExchangeCalendar& calendar,
                                      const MarketSurroundings& surroundings) {
  const Surroundings all{surroundings, calendar, settings.tape.half_spread};
  const bool is_recorded = settings.kind == MarketKind::Recorded;
  if (!is_recorded && settings.has_ticks()) return open_generated_ticks(settings, all);
  auto bars = is_recorded ? open_recorded(settings.recorded, all)
                          : open_generated_bars(settings.generated, all);
  if (bars && !surroundings.line.is_instant())
    bars->source = std::make_unique<LinedMarket>(std::move(bars->source), surroundings.line);
  return bars;
}

}  // namespace st0ck::app
