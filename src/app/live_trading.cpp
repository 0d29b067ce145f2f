#include "src/app/live_trading.hpp"

#include "src/app/broker_host.hpp"
#include "src/app/lost_exits.hpp"
#include "src/app/open_records.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;

const core::Code kJournal{"journal"};

/// How long an order may be under way, and clocks may be apart.
constexpr core::Duration kWayMax = 2min;
constexpr core::Duration kLostExitsReach = 7 * 24h;
constexpr core::Duration kConnectPause = 2s;
constexpr int kConnectTries = 5;
/// Of the 15 s that something may be without a stop (ADR 30) the rest is for asking and sending.
constexpr core::Duration kBlindAfter = 10s;
/// In a drill the broker's clock is looked at more often, and followed where it leaps.
constexpr core::Duration kDrillPause = 5s;
constexpr core::Duration kLeapMin = 1min;

}  // namespace

LiveTrading::LiveTrading(const Parts& parts) : parts_{parts} {
  make_kernel();
  make_watches();
}

LiveTrading::~LiveTrading() { stop_waiting_for_broker(); }

void LiveTrading::make_kernel() {
  Configuration& configuration = parts_.configuration;
  entry_gate_.emplace(EntryGate::Parts{parts_.clock, configuration.instruments, parts_.broker,
                                       parts_.latencies, parts_.log});
  intent_gate_.emplace(IntentGate::Parts{parts_.clock, *entry_gate_, parts_.latencies,
                                         parts_.records, parts_.scheduler, parts_.log},
                       configuration.journal.intent_wait_max);
  trading::Broker* first = &*intent_gate_;
  if (parts_.provider.broker != nullptr)
    first = &deciding_.emplace(TimedBroker::Place::Decided, *intent_gate_, parts_.latencies);
  kernel_ = std::make_unique<kernel::Kernel>(
      kernel::Kernel::Parts{parts_.clock, configuration.instruments, *first, parts_.updates,
                            &parts_.sink, parts_.kernel_log.value_or(parts_.log)},
      configuration.account.name, configuration.account.cash);
  kernel_->limit_account(configuration.account_limits);
  for (ConfiguredBot& bot : configuration.bots)
    kernel_->add_bot(bot.identity, std::move(bot.engine), bot.limits);
  market_sink_ = parts_.make_market_sink ? &parts_.make_market_sink(*kernel_) : &*kernel_;
}

/// Where the provider can be asked.
void LiveTrading::make_watches() {
  const LiveParts& provider = parts_.provider;
  const market::InstrumentTable& instruments = parts_.configuration.instruments;
  if (provider.terms != nullptr)
    assets_.emplace(AssetWatch::Parts{*provider.terms, *entry_gate_, instruments, parts_.clock,
                                      parts_.scheduler, parts_.log});
  if (provider.corporate_actions != nullptr)
    corporate_actions_.emplace(CorporateActionWatch::Parts{
        *provider.corporate_actions, kernel_->corporate_actions(), *market_sink_, *entry_gate_,
        instruments, parts_.clock, parts_.scheduler, parts_.log});
}

core::Status LiveTrading::catch_up(kernel::JournalReader& journal,
                                   const std::function<core::Result<core::Sequence>()>& last_made) {
  auto caught_up = kernel::catch_up(journal, parts_.clock.recorded(), *kernel_,
                                    run_start_of(parts_.configuration), last_made);
  if (!caught_up) return tl::unexpected(caught_up.error());
  caught_up_ = *caught_up;
  return {};
}

void LiveTrading::go_live() {
  if (is_drill())
    go_live_from(parts_.clock.now());  // Until the broker has told its time.
  else
    parts_.clock.go_live();
  if (caught_up_.has_begun || !is_drill()) note_time_known();
}

std::vector<market::DataSource*> LiveTrading::sources() {
  std::vector<market::DataSource*> sources;
  if (assets_) sources.push_back(&*assets_);
  if (corporate_actions_) sources.push_back(&*corporate_actions_);
  sources.push_back(&phases_);
  return sources;
}

void LiveTrading::begin() {
  if (const auto given = parts_.provider.stream->check(needs()); !given)
    return parts_.give_up(given.error());
  if (parts_.provider.broker == nullptr) return begin_simulated();
  if (caught_up_.has_begun) ask_for_lost_exits();
  if (caught_up_.has_begun && holds_anything())
    blind_task_ = parts_.scheduler.call_after(kBlindAfter, [this] {
      begin_blind({core::Errc::Broker, fmt::format("no whole answer in {} s", kBlindAfter / 1s),
                   core::Retry::Yes});
    });
  connect();
}

void LiveTrading::stop_waiting_for_broker() {
  parts_.scheduler.cancel(connect_task_);
  parts_.scheduler.cancel(blind_task_);
}

