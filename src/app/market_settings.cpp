#include "src/app/market_settings.hpp"

#include "st0ck/core/calendar.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace st0ck::app {

namespace {

using adapters::sim::generated::DayKind;
using adapters::sim::generated::SymbolTraits;
using TicksSettings = adapters::sim::generated::TapeSettings;

constexpr std::string_view kSymbolsHelp =
    "What single symbols are like, under their names in small letters; the others are like SPY.";

core::Symbol symbol_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return core::Symbol{name};
}

}  // namespace

core::Schema<MarketChoice> market_choice_schema() {
  core::Schema<MarketChoice> schema;
  schema.field("kind", &MarketChoice::kind)
      .help("Where market data come from.")
      .words({{"generated", MarketKind::Generated},
              {"recorded", MarketKind::Recorded},
              {"alpaca", MarketKind::Alpaca}})
      .by_default("generated")
      .decides_keys();
  return schema;
}

core::Schema<TapeSettings> tape_schema() {
  core::Schema<TapeSettings> schema;
  schema.field("speed", &TapeSettings::speed)
      .help("Simulated seconds per real second; 0 is as fast as it goes. Closed hours are skipped.")
      .by_default("0")
      .range("0", "1000000")
      .not_in_hash();
  schema.field("half_spread", &TapeSettings::half_spread)
      .help("Half the spread of the quote that is derived from a bar's close.")
      .by_default("0.005")
      .range("0", "10")
      .unit("dollars");
  return schema;
}

core::Schema<RecordedMarketSettings> recorded_market_schema() {
  core::Schema<RecordedMarketSettings> schema;
  schema.field("path", &RecordedMarketSettings::path)
      .help(
          "A folder of bar files named by symbol (SPY.csv, SPY.csv.gz), or the root of the "
          "minute set us-equity-minute-2019.");
  schema.field("corporate_actions", &RecordedMarketSettings::corporate_actions)
      .help(
          "A CSV file of dividends and splits: ex_date,symbol,kind,value with kind dividend "
          "(dollars per share) or split (new:old shares). The bars must not be adjusted for them.");
  schema.field("from", &RecordedMarketSettings::from).help("First session, New York date.");
  schema.field("to", &RecordedMarketSettings::to).help("Last session, included.");
  schema.check([](const RecordedMarketSettings& settings, core::SettingChecks& checks) {
    if (settings.to < settings.from)
      checks.add("to", "a date not before market.from");
    else if (const auto sessions =
                 core::ExchangeCalendar::xnys().sessions_between(settings.from, settings.to);
             !sessions)
      checks.add("from", "dates from 1990-01-01 to 2100-12-31");
    else if (sessions->empty())
      checks.add("from", "a period with a session of the exchange");
  });
  return schema;
}

core::Schema<GeneratedMarketSettings> generated_market_schema() {
  core::Schema<GeneratedMarketSettings> schema;
  schema.field("detail", &GeneratedMarketSettings::detail)
      .help(
          "One-minute bars with quotes derived from them, or every quote and print (ticks) with "
          "auctions, halts and corporate actions, and bars made of those.")
      .words({{"bars", MarketDetail::Bars}, {"ticks", MarketDetail::Ticks}})
      .by_default("bars")
      .decides_keys();
  schema.field("days", &GeneratedMarketSettings::days)
      .help("How many sessions to generate.")
      .by_default("1")
      .range("1", "2520")
      .unit("sessions");
  schema.field("seed", &GeneratedMarketSettings::seed)
      .help("The same seed gives the same market.")
      .by_default("1")
      .range("0", "9223372036854775807");
  schema.field("from", &GeneratedMarketSettings::from)
      .help("The first session is the first one on or after this date.")
      .by_default("2025-01-02")
      .range("1990-01-01", "2090-12-31");
  schema.field("start_price", &GeneratedMarketSettings::start_price)
      .help("Price of every symbol before the first session.")
      .by_default("580.00")
      .range("1", "100000")
      .unit("dollars");
  return schema;
}

