#include "engines/st0cka/settings.hpp"

namespace st0ck::engines::st0cka {

namespace {

void check_order(const Settings& settings, core::SettingChecks& checks) {
  if (settings.buy_until <= settings.buy_from) checks.add("buy_until", "a time after buy_from");
  if (settings.time_exit_from < settings.sell_from)
    checks.add("time_exit_from", "a time not before sell_from");
  if (settings.stop_at <= settings.time_exit_from)
    checks.add("stop_at", "a time after time_exit_from");
  if (settings.stop_at < settings.buy_until) checks.add("stop_at", "a time not before buy_until");
  if (settings.mode == Mode::Advanced &&
      settings.loss_budget <
          core::notional(settings.stop_loss, core::Quantity::whole(1), core::kUnitMultiplier))
    checks.add("loss_budget", "at least stop_loss, what one share may lose");
  if (settings.retry_pause_max < settings.retry_pause)
    checks.add("retry_pause_max", "a time not below retry_pause");
}

void add_lots(core::Schema<Settings>& schema) {
  schema.field("lots_max", &Settings::lots_max)
      .help("Advanced: lots that are open at a time.")
      .by_default("5")
      .range("1", "5")
      .unit("lots");
  schema.field("buy_pause", &Settings::buy_pause)
      .help("Advanced: time between two buys.")
      .by_default("30s")
      .range("1s", "1h");
  schema.field("losses_max", &Settings::losses_max)
      .help("Advanced: lots in a row sold at a loss, after which the session buys no more.")
      .by_default("3")
      .range("1", "20")
      .unit("lots");
  schema.field("loss_budget", &Settings::loss_budget)
      .help(
          "Advanced: a lot is bought only if realised loss and the stops of all lots stay within.")
      .by_default("10")
      .above("0")
      .at_most("1000000")
      .unit("dollars");
}

}  // namespace

core::Schema<Settings> mode_schema() {
  core::Schema<Settings> schema;
  schema.field("mode", &Settings::mode)
      .help("One share once a session, or several lots of a share.")
      .words({{"simple", Mode::Simple}, {"advanced", Mode::Advanced}})
      .by_default("simple");
  return schema;
}

core::Schema<Settings> settings_schema() {
  core::Schema<Settings> schema = mode_schema();
  schema.field("symbol", &Settings::symbol)
      .help("The stock to trade, one share at a time.")
      .by_default("SPY");
  schema.field("buy_from", &Settings::buy_from)
      .help("The buy window opens, New York time.")
      .by_default("09:30")
      .range("09:30", "16:00");
  schema.field("buy_until", &Settings::buy_until)
      .help("The buy window closes (exclusive).")
      .by_default("10:15")
      .range("09:30", "16:00");
  schema.field("sell_from", &Settings::sell_from)
      .help("From here on a held share is offered at its target.")
      .by_default("10:15")
      .range("09:30", "16:00");
  schema.field("time_exit_from", &Settings::time_exit_from)
      .help("From here on a held share is sold at the market if it is not losing.")
      .by_default("10:55")
      .range("09:30", "16:00");
  schema.field("stop_at", &Settings::stop_at)
      .help("From here on a held share is sold at the market in any case.")
      .by_default("11:00")
      .range("09:30", "16:00");
  schema.field("profit_target", &Settings::profit_target)
      .help("What the limit asks above the buying price; the sum is rounded up to the tick.")
      .by_default("0.01")
      .above("0")
      .at_most("1000")
      .unit("dollars per share");
  schema.field("stop_loss", &Settings::stop_loss)
      .help("The share is sold when the bid is this far below the buying price.")
      .by_default("5.00")
      .above("0")
      .at_most("1000")
      .unit("dollars per share");
  schema.field("fill_timeout", &Settings::fill_timeout)
      .help("A buy that takes longer is reported; the same order stays watched.")
      .by_default("10s")
      .range("1s", "1h");
  schema.field("retry_pause", &Settings::retry_pause)
      .help("Time before an exit that the broker rejected or cancelled is tried again; doubles.")
      .by_default("10s")
      .range("1s", "10m");
  schema.field("retry_pause_max", &Settings::retry_pause_max)
      .help("What that time doubles up to, try after try.")
      .by_default("2m")
      .range("1s", "1h");
  schema.field("quote_age_max", &Settings::quote_age_max)
      .help("An observed quote older than this decides nothing.")
      .by_default("2s")
      .range("100ms", "1m");
  add_lots(schema);
  schema.check(check_order);
  return schema;
}

}  // namespace st0ck::engines::st0cka