void LiveTrading::connect() {
  ++connect_tries_;
  parts_.provider.broker->connect([this](const core::Result<trading::AccountReport>& report) {
    if (report)
      on_account(*report);
    else
      on_unreached(report.error());
  });
}

void LiveTrading::on_unreached(const core::Error& error) {
  if (error.retry == core::Retry::No) return parts_.give_up(error);
  if (connect_tries_ < kConnectTries) {
    parts_.log.warn("BROKER_UNREACHABLE", error.message);
    connect_task_ = parts_.scheduler.call_after(kConnectPause, [this] { connect(); });
    return;
  }
  if (caught_up_.has_begun && holds_anything()) return begin_blind(error);
  parts_.give_up(error);
}

/// What is held has to be left in time, whatever else the broker cannot tell.
void LiveTrading::begin_blind(const core::Error& error) {
  stop_waiting_for_broker();
  parts_.log.error("BROKER_BLIND",
                   fmt::format("the account cannot be read; nothing is entered, what is held is "
                               "left as it is known here: {}",
                               error.message));
  start_run();
  make_account_watch();
  parts_.provider.broker->connect_blind();
  // Which exits the process before has sent without a record could not be asked.
  for (const trading::Order* order : kernel_->desk().orders().open_orders())
    if (order->state == trading::OrderState::Armed)
      parts_.provider.broker->note_earlier(order->intent.client_order_id);
  account_->begin_blind();
  if (assets_) assets_->begin(false, [](const core::Status&) {});
  begin_trading_when_informed();
}

bool LiveTrading::holds_anything() const {
  const trading::Desk& desk = kernel_->desk();
  return !desk.orders().open_orders().empty() ||
         !std::ranges::all_of(desk.ledger().positions(), &trading::Position::is_flat);
}

void LiveTrading::begin_simulated() {
  if (!is_drill()) {
    start_run();
    return begin_trading_when_informed();
  }
  drill_clock_.emplace(
      DrillClock::Parts{parts_.provider.time, parts_.scheduler, parts_.log,
                        [this](const TimeReport& report) { follow_clock_of(report); }});
  drill_clock_->begin([this](const core::Status& set) {
    if (!set) return parts_.give_up(set.error());
    start_run();
    begin_trading_when_informed();
  });
}

void LiveTrading::on_account(const trading::AccountReport& report) {
  stop_waiting_for_broker();
  if (is_drill()) follow_clock_of({report.broker_time, report.answered});
  parts_.log.info("BROKER_CONNECTED", report.account,
                  {{"cash", report.cash}, {"equity", report.equity}});
  if (!report.may_trade)
    return parts_.give_up(
        {core::Errc::Broker,
         fmt::format("{}: the account may not trade: {}", report.account, report.blocked_reason),
         core::Retry::No});
  if (!check_account(report.account)) return;
  if (!assets_) return start_run_with(report);
  // Before anything is in the journal, so that a corrected configuration may begin on it.
  assets_->begin(!caught_up_.has_begun, [this, report](const core::Status& traded) {
    if (!traded) return parts_.give_up(traded.error());
    start_run_with(report);
  });
}

bool LiveTrading::check_account(const std::string& account) {
  const std::string& known = parts_.broker_account;
  if (known.empty() || known == account) return true;
  parts_.give_up({core::Errc::Mismatch,
                  fmt::format("the run is of account {}, the keys are of {}", known, account),
                  core::Retry::No});
  return false;
}

void LiveTrading::start_run_with(const trading::AccountReport& report) {
  if (const auto newer = entry_of_newer_state(report.entries, kernel_->desk()))
    return parts_.give_up(
        {core::Errc::Mismatch, "STATE_OUTDATED: " + outdated_state_text(*newer), core::Retry::No});
  start_run();
  note_account(report.account);
  make_account_watch();
  account_->begin(report, !is_drill());
  begin_trading_when_informed();
}

void LiveTrading::note_account(const std::string& account) {
  is_account_noted_ = true;
  kernel_->on_account_check(account_check_of(parts_.configuration, account));
}

void LiveTrading::make_account_watch() {
  AccountWatch::Parts parts{*parts_.provider.broker, *kernel_,   parts_.configuration.instruments,
                            parts_.scheduler,        parts_.log, parts_.broker_account};
  parts.on_compared = [this](const trading::AccountReport& read) { note_close_of(read.account); };
  AccountWatch::Settings settings;
  if (is_drill()) {
    parts.follows_clock = [this](const trading::AccountReport& read) { return follow_leap(read); };
    settings.pause = kDrillPause;
  }
  account_.emplace(parts, settings);
}