core::Schema<TicksSettings> generated_ticks_schema() {
  const TicksSettings defaults;
  core::Schema<TicksSettings> schema;
  schema.field("made_up_symbols", &TicksSettings::made_up_symbols)
      .help("So many more symbols beside those of the bots: AAAA, AAAB and on.")
      .by_default("0")
      .range("0", "5000")
      .unit("symbols");
  schema.field("intensity", &TicksSettings::intensity)
      .help("Multiplies the quotes and prints of every symbol; the volume stays.")
      .by_default(defaults.intensity.to_string())
      .range("0.01", "100");
  schema.field("premarket", &TicksSettings::has_premarket)
      .help("Whether the tape begins at 04:00; otherwise ten minutes before the open.")
      .by_default("true");
  schema.field("market_volatility", &TicksSettings::market_volatility)
      .help("Deviation of the market's move in a minute, as a part of the price.")
      .by_default(defaults.market_volatility.to_string())
      .range("0", "0.01");
  schema.field("sector_volatility", &TicksSettings::sector_volatility)
      .help("The same of each of the eleven sectors.")
      .by_default(defaults.sector_volatility.to_string())
      .range("0", "0.01");
  schema.field("gap_volatility", &TicksSettings::gap_volatility)
      .help("Deviation of the market's move from close to open.")
      .by_default(defaults.gap_volatility.to_string())
      .range("0", "0.1");
  schema.field("off_exchange_share", &TicksSettings::off_exchange_share)
      .help("Part of the prints that happen off the exchanges (venue D).")
      .by_default(defaults.off_exchange_share.to_string())
      .range("0", "1");
  schema.field("halt_one_in", &TicksSettings::halt_one_in)
      .help("A symbol has a news halt in one session of so many; 0 is never.")
      .by_default(std::to_string(defaults.halt_one_in))
      .range("0", "1000000")
      .unit("sessions");
  schema.field("dividend_one_in", &TicksSettings::dividend_one_in)
      .help("A symbol goes ex dividend in one session of so many; 0 is never.")
      .by_default(std::to_string(defaults.dividend_one_in))
      .range("0", "1000000")
      .unit("sessions");
  schema.field("split_one_in", &TicksSettings::split_one_in)
      .help("A symbol splits before one session of so many; 0 is never.")
      .by_default(std::to_string(defaults.split_one_in))
      .range("0", "1000000")
      .unit("sessions");
  schema.field("special_day_one_in", &TicksSettings::special_day_one_in)
      .help("One session of so many is of a kind other than ordinary, never a crash; 0 is never.")
      .by_default(std::to_string(defaults.special_day_one_in))
      .range("0", "1000000")
      .unit("sessions");
  return schema;
}

core::Schema<SymbolTraits> generated_symbol_schema(core::Price start_price) {
  const SymbolTraits defaults;
  core::Schema<SymbolTraits> schema;
  schema.field("start_price", &SymbolTraits::start_price)
      .help("Price before the first session.")
      .by_default(start_price.to_string())
      .range("0.05", "100000")
      .unit("dollars");
  schema.field("sector", &SymbolTraits::sector)
      .help("Symbols of one sector share its moves.")
      .by_default(std::to_string(defaults.sector))
      .range("0", "10");
  schema.field("own_volatility", &SymbolTraits::own_volatility)
      .help("Deviation in a minute of what it moves alone, as a part of the price.")
      .by_default(defaults.own_volatility.to_string())
      .range("0", "0.01");
  schema.field("market_beta", &SymbolTraits::market_beta)
      .help("How much of the market's move it makes.")
      .by_default(defaults.market_beta.to_string())
      .range("-5", "5");
  schema.field("sector_beta", &SymbolTraits::sector_beta)
      .help("How much of its sector's move it makes.")
      .by_default(defaults.sector_beta.to_string())
      .range("-5", "5");
  schema.field("minute_volume", &SymbolTraits::minute_volume)
      .help("Volume of a minute, averaged over the day.")
      .by_default(defaults.minute_volume.to_string())
      .range("1", "100000000")
      .unit("shares");
  schema.field("events_per_minute", &SymbolTraits::events_per_minute)
      .help("Quotes and prints of a minute, averaged over the day.")
      .by_default(std::to_string(defaults.events_per_minute))
      .range("1", "60000");
  schema.field("spread", &SymbolTraits::spread)
      .help("Spread at midday, as a part of the price; never less than a tick.")
      .by_default(defaults.spread.to_string())
      .range("0", "0.05");
  schema.field("quote_size", &SymbolTraits::quote_size)
      .help("Shares shown on a side of the quote, on average.")
      .by_default(defaults.quote_size.to_string())
      .range("100", "1000000")
      .unit("shares");
  schema.field("luld_tier", &SymbolTraits::luld_tier)
      .help("Limit Up-Limit Down: 1 for large stocks and funds, 2 for all others.")
      .by_default(std::to_string(defaults.luld_tier))
      .range("1", "2");
  return schema;
}

