#include "src/app/part_settings.hpp"

#include "st0ck/adapters/alpaca/order_bodies.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"

#include <algorithm>

namespace st0ck::app {

namespace {

using adapters::sim::DoorRules;
using adapters::sim::FeeModel;
using adapters::sim::GroupHolding;
using adapters::sim::LimitFill;
using adapters::sim::LineSettings;
using adapters::sim::MatchingSettings;
using adapters::sim::RegulatoryFees;
using adapters::sim::SlippageModel;
using trading::RiskLimits;

std::string text_of(core::Duration duration) {
  return std::to_string(duration / std::chrono::milliseconds{1}) + "ms";
}

core::Schema<SlippageModel> slippage_schema() {
  core::Schema<SlippageModel> schema;
  schema.field("per_share", &SlippageModel::per_share)
      .help("How much worse than the bar's price a market or stop order fills.")
      .by_default("0.005")
      .range("0", "100")
      .unit("dollars per share");
  schema.field("rate", &SlippageModel::rate)
      .help("The same as a part of the price; both add up.")
      .by_default("0")
      .range("0", "0.5");
  return schema;
}

core::Schema<RegulatoryFees> regulatory_schema() {
  core::Schema<RegulatoryFees> schema;
  schema.field("enabled", &RegulatoryFees::enabled)
      .help("Whether SEC, FINRA and option fees are charged, by their tables; docs/ledger.md.")
      .by_default("false");
  schema.field("section_31_rate", &RegulatoryFees::section_31_rate)
      .help("SEC Section 31 fee of a sale, as a part of its notional, instead of the table's.")
      .range("0", "1");
  schema.field("activity_per_share", &RegulatoryFees::activity_per_share)
      .help("FINRA Trading Activity Fee of a sale, instead of the table's.")
      .range("0", "1")
      .unit("dollars per share");
  schema.field("activity_per_contract", &RegulatoryFees::activity_per_contract)
      .help("The same for options.")
      .range("0", "1")
      .unit("dollars per contract");
  schema.field("activity_maximum", &RegulatoryFees::activity_maximum)
      .help("Its most for one execution in a stock, instead of the table's.")
      .range("0", "1000000")
      .unit("dollars");
  schema.field("options_regulatory", &RegulatoryFees::options_regulatory)
      .help("Options Regulatory Fee, of all exchanges together.")
      .by_default("0.02815")
      .range("0", "1")
      .unit("dollars per contract");
  schema.field("options_clearing", &RegulatoryFees::options_clearing)
      .help("OCC clearing fee.")
      .by_default("0.025")
      .range("0", "1")
      .unit("dollars per contract");
  return schema;
}

core::Schema<FeeModel> fee_schema() {
  core::Schema<FeeModel> schema;
  schema.field("per_order", &FeeModel::per_order)
      .help("Commission of an order that fills, whatever its size.")
      .by_default("0")
      .range("0", "10000")
      .unit("dollars");
  schema.field("per_share", &FeeModel::per_share)
      .help("Commission per share or contract.")
      .by_default("0")
      .range("0", "1")
      .unit("dollars");
  schema.field("rate", &FeeModel::rate)
      .help("Commission as a part of the notional.")
      .by_default("0")
      .range("0", "1");
  schema.field("minimum", &FeeModel::minimum)
      .help("Least commission of an order that fills.")
      .by_default("0")
      .range("0", "10000")
      .unit("dollars");
  schema.field("maximum", &FeeModel::maximum)
      .help("Most commission of an order.")
      .range("0", "1000000")
      .unit("dollars");
  schema.section("regulatory", &FeeModel::regulatory, regulatory_schema());
  schema.check([](const FeeModel& fees, core::SettingChecks& checks) {
    if (fees.maximum && *fees.maximum < fees.minimum)
      checks.add("maximum", fmt::format("at least minimum, {}", fees.minimum.to_string()));
  });
  return schema;
}

core::Schema<DoorRules> door_schema() {
  core::Schema<DoorRules> schema;
  schema.field("wash_trades", &DoorRules::wash_trades)
      .help("Whether an order that could trade with a working one of ours is rejected.")
      .by_default("false");
  schema.field("held_quantity", &DoorRules::held_quantity)
      .help("Whether more is rejected than a position has left beside its working exits.")
      .by_default("false");
  schema.field("unusual_groups", &DoorRules::unusual_groups)
      .help(
          "Whether groups are rejected with options, trailing stops or other times in force than "
          "one of day and gtc; the daemon keeps such ones.")
      .by_default("false");
  schema.field("halted", &DoorRules::halted)
      .help("Whether orders are rejected while their instrument is halted.")
      .by_default("false");
  schema.field("leverage", &DoorRules::leverage)
      .help("How many times equity positions may be worth; 0 is not looked at.")
      .by_default("0")
      .range("0", "100");
  return schema;
}

}  // namespace

core::Schema<AccountSettings> account_schema() {
  core::Schema<AccountSettings> schema;
  schema.field("name", &AccountSettings::name)
      .help("The broker account; credentials are looked up by this name.")
      .by_default("default");
  schema.field("cash", &AccountSettings::cash)
      .help("Cash of a simulated account at the start.")
      .by_default("100000")
      .range("0", "1000000000")
      .unit("dollars");
  return schema;
}

core::Schema<BrokerSettings> broker_schema() {
  core::Schema<BrokerSettings> schema;
  schema.field("kind", &BrokerSettings::kind)
      .help("Where orders go.")
      .words({{"sim", BrokerKind::Sim}, {"alpaca", BrokerKind::Alpaca}})
      .by_default("sim")
      .decides_keys();
  schema.field("borrow_rate", &BrokerSettings::borrow_rate)
      .help("Yearly cost of borrowing shares that are short at a close, as a part of their value.")
      .by_default("0")
      .range("0", "10");
  return schema;
}

trading::BrokerAbilities abilities_of(const BrokerSettings& settings) {
  if (settings.kind == BrokerKind::Sim) return adapters::sim::abilities_of(settings.matching);
  return alpaca::kBrokerAbilities;
}

core::Schema<MatchingSettings> matching_schema() {
  core::Schema<MatchingSettings> schema;
  schema.field("limit_fill", &MatchingSettings::limit_fill)
      .help("Whether a limit fills only when the market trades through it, or when it is touched.")
      .words({{"through", LimitFill::Through}, {"touch", LimitFill::Touch}})
      .by_default("through");
  schema.field("groups", &MatchingSettings::groups)
      .help(
          "Whether the exchange holds brackets and OCO itself: at once, once the entry has filled, "
          "or not at all (the daemon keeps them).")
      .words({{"held", GroupHolding::Held},
              {"after_entry", GroupHolding::AfterEntry},
              {"none", GroupHolding::None}})
      .by_default("held");
  schema.section("slippage", &MatchingSettings::slippage, slippage_schema());
  schema.section("fees", &MatchingSettings::fees, fee_schema());
  schema.section("refuses", &MatchingSettings::refuses, door_schema());
  schema.field("queue_ahead", &MatchingSettings::queue_ahead)
      .help(
          "On ticks: the part of the size shown at its price that stands before a limit order; 1 "
          "is the end of the queue.")
      .by_default("1")
      .range("0", "1");
  schema.field("volume_share_max", &MatchingSettings::volume_share_max)
      .help(
          "Part of a bar's volume, or of a print's size, that our orders may fill together; 0 is "
          "no bound.")
      .by_default("0.1")
      .range("0", "1");
  schema.field("orders_max", &MatchingSettings::orders_max)
      .help("Working orders at a time.")
      .by_default("1000")
      .range("1", "100000");
  return schema;
}

core::Schema<LineSettings> line_schema() {
  core::Schema<LineSettings> schema;
  schema.field("latency", &LineSettings::latency)
      .help("On ticks: time of a message to the exchange, and of one back.")
      .by_default("0ms")
      .range("0ms", "10s");
  schema.field("jitter", &LineSettings::jitter)
      .help("On ticks: up to so much more, by chance.")
      .by_default("0ms")
      .range("0ms", "10s");
  schema.field("lost_answers", &LineSettings::lost)
      .help(
          "Part of the submits, replaces and cancels that stay without an answer, for drills; half "
          "of them do not arrive either.")
      .by_default("0")
      .range("0", "0.5");
  schema.field("answer_timeout", &LineSettings::answer_timeout)
      .help("When a request without an answer counts as unknown.")
      .by_default("2s")
      .range("1ms", "1m");
  schema.field("seed", &LineSettings::seed)
      .help("The same seed gives the same jitter and losses.")
      .by_default("1")
      .range("0", "9223372036854775807");
  return schema;
}

core::Schema<trading::PaceLimits> pace_schema() {
  using trading::PaceLimits;
  core::Schema<PaceLimits> schema;
  schema.field("orders_max", &PaceLimits::orders_max)
      .help("Orders, replaces, cancels and look-ups that the broker takes in a window; 0: any.")
      .by_default("0")
      .range("0", "100000");
  schema.field("window", &PaceLimits::window)
      .help("The window; no stretch of this length sees more than orders_max.")
      .by_default("1s")
      .range("1ms", text_of(trading::kPaceWindowMax));
  schema.field("exit_reserve", &PaceLimits::exit_reserve)
      .help("The last of a window's messages, which only exits and cancels may use.")
      .by_default("0")
      .range("0", "100000");
  schema.field("entry_wait_max", &PaceLimits::entry_wait_max)
      .help("Longest that an entry waits for its turn; one that would wait longer is refused.")
      .by_default("2s")
      .range("0ms", "1m");
  schema.check([](const PaceLimits& pace, core::SettingChecks& checks) {
    if (pace.is_on() && pace.exit_reserve >= pace.orders_max)
      checks.add("exit_reserve", fmt::format("less than orders_max, {}", pace.orders_max));
  });
  return schema;
}

core::Schema<trading::LossRateLimits> loss_rate_schema() {
  using trading::LossRateLimits;
  core::Schema<LossRateLimits> schema;
  schema.field("loss_rate_max", &LossRateLimits::loss_max)
      .help("Loss of the account within loss_rate_window at which it is halted; 0: no bound.")
      .by_default("0")
      .range("0", "1000000000")
      .unit("dollars");
  schema.field("loss_rate_share_max", &LossRateLimits::share_max)
      .help("The same as a part of what the account was worth; 0: no bound.")
      .by_default("0.1")
      .range("0", "1");
  schema.field("loss_rate_window", &LossRateLimits::window)
      .help("How far back the highest worth is sought; rounded up to whole seconds.")
      .by_default("5m")
      .range("1s", text_of(trading::kLossWindowMax));
  return schema;
}

core::Schema<trading::AccountLimits> protection_schema() {
  using trading::AccountLimits;
  core::Schema<AccountLimits> schema;
  schema.field("unprotected_max", &AccountLimits::unprotected_max)
      .help(
          "How long what a group has filled may be without a stop before it is closed at the "
          "market.")
      .by_default("15s")
      .range("1s", "10m");
  return schema;
}

core::Schema<JournalConfiguration> journal_schema() {
  core::Schema<JournalConfiguration> schema;
  schema.field("enabled", &JournalConfiguration::enabled)
      .help("Whether a journal is kept; without one nothing can be replayed or recovered.")
      .by_default("true");
  schema.field("segment_size", &JournalConfiguration::segment_size)
      .help("A segment that would grow larger is closed and a new one begun.")
      .by_default("64MiB")
      .range("64KiB", "1GiB");
  schema.field("durable", &JournalConfiguration::durable)
      .help("Whether syncs reach the disk; a simulated run survives a killed process without.")
      .by_default("true");
  schema.field("intent_wait_max", &JournalConfiguration::intent_wait_max)
      .help(
          "Live: how long an order waits for the disk. A later entry is not sent; an exit goes "
          "without.")
      .by_default("50ms")
      .range("1ms", "1m");
  schema.not_in_hash();
  return schema;
}

core::Schema<LoopSettings> loop_schema() {
  core::Schema<LoopSettings> schema;
  schema.field("spins", &LoopSettings::spins)
      .help(
          "On a live market: look for events without sleeping. Costs a processor, saves a wake-up "
          "per event.")
      .by_default("false")
      .not_in_hash();
  return schema;
}

core::Schema<ClockSettings> clock_schema() {
  core::Schema<ClockSettings> schema;
  schema.field("source", &ClockSettings::source)
      .help(
          "Whose time a live run goes by. For drills at an exchange on this machine: broker is "
          "that "
          "of broker.url; market that of market.data_url, where broker.kind is sim.")
      .words({{"machine", ClockSource::Machine},
              {"broker", ClockSource::Broker},
              {"market", ClockSource::Market}})
      .by_default("machine");
  schema.field("speed", &ClockSettings::speed)
      .help("How fast the exchange's clock goes, as st0ck-exchange was told.")
      .by_default("1")
      .range("0.001", "1000000");
  schema.not_in_hash();
  return schema;
}

core::Schema<StorageSettings> storage_schema() {
  core::Schema<StorageSettings> schema;
  schema.field("enabled", &StorageSettings::enabled)
      .help("Whether the trade log trades.db is written.")
      .by_default("true");
  schema.field("queue_size", &StorageSettings::queue_size)
      .help("Rows waiting for the writer; when it is full the writer catches up from the journal.")
      .by_default("4MiB")
      .range("64KiB", "1GiB");
  schema.field("batch_rows", &StorageSettings::batch_rows)
      .help("A batch is committed when it has this many rows.")
      .by_default("1000")
      .range("1", "100000")
      .unit("rows");
  schema.field("batch_age", &StorageSettings::batch_age)
      .help("... or when its oldest row is this old.")
      .by_default("1s")
      .range("1ms", "1m");
  schema.field("synchronous", &StorageSettings::synchronous)
      .help(
          "SQLite's synchronous level; normal may lose the last batches to a power cut, which "
          "the journal gives again.")
      .words({{"normal", storage::Synchronous::Normal}, {"full", storage::Synchronous::Full}})
      .by_default("normal");
  schema.not_in_hash();
  return schema;
}

core::Schema<RiskLimits> risk_schema(const RiskLimits& defaults) {
  core::Schema<RiskLimits> schema;
  schema.field("order_quantity_max", &RiskLimits::order_quantity_max)
      .help("Largest quantity of an entry.")
      .by_default(defaults.order_quantity_max.to_string())
      .above("0")
      .unit("shares or contracts");
  schema.field("order_notional_max", &RiskLimits::order_notional_max)
      .help("Largest notional of an entry.")
      .by_default(defaults.order_notional_max.to_string())
      .above("0")
      .unit("dollars");
  schema.field("price_collar", &RiskLimits::price_collar)
      .help("How far an entry's price may be from the quote's midpoint, as a part of it.")
      .by_default(defaults.price_collar.to_string())
      .above("0")
      .at_most("1");
  schema.field("regular_hours_only", &RiskLimits::regular_hours_only)
      .help("Whether entries are sent in regular hours only.")
      .by_default(defaults.regular_hours_only ? "true" : "false");
  schema.field("quote_age_max", &RiskLimits::quote_age_max)
      .help("An entry needs an observed quote at most this old.")
      .by_default(text_of(defaults.quote_age_max))
      .range("1ms", "1m");
  schema.field("duplicate_window", &RiskLimits::duplicate_window)
      .help("Two entries alike within this time are taken for one sent twice.")
      .by_default(text_of(defaults.duplicate_window))
      .range("0ms", "1h");
  schema.field("orders_per_minute_max", &RiskLimits::orders_per_minute_max)
      .help("Orders of a bot within a minute, at which entries stop.")
      .by_default(std::to_string(defaults.orders_per_minute_max))
      .range("1", "10000");
  schema.field("open_orders_max", &RiskLimits::open_orders_max)
      .help("Open orders of a bot at which entries stop.")
      .by_default(std::to_string(defaults.open_orders_max))
      .range("1", "10000");
  schema.field("position_quantity_max", &RiskLimits::position_quantity_max)
      .help("Largest position in one instrument, working entries included.")
      .by_default(defaults.position_quantity_max.to_string())
      .above("0")
      .unit("shares or contracts");
  schema.field("daily_loss_max", &RiskLimits::daily_loss_max)
      .help("Loss of a session, realised and open, at which entries stop.")
      .by_default(defaults.daily_loss_max.to_string())
      .above("0")
      .unit("dollars");
  schema.field("trades_per_day_max", &RiskLimits::trades_per_day_max)
      .help("Entries of a session that filled or may still fill.")
      .by_default(std::to_string(defaults.trades_per_day_max))
      .range("1", "100000");
  schema.field("losing_trades_max", &RiskLimits::losing_trades_max)
      .help("Losing round trips in a row at which a bot's entries stop until it is armed again.")
      .by_default(std::to_string(defaults.losing_trades_max))
      .range("1", "1000000");
  schema.field("symbol_share_max", &RiskLimits::symbol_share_max)
      .help("Worth of one instrument with all working entries, as a part of the account's equity.")
      .by_default(defaults.symbol_share_max.to_string())
      .above("0")
      .at_most("1000");
  schema.field("capital_use_max", &RiskLimits::capital_use_max)
      .help("Worth of all instruments, long and short added up, as a part of equity.")
      .by_default(defaults.capital_use_max.to_string())
      .above("0")
      .at_most("1000");
  schema.field("open_risk_max", &RiskLimits::open_risk_max)
      .help(
          "Loss down to the stops of all positions, as a part of equity; all where there is none.")
      .by_default(defaults.open_risk_max.to_string())
      .above("0")
      .at_most("1000");
  schema.field("drawdown_max", &RiskLimits::drawdown_max)
      .help("Fall of equity from its highest mark at which entries stop, as a part of it.")
      .by_default(defaults.drawdown_max.to_string())
      .above("0")
      .at_most("1");
  schema.field("spread_max", &RiskLimits::spread_max)
      .help("Widest spread at which an entry is sent, as a part of the midpoint.")
      .by_default(defaults.spread_max.to_string())
      .above("0")
      .at_most("2");
  schema.field("restricted_symbols", &RiskLimits::restricted_symbols)
      .help("Symbols that are never entered.")
      .by_default(std::vector<std::string>{});
  schema.field("losing_days_max", &RiskLimits::losing_days_max)
      .help("Losing sessions in a row at which a bot stops until it is armed again.")
      .by_default(std::to_string(defaults.losing_days_max))
      .range("1", "1000");
  return schema;
}

RiskLimits risk_ceiling_defaults() {
  RiskLimits limits;
  limits.order_quantity_max = core::Quantity::whole(1'000'000);
  limits.order_notional_max = core::Money::whole(1'000'000);
  limits.price_collar = core::Rate::whole(1);
  limits.regular_hours_only = false;
  limits.quote_age_max = std::chrono::minutes{1};
  limits.duplicate_window = {};
  limits.orders_per_minute_max = 10'000;
  limits.open_orders_max = 10'000;
  limits.position_quantity_max = core::Quantity::whole(1'000'000);
  limits.daily_loss_max = core::Money::whole(1'000'000);
  limits.trades_per_day_max = 100'000;
  limits.losing_days_max = 1'000;
  limits.losing_trades_max = 1'000'000;
  limits.symbol_share_max = core::Rate::whole(1'000);
  limits.capital_use_max = core::Rate::whole(1'000);
  limits.open_risk_max = core::Rate::whole(1'000);
  limits.spread_max = core::Rate::whole(2);
  return limits;
}

RiskLimits stricter(const RiskLimits& a, const RiskLimits& b) {
  RiskLimits limits;
  limits.order_quantity_max = std::min(a.order_quantity_max, b.order_quantity_max);
  limits.order_notional_max = std::min(a.order_notional_max, b.order_notional_max);
  limits.price_collar = std::min(a.price_collar, b.price_collar);
  limits.regular_hours_only = a.regular_hours_only || b.regular_hours_only;
  limits.quote_age_max = std::min(a.quote_age_max, b.quote_age_max);
  limits.duplicate_window = std::max(a.duplicate_window, b.duplicate_window);
  limits.orders_per_minute_max = std::min(a.orders_per_minute_max, b.orders_per_minute_max);
  limits.open_orders_max = std::min(a.open_orders_max, b.open_orders_max);
  limits.position_quantity_max = std::min(a.position_quantity_max, b.position_quantity_max);
  limits.daily_loss_max = std::min(a.daily_loss_max, b.daily_loss_max);
  limits.trades_per_day_max = std::min(a.trades_per_day_max, b.trades_per_day_max);
  limits.losing_days_max = std::min(a.losing_days_max, b.losing_days_max);
  limits.losing_trades_max = std::min(a.losing_trades_max, b.losing_trades_max);
  limits.symbol_share_max = std::min(a.symbol_share_max, b.symbol_share_max);
  limits.capital_use_max = std::min(a.capital_use_max, b.capital_use_max);
  limits.open_risk_max = std::min(a.open_risk_max, b.open_risk_max);
  limits.drawdown_max = std::min(a.drawdown_max, b.drawdown_max);
  limits.spread_max = std::min(a.spread_max, b.spread_max);
  limits.restricted_symbols = a.restricted_symbols;
  limits.restricted_symbols.insert(limits.restricted_symbols.end(), b.restricted_symbols.begin(),
                                   b.restricted_symbols.end());
  return limits;
}

}  // namespace st0ck::app