/// Once for each session, when it is over and all that came of it agrees or is told.
void LiveTrading::note_close_of(const std::string& account) {
  if (!is_account_noted_) {
    if (!check_account(account)) return;
    note_account(account);
  }
  if (const auto closed = kernel_->unchecked_close())
    kernel_->on_account_check(account_check_of(parts_.configuration, account, closed));
}

/// For a drill: `time` is now, and goes on as fast as the broker's.
void LiveTrading::go_live_from(core::Timestamp time) {
  parts_.clock.go_live(kernel::LiveClock{[time, since = parts_.scheduler.elapsed(),
                                          speed = parts_.configuration.clock.speed, this] {
    const double passed = static_cast<double>((parts_.scheduler.elapsed() - since).count()) * speed;
    return time + core::Duration{static_cast<std::int64_t>(passed)};
  }});
}

/// What has passed since the exchange told its time counts too.
void LiveTrading::follow_clock_of(const TimeReport& report) {
  is_time_told_ = true;
  go_live_from(report.told + (parts_.clock.now() - report.answered));
  note_time_known();
}

void LiveTrading::note_time_known() const {
  if (parts_.on_time_known) parts_.on_time_known();
}

/// The exchange of a drill leaves out closed hours.
bool LiveTrading::follow_leap(const trading::AccountReport& report) {
  if (is_time_told_ && report.clock_skew() <= kLeapMin) return false;
  follow_clock_of({report.broker_time, report.answered});
  return true;
}

/// The clock is live.
void LiveTrading::start_run() {
  if (!caught_up_.has_begun) kernel_->start(run_start_of(parts_.configuration));
  if (parts_.provider.broker != nullptr) begin_process();
  schedule_.emplace(core::ExchangeCalendar::xnys(), parts_.clock.now(), caught_up_.last_phase);
}

/// After a long time the list would be of all that others have ordered since, and what it leaves
/// out could not prove any more that the state directory is the latest.
void LiveTrading::ask_for_lost_exits() {
  if (parts_.clock.now() - caught_up_.last > kLostExitsReach) return;
  parts_.provider.broker->report_orders_since(caught_up_.last - kWayMax);
}

/// What this run has at the broker is told from any other's by its mark.
void LiveTrading::begin_process() {
  core::RunMark mark = kernel_->desk().run_mark();
  if (mark.empty()) mark = parts_.new_mark;
  kernel_->on_process_start({mark});
}

/// Of corporate actions.
void LiveTrading::begin_trading_when_informed() {
  if (!corporate_actions_) return begin_trading();
  corporate_actions_->begin(caught_up_.has_begun ? caught_up_.begun : parts_.clock.now(),
                            [this] { begin_trading(); });
}

/// What may have become of orders meanwhile is asked before anything new is sent.
void LiveTrading::begin_trading() {
  intent_gate_->open();
  parts_.latencies.begin();
  // The journal is sound now, whatever it was to the process before.
  if (caught_up_.has_begun)
    kernel_->on_provider_status({kJournal, market::ProviderState::Connected, {}});
  if (parts_.before_trading) parts_.before_trading();
  for (const trading::Order* order : kernel_->desk().orders().open_orders()) {
    if (order->state == trading::OrderState::Armed) continue;  // It is ours alone.
    trading::OrderUpdate update;
    update.client_order_id = order->intent.client_order_id;
    update.kind = trading::OrderUpdateKind::TimedOut;
    update.time = parts_.clock.now();
    update.reason = core::Code{"RESTART"};
    parts_.updates.on_order_update(update);
  }
  kernel_->drain();
  is_trading_ = true;
  parts_.provider.stream->start(needs(), *market_sink_);
}

/// Quotes and statuses of every instrument, as each order is checked against them; what engines
/// have declared; prints where orders are simulated.
std::vector<market::DataNeed> LiveTrading::needs() const {
  const bool is_simulated = parts_.provider.broker == nullptr;
  std::vector<market::DataNeed> needs;
  for (const market::Instrument& instrument : parts_.configuration.instruments) {
    using market::DataKind;
    for (const DataKind kind :
         {DataKind::Quotes, DataKind::Trades, DataKind::Bars, DataKind::Statuses}) {
      const bool is_asked_for = kernel_->market().is_needed(instrument.id, kind);
      const bool is_basic = kind == DataKind::Quotes || kind == DataKind::Statuses ||
                            (kind == DataKind::Trades && is_simulated);
      if (is_asked_for || is_basic) needs.push_back({instrument.id, kind, 2s});
    }
  }
  return needs;
}

void LiveTrading::stop() {
  parts_.provider.stream->stop();
  if (parts_.provider.broker != nullptr) parts_.provider.broker->disconnect();
  account_.reset();
  drill_clock_.reset();
  corporate_actions_.reset();
  assets_.reset();
}

}  // namespace st0ck::app
