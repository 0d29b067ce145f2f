#include "src/app/market_settings.hpp"

#include "st0ck/core/calendar.hpp"

namespace st0ck::app {

core::Schema<MarketChoice> market_choice_schema() {
  core::Schema<MarketChoice> schema;
  schema.field("kind", &MarketChoice::kind)
      .help("Where market data come from.")
      .words({{"generated", MarketKind::Generated}, {"recorded", MarketKind::Recorded}})
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

MarketSettings read_market_settings(core::SettingsSection section) {
  MarketSettings settings;
  settings.kind = section.read(market_choice_schema()).kind;
  settings.tape = section.read(tape_schema());
  if (settings.kind == MarketKind::Recorded) {
    settings.recorded = section.read(recorded_market_schema());
    section.mention(generated_market_schema(), "market.kind is generated");
  } else {
    settings.generated = section.read(generated_market_schema());
    section.mention(recorded_market_schema(), "market.kind is recorded");
  }
  return settings;
}

}  // namespace st0ck::app
