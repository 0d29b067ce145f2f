#include "st0ck/kernel/kernel.hpp"

#include "bot.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/explanation.hpp"

#include <algorithm>
#include <exception>

namespace st0ck::kernel {

namespace {

/// The price that a decision names: the limit, or else the stop.
std::optional<core::Price> price_of(const trading::OrderTerms& terms) {
  return terms.limit ? terms.limit : terms.stop;
}

}  // namespace

Kernel::Kernel(const Parts& parts, const core::AccountId& account, core::Money cash)
    : parts_{parts},
      clock_{parts.clock},
      recorder_{clock_, parts.records},
      desk_{{clock_, parts.instruments, market_, parts.broker, *this, desk_timers_, &answers_},
            account,
            cash} {}

Kernel::~Kernel() = default;

void Kernel::add_bot(const BotIdentity& identity, std::unique_ptr<Engine> engine,
                     const trading::RiskLimits& limits) {
  const auto number = static_cast<market::Subscriber>(bots_.size());
  for (const market::DataNeed& need : engine->needs()) market_.declare(number, need);
  desk_.add_bot(identity.bot, identity.engine, limits);
  bots_.push_back(std::make_unique<Bot>(*this, number, identity, std::move(engine)));
}

void Kernel::start(const RunStart& run) {
  clock_.begin_event();
  recorder_.record(RecordKind::RunStart, run);
  for (const market::Instrument& instrument : parts_.instruments)
    recorder_.record(RecordKind::InstrumentDefined, instrument);
}

void Kernel::on_quote(const market::Quote& quote) {
  record_input(RecordKind::Quote, quote);
  if (market_.apply(quote)) {
    desk_.on_market(quote.instrument);
    tell(market_.subscribers(quote.instrument, market::DataKind::Quotes),
         [&](Bot& bot) { bot.engine().on_quote(bot, quote); });
  }
  drain();
}

void Kernel::on_trade(const market::Trade& trade) {
  record_input(RecordKind::Trade, trade);
  if (market_.apply(trade)) {
    desk_.on_market(trade.instrument);
    tell(market_.subscribers(trade.instrument, market::DataKind::Trades),
         [&](Bot& bot) { bot.engine().on_trade(bot, trade); });
  }
  drain();
}

void Kernel::on_bar(const market::Bar& bar) {
  record_input(RecordKind::Bar, bar);
  if (market_.apply(bar)) {
    desk_.on_market(bar.instrument);
    tell(market_.subscribers(bar.instrument, market::DataKind::Bars),
         [&](Bot& bot) { bot.engine().on_bar(bot, bar); });
  }
  drain();
}

void Kernel::on_session_phase(const market::SessionPhase& phase) {
  record_input(RecordKind::SessionPhase, phase);
  if (phase.phase == market::Phase::Prepare) {
    desk_.open_session(phase.session);
    for (const auto& action : actions_.take_due(phase.session.date)) carry_out(action);
    for (const auto& bot : bots_) bot->forget_failure();
  }
  if (phase.phase == market::Phase::Close) {
    desk_.close_session();
    ++sessions_;
    unchecked_close_ = phase.session.date;
  }
  for (const auto& bot : bots_) guard(*bot, [&] { bot->engine().on_session_phase(*bot, phase); });
  drain();
}

void Kernel::on_provider_status(const market::ProviderStatus& status) {
  record_input(RecordKind::ProviderStatus, status);
  if (status.state == market::ProviderState::Degraded ||
      status.state == market::ProviderState::Down)
    on_risk_event({}, status.reason.view(),
                  fmt::format("{} is {}", status.provider, name_of(status.state)));
  heed(status);
  drain();
}

/// Entries wait while anybody is degraded, and the bots are told.
void Kernel::heed(const market::ProviderStatus& status) {
  std::erase_if(degraded_providers_,
                [&](const auto& degraded) { return degraded.provider == status.provider; });
  if (status.state == market::ProviderState::Degraded ||
      status.state == market::ProviderState::Down)
    degraded_providers_.push_back(status);
  desk_.note_feed(!degraded_providers_.empty());
  for (const auto& bot : bots_)
    guard(*bot, [&] { bot->engine().on_provider_status(*bot, status); });
}

bool Kernel::is_degraded(const core::Code& provider) const {
  return std::any_of(degraded_providers_.begin(), degraded_providers_.end(),
                     [&](const auto& degraded) { return degraded.provider == provider; });
}

void Kernel::on_reconciliation(const trading::Reconciliation& differences) {
  record_input(RecordKind::Reconciliation, differences);
  desk_.note_differences(differences);
  const core::Code before = differences_.stop();
  for (const DifferenceBook::Change& change :
       differences_.update(differences, desk_.account(), clock_.now())) {
    tell(change);
    const bool is_new = change.how == DifferenceBook::How::Appeared;
    if (is_new && change.row.difference.kind == trading::DifferenceKind::OrderMissing)
      prove(change.row.difference);
  }
  if (const core::Code now = differences_.stop(); now != before)
    heed({core::Code{"account"},
          now.empty() ? market::ProviderState::Connected : market::ProviderState::Degraded, now});
  drain();
}

void Kernel::on_account_check(const AccountCheck& check) {
  record_input(RecordKind::AccountCheck, check);
  if (check.closed) unchecked_close_.reset();
  drain();
}

void Kernel::on_process_start(const ProcessStart& start) {
  record_input(RecordKind::ProcessStart, start);
  desk_.begin_process(start.mark);
  drain();
}

void Kernel::on_lost_exit(const trading::LostExit& lost) {
  record_input(RecordKind::LostExit, lost);
  if (desk_.knows(lost.bot)) desk_.adopt(lost);
  drain();
}

void Kernel::tell(const DifferenceBook::Change& change) {
  using How = DifferenceBook::How;
  const trading::Difference& difference = change.row.difference;
  recorder_.record(RecordKind::Difference, change.row);
  if (!change.is_news) return;
  const std::string_view kind = trading::name_of(difference.kind);
  const bool is_over = change.how == How::Ended;
  const std::string_view code = is_over ? "DIFFERENCE_OVER" : kind;
  const std::string message = is_over
                                  ? fmt::format("{} is over; it was: {}", kind, difference.message)
                                  : difference.message;
  const core::Logger log = parts_.log.with({desk_.account(), {}, {}});
  if (is_over)
    log.info(code, message);
  else if (trading::stops_entries(difference.kind))
    log.error(code, message);
  else
    log.warn(code, message);
  recorder_.record(RecordKind::RiskEvent,
                   RiskEventRow{desk_.account(), {}, core::Code{code}, message});
}

/// As if it had not been answered: the desk looks it up until its fate is known.
void Kernel::prove(const trading::Difference& missing) {
  trading::OrderUpdate update;
  update.client_order_id = missing.client_order_id;
  update.kind = trading::OrderUpdateKind::TimedOut;
  update.time = clock_.now();
  update.reason = core::Code{trading::name_of(missing.kind)};
  answers_.on_order_update(update);
}

void Kernel::on_trading_status(const market::TradingStatus& status) {
  record_input(RecordKind::TradingStatus, status);
  if (market_.apply(status))
    tell(market_.subscribers(status.instrument, market::DataKind::Statuses),
         [&](Bot& bot) { bot.engine().on_trading_status(bot, status); });
  drain();
}

void Kernel::on_corporate_action(const market::CorporateAction& action) {
  using Verdict = trading::ActionSchedule::Verdict;
  drain();  // What the broker has said was about orders as they were.
  record_input(RecordKind::CorporateAction, action);
  if (const auto defect = defect_of(action)) {
    refuse(action, "CORPORATE_ACTION_BAD", *defect);
  } else {
    switch (actions_.announce(action, clock_.now())) {
      case Verdict::Apply: carry_out(action); break;
      case Verdict::Wait:
      case Verdict::Repeated: break;
      case Verdict::Late:
        refuse(action, "CORPORATE_ACTION_LATE", "the session of its ex-date has opened already");
        break;
      case Verdict::TooMany:
        refuse(action, "CORPORATE_ACTION_LOST", "too many are waiting already");
        break;
    }
  }
  drain();
}

/// Positions, orders and marks first, then whoever declared a need for the instrument.
void Kernel::carry_out(const market::CorporateAction& action) {
  desk_.begin_day_if_over();
  market_.apply(action);
  parts_.log.with({desk_.account(), {}, {}})
      .info("CORPORATE_ACTION", market::name_of(action.kind),
            {{"symbol", parts_.instruments[action.instrument].symbol},
             {"ex_date", core::format_date(action.ex_date)}});
  desk_.on_corporate_action(action);
  for (const auto& bot : bots_)
    if (market_.is_declared(bot->number(), action.instrument))
      guard(*bot, [&] { bot->engine().on_corporate_action(*bot, action); });
}

/// What is held is no longer what our records say: entries stop where anybody is concerned.
void Kernel::refuse(const market::CorporateAction& action, std::string_view code,
                    std::string_view why) {
  const std::string message = fmt::format(
      "{} of {} on {} is not applied: {}", market::name_of(action.kind),
      parts_.instruments[action.instrument].symbol, core::format_date(action.ex_date), why);
  if (desk_.is_involved(action.instrument))
    desk_.halt({}, code, message);
  else
    on_risk_event({}, code, message);
}

Kernel::CommandOutcome Kernel::on_operator_command(const trading::OperatorCommand& command) {
  record_input(RecordKind::OperatorCommand, command);
  const CommandOutcome outcome = carry_out(command);
  parts_.log.with({desk_.account(), command.bot, {}})
      .warn("OPERATOR", trading::name_of(command.kind),
            {{"id", command.id}, {"reason", command.reason}, {"outcome", outcome.text}});
  drain();
  return outcome;
}

/// A halt of all bots holds for each of them; it is taken back for all at once.
Kernel::CommandOutcome Kernel::resume(const trading::OperatorCommand& command,
                                      const std::string& who) {
  const bool was_stopped = desk_.resume(command.bot, command.reason);
  const bool is_held_with_all = !command.bot.empty() && desk_.is_halted();
  if (is_held_with_all)
    return {was_stopped,
            fmt::format("{}: {}; all bots are halted still, a resume without --bot lets them go",
                        who, was_stopped ? "taken back" : "not halted by itself")};
  if (!was_stopped) return {false, who + ": nothing was halted"};
  return {true, who + ": entries may go out again"};
}

Kernel::CommandOutcome Kernel::carry_out(const trading::OperatorCommand& command) {
  using Kind = trading::OperatorCommandKind;
  if (!command.bot.empty() && !desk_.knows(command.bot))
    return {false, fmt::format("there is no bot '{}'", command.bot)};
  const std::string who = command.bot.empty() ? "all bots" : command.bot.str();
  switch (command.kind) {
    case Kind::Halt:
      desk_.halt(command.bot, "OPERATOR", command.reason);
      return {true, who + ": no entries until a resume; exits go on"};
    case Kind::Resume: return resume(command, who);
    case Kind::Flatten:
      desk_.halt(command.bot, "OPERATOR", command.reason);
      desk_.flatten(command.bot, core::Code{"FLATTEN"});
      return {true, fmt::format("{}: halted; all orders cancelled, positions being closed: {}", who,
                                desk_.closings_under_way())};
    case Kind::Close: {
      const market::Instrument* instrument = parts_.instruments.find(command.symbol);
      if (instrument == nullptr)
        return {false, fmt::format("there is no instrument '{}' here", command.symbol)};
      desk_.close(command.bot, instrument->id, core::Code{"OPERATOR_CLOSE"});
      return {true, fmt::format("{}: {} is being closed", who, command.symbol)};
    }
    case Kind::Cancel:
      if (!desk_.cancel(command.order, core::Code{"OPERATOR"}))
        return {false, fmt::format("{}: no order that can be cancelled", command.order)};
      return {true, fmt::format("{}: its cancel is sent", command.order)};
  }
  return {false, "unknown command"};
}

void Kernel::on_order_update(const trading::OrderUpdate& update) {
  record_input(RecordKind::OrderUpdate, update);
  handle(update);
  drain();
}

/// The desk's own answers come first and at the time of the event that caused them: a replay, which
/// has no broker, makes them at the same place.
void Kernel::handle_updates() {
  for (;;) {
    if (const auto answer = answers_.pop()) {
      recorder_.record(RecordKind::OrderUpdate, *answer);
      handle(*answer);
    } else if (!ended_here_.empty()) {
      const EndedHere ended = ended_here_.front();
      ended_here_.pop_front();
      tell(ended);
    } else if (const auto update = parts_.updates.pop()) {
      record_input(RecordKind::OrderUpdate, *update);
      handle(*update);
    } else {
      return;
    }
  }
}

/// No record of its own: it follows from what was recorded before.
void Kernel::tell(const EndedHere& ended) {
  const trading::Order* order = desk_.orders().find(ended.order);
  if (order == nullptr) return;
  Bot& bot = bot_of(order->intent.bot);
  guard(bot, [&] { bot.engine().on_order(bot, {*order, ended.kind, std::nullopt}); });
}

void Kernel::handle(const trading::OrderUpdate& update) {
  const auto applied = desk_.apply(update);
  if (applied.order == nullptr || !applied.changed) return;
  Bot& bot = bot_of(applied.order->intent.bot);
  guard(bot, [&] { bot.engine().on_order(bot, {*applied.order, update.kind, applied.fill}); });
}

bool Kernel::fire_due_timer() {
  const auto timer = timers_.pop_due(parts_.clock.now());
  if (!timer) return false;
  if (timer->bot == DeskTimers::kDesk) {
    record_input(RecordKind::TimerFired, TimerFired{{}, timer->id, timer->topic});
    desk_.on_timer(timer->topic);
    drain();
    return true;
  }
  Bot& bot = *bots_[timer->bot];
  record_input(RecordKind::TimerFired, TimerFired{bot.identity().bot, timer->id, timer->topic});
  guard(bot, [&] { bot.engine().on_timer(bot, timer->topic); });
  drain();
  return true;
}

RunEnd Kernel::figures() const {
  RunEnd end;
  end.sessions = sessions_;
  end.events = recorder_.events();
  end.decisions = recorder_.decisions();
  end.orders = orders_;
  end.fills = fills_;
  end.trades = trades_;
  end.realized_pnl = desk_.ledger().realized_pnl();
  end.fees = desk_.ledger().fees();
  end.decisions_sha256 = recorder_.decisions_sha256();
  return end;
}

RunEnd Kernel::finish() {
  clock_.begin_event();
  desk_.mark_equity();
  const RunEnd end = figures();
  recorder_.record(RecordKind::RunEnd, end);
  return end;
}

template <typename R>
void Kernel::record_input(RecordKind kind, const R& record) {
  clock_.begin_event();
  recorder_.record(kind, record);
}

/// Calls into an engine. What it throws halts its bot; the others and its working exits go on.
template <typename Handler>
void Kernel::guard(Bot& bot, Handler&& handler) {
  try {
    handler();
  } catch (const std::exception& error) {
    halt_failed(bot, error.what());
  } catch (...) {
    halt_failed(bot, "the engine threw something unknown");
  }
}

/// Told once a session, or again after a resume: an engine may fail at every quote.
void Kernel::halt_failed(Bot& bot, std::string_view what) {
  if (bot.has_failed_before() && desk_.is_halted(bot.identity().bot)) return;
  desk_.halt(bot.identity().bot, "ENGINE_FAILED", what);
}

template <typename Handler>
void Kernel::tell(std::span<const market::Subscriber> subscribers, Handler&& handler) {
  for (const market::Subscriber number : subscribers) {
    Bot& bot = *bots_[number];
    guard(bot, [&] { handler(bot); });
  }
}

Kernel::Bot& Kernel::bot_of(const core::BotId& id) {
  const auto found = std::find_if(bots_.begin(), bots_.end(),
                                  [&](const auto& bot) { return bot->identity().bot == id; });
  ST0CK_ASSERT(found != bots_.end(), "an order of ours belongs to a bot");
  return **found;
}

Decision Kernel::decision_of(const core::BotId& bot, const core::EngineName& engine,
                             core::InstrumentId instrument, DecisionKind kind,
                             const core::Code& code) const {
  Decision decision;
  decision.account = desk_.account();
  decision.bot = bot;
  decision.engine = engine;
  decision.event_time = clock_.now();
  decision.symbol = parts_.instruments[instrument].symbol;
  decision.kind = kind;
  decision.code = code;
  return decision;
}

Decision Kernel::decision_of(const trading::OrderIntent& intent, DecisionKind kind,
                             const core::Code& code) const {
  Decision decision = decision_of(intent.bot, intent.engine, intent.leg().instrument, kind, code);
  decision.side = intent.leg().side;
  decision.quantity = intent.terms.quantity;
  decision.price = price_of(intent.terms);
  decision.client_order_id = intent.client_order_id;
  return decision;
}

void Kernel::on_reviewed(const trading::OrderIntent& intent, const trading::RiskReadings& readings,
                         std::optional<core::Code> refusal) {
  Bot& bot = bot_of(intent.bot);
  const core::InstrumentId instrument = intent.leg().instrument;
  if (refusal && !bot.is_new_refusal(instrument, *refusal)) return;
  if (!refusal) {
    bot.forget_refusal(instrument);
    ++orders_;
  } else {
    parts_.log.with({intent.account, intent.bot, intent.engine})
        .info("REFUSED", refusal->view(),
              {{"symbol", parts_.instruments[instrument].symbol}, {"reason", intent.reason}});
  }
  Decision decision = decision_of(intent, refusal ? DecisionKind::Refusal : DecisionKind::Intent,
                                  refusal ? *refusal : intent.reason);
  if (refusal) decision.client_order_id = {};  // The id goes to the next order that is sent.
  if (recorder_.is_kept()) decision.explanation = explanation_json(bot.inputs(), &readings);
  recorder_.record_decision(decision);
}

void Kernel::on_cancel(const trading::Order& order, const core::Code& reason) {
  Decision decision = decision_of(order.intent, DecisionKind::Cancel, reason);
  if (recorder_.is_kept())
    decision.explanation = explanation_json(bot_of(order.intent.bot).inputs(), nullptr);
  recorder_.record_decision(decision);
}

void Kernel::on_replace(const trading::Order& order, const trading::ReplaceIntent& replace,
                        std::optional<core::Code> refusal) {
  Decision decision =
      decision_of(order.intent, refusal ? DecisionKind::Refusal : DecisionKind::Replace,
                  refusal ? *refusal : replace.reason);
  decision.quantity = replace.terms.quantity;
  decision.price = price_of(replace.terms);
  if (recorder_.is_kept())
    decision.explanation = explanation_json(bot_of(order.intent.bot).inputs(), nullptr);
  recorder_.record_decision(decision);
}

void Kernel::on_order(const trading::Order& order) {
  if (!recorder_.is_kept()) return;
  const trading::OrderIntent& intent = order.intent;
  OrderRow row;
  row.id = order.id;
  row.client_order_id = intent.client_order_id;
  row.account = intent.account;
  row.bot = intent.bot;
  row.engine = intent.engine;
  row.symbol = parts_.instruments[intent.leg().instrument].symbol;
  row.side = intent.leg().side;
  row.type = intent.type;
  row.time_in_force = intent.time_in_force;
  row.purpose = intent.purpose;
  row.quantity = intent.terms.quantity;
  row.limit = intent.terms.limit;
  row.stop = intent.terms.stop;
  row.trail = intent.terms.trail;
  row.trail_rate = intent.terms.trail_rate;
  row.group = intent.group;
  row.state = order.state;
  row.filled = order.filled;
  row.filled_notional = order.filled_notional;
  row.fees = order.fees;
  row.submitted = order.submitted;
  row.updated = order.updated;
  row.reason = intent.reason;
  row.state_reason = order.state_reason;
  recorder_.record(RecordKind::Order, row);
}

void Kernel::on_fill(const trading::Fill& fill) {
  ++fills_;
  parts_.log.with({fill.account, fill.bot, fill.engine})
      .info("FILL", trading::name_of(fill.side),
            {{"symbol", parts_.instruments[fill.instrument].symbol},
             {"order", fill.client_order_id},
             {"quantity", fill.quantity},
             {"price", fill.price},
             {"reason", fill.reason}});
  recorder_.record(
      RecordKind::Fill,
      FillRow{fill.account, fill.bot, fill.engine, parts_.instruments[fill.instrument].symbol,
              fill.client_order_id, fill.execution, fill.time, fill.side, fill.quantity, fill.price,
              fill.notional, fill.fee});
}

void Kernel::on_position(const trading::Position& position) {
  recorder_.record(
      RecordKind::Position,
      PositionRow{position.key.account, position.key.bot,
                  parts_.instruments[position.key.instrument].symbol, position.quantity,
                  position.cost, position.realized_pnl, position.fees, position.cash_flow});
}

void Kernel::on_round_trip(const trading::TradeRecord& trade) {
  ++trades_;
  parts_.log.with({trade.account, trade.bot, trade.engine})
      .info("TRADE", trade.exit_reason.view(),
            {{"symbol", parts_.instruments[trade.instrument].symbol},
             {"side", trading::name_of(trade.side)},
             {"quantity", trade.quantity},
             {"entry_price", trade.entry_price},
             {"exit_price", trade.exit_price},
             {"realized_pnl", trade.realized_pnl},
             {"fees", trade.fees}});
  if (!recorder_.is_kept()) return;
  recorder_.record(RecordKind::RoundTrip,
                   RoundTripRow{trade.id,
                                trade.account,
                                trade.bot,
                                trade.engine,
                                parts_.instruments[trade.instrument].symbol,
                                trade.side,
                                trade.quantity,
                                trade.entry_time,
                                trade.entry_price,
                                trade.exit_time,
                                trade.exit_price,
                                trade.realized_pnl,
                                trade.fees,
                                trade.exit_reason,
                                {trade.client_order_ids.begin(), trade.client_order_ids.end()}});
}

void Kernel::on_bot_day(const core::BotId& bot, const core::EngineName& engine,
                        const core::Session& session, const trading::BotDay& day,
                        core::Money cash) {
  recorder_.record(RecordKind::BotDay,
                   BotDayRow{desk_.account(), bot, engine, session.date, day.orders, day.fills,
                             day.trades, day.realized_pnl, day.fees, day.unrealized_pnl, cash});
}

void Kernel::on_halt(const core::BotId& bot, bool is_halted, std::string_view code,
                     std::string_view reason) {
  recorder_.record(RecordKind::Halt,
                   HaltRow{desk_.account(), bot, is_halted, core::Code{code}, std::string{reason}});
}

void Kernel::on_ledger_entry(const trading::LedgerEntry& entry) {
  recorder_.record(
      RecordKind::LedgerEntry,
      LedgerEntryRow{entry.account, entry.bot, parts_.instruments[entry.instrument].symbol,
                     entry.kind, entry.date, entry.quantity, entry.amount});
}

void Kernel::on_equity_mark(const trading::EquityMark& mark) {
  recorder_.record(RecordKind::EquityMark,
                   EquityMarkRow{desk_.account(), mark.time, mark.cash, mark.settled_cash,
                                 mark.long_value, mark.short_value, mark.equity});
}

void Kernel::on_risk_event(const core::BotId& bot, std::string_view code,
                           std::string_view message) {
  parts_.log.with({desk_.account(), bot, {}}).warn(code, message);
  recorder_.record(RecordKind::RiskEvent,
                   RiskEventRow{desk_.account(), bot, core::Code{code}, std::string{message}});
}

}  // namespace st0ck::kernel
