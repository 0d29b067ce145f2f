#include "engines/sma_cross/settings.hpp"

namespace st0ck::engines::sma_cross {

namespace {

void check_periods(const Settings& settings, core::SettingChecks& checks) {
  if (settings.slow <= settings.fast) checks.add("slow", "a period longer than fast");
}

/// Exchanges take orders for the closing auction until ten minutes before it (NYSE, Nasdaq; Alpaca
/// as well).
void check_flat(const Settings& settings, core::SettingChecks& checks) {
  if (settings.flat_by == FlatBy::CloseAuction &&
      settings.flat_before_close <= std::chrono::minutes{10})
    checks.add("flat_before_close", "more than 10m with flat_by close_auction");
}

void check_pauses(const Settings& settings, core::SettingChecks& checks) {
  if (settings.retry_pause_max < settings.retry_pause)
    checks.add("retry_pause_max", "a time not below retry_pause");
}

void add_averages(core::Schema<Settings>& schema) {
  schema.field("fast", &Settings::fast)
      .help("Closes in the fast average.")
      .by_default("10")
      .range("1", "1000")
      .unit("bars");
  schema.field("slow", &Settings::slow)
      .help("Closes in the slow average.")
      .by_default("30")
      .range("2", "1000")
      .unit("bars");
  schema.field("hours", &Settings::hours)
      .help("Which bars count: those of regular hours, or all.")
      .words({{"regular", Hours::Regular}, {"all", Hours::All}})
      .by_default("regular");
  schema.field("across_sessions", &Settings::across_sessions)
      .help("Whether the averages go on with the next session, or begin anew.")
      .by_default("true");
  schema.check(check_periods);
}

void add_entry(core::Schema<Settings>& schema) {
  schema.field("size", &Settings::size)
      .help("What an entry buys or sells short.")
      .by_default("10")
      .above("0")
      .at_most("1000000")
      .unit("shares");
  schema.field("direction", &Settings::direction)
      .help("Which crossings are traded.")
      .words({{"long", Direction::Long}, {"short", Direction::Short}, {"both", Direction::Both}})
      .by_default("long");
  schema.field("entry", &Settings::entry)
      .help("How entries go out; several ways are taken in turn.")
      .words({{"market", EntryStyle::Market},
              {"limit", EntryStyle::Limit},
              {"stop", EntryStyle::Stop},
              {"stop_limit", EntryStyle::StopLimit},
              {"ioc", EntryStyle::Ioc},
              {"fok", EntryStyle::Fok}})
      .items(1, 16)
      .by_default({"market"});
  schema.field("entry_offset", &Settings::entry_offset)
      .help(
          "How far from the close a limit waits, a stop triggers, and an ioc or fok pays, as a "
          "part of it.")
      .by_default("0.0005")
      .range("0", "0.1");
  schema.field("entry_lifetime", &Settings::entry_lifetime)
      .help("A limit or stop entry that has not filled by then is cancelled.")
      .by_default("15m")
      .range("1s", "6h");
  schema.field("entry_follows", &Settings::entry_follows)
      .help(
          "Whether a limit entry without exits of its own (exits: oco) is moved after each close, "
          "to stay entry_offset from it.")
      .by_default("false");
  schema.field("on_open", &Settings::on_open)
      .help("Whether an entry goes into the opening auction where the averages stand right.")
      .words({{"none", OpeningEntry::None},
              {"market", OpeningEntry::Market},
              {"limit", OpeningEntry::Limit}})
      .by_default("none");
}

void add_exits(core::Schema<Settings>& schema) {
  schema.field("target", &Settings::target)
      .help("Gain at which a position is left, as a part of the price.")
      .by_default("0.01")
      .above("0")
      .at_most("0.9");
  schema.field("stop", &Settings::stop)
      .help(
          "Loss at which a position is left, as a part of the price; the trail of a trailing one.")
      .by_default("0.01")
      .above("0")
      .at_most("0.9");
  schema.field("exits", &Settings::exits)
      .help("How a position is left; several ways are taken in turn, entry by entry.")
      .words({{"bracket", ExitStyle::Bracket},
              {"oco", ExitStyle::Oco},
              {"oto", ExitStyle::Oto},
              {"trailing", ExitStyle::Trailing}})
      .items(1, 16)
      .by_default({"bracket"});
  schema.field("exit_time_in_force", &Settings::exit_time_in_force)
      .help("How long target and stop work.")
      .words({{"gtc", trading::TimeInForce::Gtc}, {"day", trading::TimeInForce::Day}})
      .by_default("gtc");
  schema.field("flat_by", &Settings::flat_by)
      .help("Whether a position is held overnight, or sold at the market or in the auction.")
      .words({{"hold", FlatBy::Hold},
              {"market", FlatBy::Market},
              {"close_auction", FlatBy::CloseAuction}})
      .by_default("hold");
  schema.field("flat_before_close", &Settings::flat_before_close)
      .help("How long before the close that is done, and no entry follows.")
      .by_default("15m")
      .range("1s", "3h");
  schema.field("retry_pause", &Settings::retry_pause)
      .help("Time before an exit that was refused, rejected or cancelled is tried again; doubles.")
      .by_default("10s")
      .range("1s", "10m");
  schema.field("retry_pause_max", &Settings::retry_pause_max)
      .help("What that time doubles up to, try after try.")
      .by_default("2m")
      .range("1s", "1h");
  schema.check(check_pauses);
  schema.check(check_flat);
}

}  // namespace

core::Schema<Settings> settings_schema() {
  core::Schema<Settings> schema;
  schema.field("symbol", &Settings::symbol).help("The stock to trade.").by_default("SPY");
  schema.field("tick", &Settings::tick)
      .help("The stock's least difference between two prices.")
      .by_default("0.01")
      .above("0")
      .at_most("1")
      .unit("dollars");
  add_averages(schema);
  add_entry(schema);
  add_exits(schema);
  return schema;
}

}  // namespace st0ck::engines::sma_cross