core::Schema<DayScript> day_script_schema() {
  core::Schema<DayScript> schema;
  schema.field("script", &DayScript::script)
      .help("What kinds of day the first sessions are, in order; the others come by chance.")
      .words({{"ordinary", DayKind::Ordinary},
              {"trend_up", DayKind::TrendUp},
              {"trend_down", DayKind::TrendDown},
              {"chop", DayKind::Chop},
              {"open_drive", DayKind::OpenDrive},
              {"squeeze", DayKind::Squeeze},
              {"vacuum", DayKind::Vacuum},
              {"gap_and_go", DayKind::GapAndGo},
              {"crash", DayKind::Crash}})
      .items(0, 2520)
      .by_default(std::vector<std::string>{});
  return schema;
}

namespace {

void check_script(core::SettingsSection& section, const DayScript& days, std::int64_t sessions) {
  if (static_cast<std::int64_t>(days.script.size()) > sessions)
    section.problem("script",
                    fmt::format("at most {} kinds, one for each of market.days", sessions));
}

void read_ticks(core::SettingsSection& section, MarketSettings& settings) {
  settings.ticks = section.read(generated_ticks_schema());
  settings.days = section.read(day_script_schema());
  check_script(section, settings.days, settings.generated.days);
  settings.ticks.seed = static_cast<std::uint64_t>(settings.generated.seed);
  settings.ticks.from = settings.generated.from;
  settings.ticks.sessions = static_cast<std::uint32_t>(settings.generated.days);
  for (auto& [name, symbol] : section.sections("symbols", core::Symbol::kCapacity, kSymbolsHelp)) {
    GeneratedSymbol generated;
    generated.key = name;
    generated.traits = symbol.read(generated_symbol_schema(settings.generated.start_price));
    generated.traits.symbol = symbol_of(name);
    generated.days = symbol.read(day_script_schema());
    check_script(symbol, generated.days, settings.generated.days);
    settings.symbols.push_back(std::move(generated));
  }
}

void mention_ticks(core::SettingsSection& section) {
  section.mention(generated_ticks_schema(), "market.detail is ticks");
  section.mention(day_script_schema(), "market.detail is ticks");
}

}  // namespace

MarketSettings read_market_settings(core::SettingsSection section) {
  MarketSettings settings;
  settings.kind = section.read(market_choice_schema()).kind;
  if (settings.is_live()) {
    settings.alpaca = section.read(alpaca_market_schema());
    settings.alpaca.request_limits = section.read(data_request_limits_schema(settings.alpaca.feed));
    section.mention(tape_schema(), "market.kind is generated or recorded");
  } else {
    settings.tape = section.read(tape_schema());
    section.mention(alpaca_market_schema(), "market.kind is alpaca");
    section.mention(data_request_limits_schema({}), "market.kind is alpaca");
  }
  if (settings.kind == MarketKind::Recorded)
    settings.recorded = section.read(recorded_market_schema());
  else
    section.mention(recorded_market_schema(), "market.kind is recorded");
  if (settings.kind == MarketKind::Generated)
    settings.generated = section.read(generated_market_schema());
  else
    section.mention(generated_market_schema(), "market.kind is generated");
  if (settings.has_ticks())
    read_ticks(section, settings);
  else
    mention_ticks(section);
  return settings;
}

}  // namespace st0ck::app
