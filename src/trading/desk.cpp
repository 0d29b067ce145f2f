#include "st0ck/trading/desk.hpp"

#include "closings.hpp"
#include "group_keeper.hpp"
#include "loss_rate.hpp"
#include "order_pacer.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "unknown_orders.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::trading {

namespace {

constexpr auto kRateWindow = std::chrono::minutes{1};

/// How long settled days are remembered, for questions about the last few.
constexpr std::chrono::days kSettledKept{7};
const core::Code kRestart{"RESTART"};
const core::Code kWashTrade{"WASH_TRADE"};

}  // namespace

std::optional<core::Money> BotDay::pnl() const {
  if (!unrealized_pnl) return std::nullopt;
  return realized_pnl - fees + carry + *unrealized_pnl - carried_pnl;
}

Desk::Desk(const Parts& parts, core::AccountId account, core::Money cash)
    : parts_{parts},
      account_{account},
      cash_at_start_{cash},
      orders_{parts.instruments},
      ledger_{parts.instruments},
      groups_{std::make_unique<GroupKeeper>(static_cast<DeskPort&>(*this))},
      unknown_orders_{std::make_unique<UnknownOrders>(static_cast<DeskPort&>(*this))},
      closings_{std::make_unique<Closings>(static_cast<DeskPort&>(*this))},
      loss_rate_{std::make_unique<LossRate>()},
      pacer_{std::make_unique<OrderPacer>(parts.broker, static_cast<DeskPort&>(*this),
                                          parts.answers)} {}

Desk::~Desk() = default;

void Desk::add_bot(const core::BotId& bot, const core::EngineName& engine,
                   const RiskLimits& limits) {
  ST0CK_ASSERT(std::none_of(bots_.begin(), bots_.end(),
                            [&](const BotState& state) { return state.bot == bot; }),
               "a bot is added once");
  BotState state;
  state.bot = bot;
  state.engine = engine;
  state.limits = limits;
  bots_.push_back(std::move(state));
}

std::variant<core::ClientOrderId, Refused> Desk::submit(const core::BotId& bot,
                                                        const OrderRequest& request) {
  BotState& state = state_of(bot);
  return submit(state, intent_of(state, request, next_client_order_id(state), {}));
}

std::variant<GroupIds, Refused> Desk::submit_group(const core::BotId& bot,
                                                   const GroupRequest& request) {
  BotState& state = state_of(bot);
  const core::ClientOrderId name = next_client_order_id(state);
  GroupIds ids;
  std::vector<OrderIntent> intents;
  std::vector<OrderRequest> members;
  const auto add = [&](const std::optional<OrderRequest>& member, GroupRole role,
                       std::string_view leg, core::ClientOrderId& id) {
    if (!member) return;
    id = core::ClientOrderId{fmt::format("{}{}", name, leg)};
    intents.push_back(intent_of(state, *member, id, {request.kind, role, name}));
    members.push_back(*member);
  };
  add(request.entry, GroupRole::Entry, "", ids.entry);
  add(request.target, GroupRole::Target, "-1", ids.target);
  add(request.stop, GroupRole::Stop, "-2", ids.stop);
  if (intents.empty()) return Refused{core::Code{"GROUP_SHAPE"}};

  const auto quote =
      parts_.market.quote(intents.front().leg().instrument, now(), state.limits.quote_age_max);
  if (const auto defect = defect_of(request, quote)) {
    parts_.observer.on_reviewed(intents.front(), {}, core::Code{*defect});
    return Refused{core::Code{*defect}};
  }
  const auto reviewed = review_all(state, intents);
  if (const auto* refused = std::get_if<Refused>(&reviewed)) return *refused;
  const auto& approved = std::get<std::vector<Approved<OrderIntent>>>(reviewed);

  ++state.client_sequence;
  const bool is_held = broker_may_hold(members);
  for (const auto& order : approved)
    take_in(state, order, !is_held && order->group.role != GroupRole::Entry);
  if (is_held)
    pacer_->submit_group(approved);
  else if (request.entry)
    pacer_->submit(approved.front());
  groups_->open(bot, request, name, ids, is_held);
  return ids;
}

bool Desk::broker_may_hold(const std::vector<OrderRequest>& group) const {
  const BrokerAbilities abilities = parts_.broker.abilities();
  return std::all_of(group.begin(), group.end(), [&](const OrderRequest& order) {
    return abilities.may_hold(parts_.instruments[order.instrument].asset_class, order.type,
                              order.time_in_force, group.front().time_in_force);
  });
}

/// All of a group's orders or none: the exits are judged as if the entry had filled.
std::variant<std::vector<Approved<OrderIntent>>, Refused> Desk::review_all(
    BotState& state, const std::vector<OrderIntent>& intents) {
  forget(state, now());
  std::vector<Approved<OrderIntent>> approved;
  std::vector<RiskReadings> readings(intents.size());
  const bool has_entry = intents.front().purpose == Purpose::Entry;
  for (std::size_t i = 0; i < intents.size(); ++i) {
    RiskFacts facts = facts_of(state, intents[i], nullptr);
    if (has_entry && i > 0)
      facts.position += signed_quantity(intents.front().leg().side, intents.front().terms.quantity);
    for (const OrderIntent& member : intents)
      if (member.group.role == GroupRole::Stop) facts.planned_stop = member.terms.stop;
    const RiskVerdict verdict = RiskManager::review(facts, state.limits, readings[i]);
    if (const auto* refused = std::get_if<Refused>(&verdict)) {
      parts_.observer.on_reviewed(intents[i], readings[i], refused->code);
      return *refused;
    }
    approved.push_back(std::get<Approved<OrderIntent>>(verdict));
  }
  for (std::size_t i = 0; i < intents.size(); ++i)
    parts_.observer.on_reviewed(intents[i], readings[i], std::nullopt);
  return approved;
}

std::variant<core::ClientOrderId, Refused> Desk::submit(BotState& state,
                                                        const OrderIntent& intent) {
  forget(state, now());
  RiskReadings readings;
  const RiskVerdict verdict =
      RiskManager::review(facts_of(state, intent, nullptr), state.limits, readings);
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.observer.on_reviewed(intent, readings, refused->code);
    return *refused;
  }
  const auto& approved = std::get<Approved<OrderIntent>>(verdict);
  parts_.observer.on_reviewed(intent, readings, std::nullopt);
  if (intent.client_order_id == next_client_order_id(state)) ++state.client_sequence;
  take_in(state, approved, false);
  pacer_->submit(approved);
  return intent.client_order_id;
}

/// Makes an order of what was approved; it is about to be sent, or armed.
const Order& Desk::take_in(BotState& state, const Approved<OrderIntent>& approved, bool is_armed) {
  begin_day_if_over();
  const Order& order =
      is_armed ? orders_.create_armed(approved, now()) : orders_.create(approved, now());
  remember(state, *approved);
  if (approved->purpose == Purpose::Entry) count_entry(state, order);
  parts_.observer.on_order(order);
  if (!session_ && closed_session_) close_day(state);
  return order;
}

/// Those that ended without a fill are set apart, so that a day of refusals makes no check slow.
void Desk::count_entry(BotState& state, const Order& order) {
  std::erase_if(state.entries_today, [&](const Order* entry) {
    const bool has_ended = !entry->counts_as_trade();
    if (has_ended) state.entries_ended_unfilled.push_back(entry);
    return has_ended;
  });
  state.entries_today.push_back(&order);
}

/// One that had ended unfilled lives after all, or was filled late.
void Desk::count_again(const Order& order) {
  BotState& state = state_of(order.intent.bot);
  if (std::erase(state.entries_ended_unfilled, &order) > 0) state.entries_today.push_back(&order);
}

bool Desk::cancel(const core::BotId& bot, const core::ClientOrderId& id, const core::Code& reason) {
  const Order* order = orders_.find(id);
  if (order == nullptr || order->intent.bot != bot || !order->is_open()) return false;
  groups_->withdraw(*order);
  const bool is_cancelled = cancel_order(id, reason);
  if (is_final(order->state)) groups_->on_order(*order, OrderUpdateKind::Cancelled, std::nullopt);
  return is_cancelled;
}

std::optional<core::Code> Desk::replace(const core::BotId& bot, const ReplaceIntent& replace) {
  const Order* order = orders_.find(replace.client_order_id);
  if (order == nullptr || order->intent.bot != bot) return core::Code{"NOT_FOUND"};
  if (order->state == OrderState::Armed) return amend_armed(*order, replace);
  if (groups_->has_fixed_size(*order) && replace.terms.quantity != order->intent.terms.quantity) {
    parts_.observer.on_replace(*order, replace, core::Code{"GROUP_QUANTITY"});
    return core::Code{"GROUP_QUANTITY"};
  }
  return this->replace(state_of(bot), *order, replace);
}

/// New terms of an exit that is not at the broker yet; its quantity is its group's business.
std::optional<core::Code> Desk::amend_armed(const Order& order, const ReplaceIntent& replace) {
  OrderIntent changed = order.intent;
  changed.terms = replace.terms;
  changed.terms.quantity = order.intent.terms.quantity;
  if (defect_of(changed, parts_.instruments[changed.leg().instrument].tick)) {
    parts_.observer.on_replace(order, replace, core::Code{"ORDER_SHAPE"});
    return core::Code{"ORDER_SHAPE"};
  }
  orders_.amend_armed(replace.client_order_id, changed.terms, now());
  parts_.observer.on_replace(order, replace, std::nullopt);
  parts_.observer.on_order(order);
  groups_->on_amended(order);
  return std::nullopt;
}

std::optional<core::Code> Desk::replace(BotState& state, const Order& order,
                                        const ReplaceIntent& replace) {
  if (order.state != OrderState::Working) return core::Code{"NOT_WORKING"};
  // What is filled already stays; the checks look at what would be added. Nothing left is no order.
  forget(state, now());
  OrderIntent changed = order.intent;
  changed.terms = replace.terms;
  changed.terms.quantity =
      replace.terms.quantity.checked_subtract(order.filled).value_or(core::Quantity{});
  RiskReadings readings;
  const auto verdict =
      RiskManager::review(facts_of(state, changed, &order), state.limits, replace, readings);
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.observer.on_replace(order, replace, refused->code);
    return refused->code;
  }
  orders_.mark_replace_sent(replace.client_order_id, replace.terms, now());
  state.sent.push_back(now());
  parts_.observer.on_replace(order, replace, std::nullopt);
  parts_.observer.on_order(order);
  pacer_->replace(std::get<Approved<ReplaceIntent>>(verdict));
  return std::nullopt;
}

OrderManager::Applied Desk::apply(const OrderUpdate& update) {
  begin_day_if_over();
  if (update.kind == OrderUpdateKind::TimedOut && update.reason == kRestart)
    unknown_orders_->begin_anew(update.client_order_id);
  if (update.kind == OrderUpdateKind::DuplicateId)
    if (const Order* order = orders_.find(update.client_order_id);
        order != nullptr && order->state == OrderState::Submitted)
      return apply_unasked_duplicate(update);
  if (update.kind == OrderUpdateKind::ProvenAbsent)
    if (const Order* order = orders_.find(update.client_order_id);
        order != nullptr && unknown_orders_->on_absent(*order))
      return {.order = order};
  OrderManager::Applied applied = orders_.apply(update);
  // A sending that was refused, while an earlier one of the same order may still arrive.
  if (update.kind == OrderUpdateKind::TimedOut && applied.order != nullptr &&
      applied.order->intent.purpose == Purpose::Exit)
    clear_way_of(*applied.order, update.reason);
  if (applied.order == nullptr) {
    if (update.kind == OrderUpdateKind::Fill)
      alarm({}, "FOREIGN_FILL",
            fmt::format("{} filled {} at {}; it is none of ours", update.client_order_id,
                        update.quantity.to_string(), update.price.to_string()));
    return applied;
  }
  if (update.kind == OrderUpdateKind::DuplicateId)
    unknown_orders_->on_duplicate(update.client_order_id);
  if (!applied.changed) return applied;
  if (applied.fill || applied.is_revived) count_again(*applied.order);
  const Order& order = *applied.order;
  parts_.observer.on_order(order);
  if (applied.fill) watch_losses();  // What the account was worth before counts too.
  if (applied.fill) book(*applied.fill);
  handle_oddities(applied);
  unknown_orders_->on_order(order);
  groups_->on_order(order, update.kind, applied.fill);
  closings_->on_order(order);
  if (applied.fill) watch_losses();
  stop_entry(order);
  return applied;
}

/// The broker has an order of that name, though ours was sent only once: whether it is ours a
/// look-up tells.
OrderManager::Applied Desk::apply_unasked_duplicate(const OrderUpdate& update) {
  OrderUpdate unproven = update;
  unproven.kind = OrderUpdateKind::TimedOut;
  const auto applied = apply(unproven);
  unknown_orders_->on_duplicate(update.client_order_id);
  return applied;
}

/// What should not happen and does: told to people, and put right where there is a rule.
void Desk::handle_oddities(const OrderManager::Applied& applied) {
  const Order& order = *applied.order;
  const core::ClientOrderId& id = order.intent.client_order_id;
  if (!applied.late_fee.is_zero()) book_late_fee(order, applied.late_fee);
  if (order.state == OrderState::Rejected && order.intent.purpose == Purpose::Exit &&
      !clear_way_of(order, order.state_reason) && order.state_reason == kWashTrade &&
      market_exits_refused_.insert(order.intent.leg().instrument).second)
    alarm(order.intent.bot, "EXIT_CROSSES_FOREIGN",
          fmt::format("{}: the broker takes no exit at the market while somebody else's order of "
                      "this account would meet it; exits go as limits from now on, and that order "
                      "should be cancelled",
                      id));
  if (applied.is_overfilled)
    alarm(order.intent.bot, "OVERFILLED",
          fmt::format("{} has filled {} of {} ordered; the position is booked as told", id,
                      order.filled.to_string(), order.intent.terms.quantity.to_string()));
  if (applied.is_late)
    alarm(order.intent.bot, "ORDER_REVIVED",
          fmt::format("{} counted as rejected and has filled {} after all; that is booked and "
                      "protected like any fill",
                      id, order.filled.to_string()));
  if (!applied.is_revived) return;
  alarm(order.intent.bot, "ORDER_REVIVED", fmt::format("{} was given up and lives after all", id));
  if (order.intent.purpose == Purpose::Entry) cancel_order(id, core::Code{"GIVEN_UP"});
}

void Desk::book_late_fee(const Order& order, core::Money fee) {
  const OrderIntent& intent = order.intent;
  const LedgerKey key{intent.account, intent.bot, intent.leg().instrument};
  ledger_.charge(key, fee);
  enter_in_ledger(key, LedgerEntryKind::Fee, core::to_new_york(now()).date, ledger_.quantity(key),
                  -fee);
}

void Desk::book(const Fill& fill) {
  BotState& state = state_of(fill.bot);
  ++state.fills;
  parts_.observer.on_fill(fill);
  const TradeRecord* trade = ledger_.apply(fill);
  const Position* position = ledger_.find({fill.account, fill.bot, fill.instrument});
  parts_.observer.on_position(*position);
  const core::Money cash = fill.side == Side::Sell ? fill.notional : -fill.notional;
  settlements_.add(core::to_new_york(fill.time).date,
                   parts_.instruments[fill.instrument].asset_class, cash - fill.fee);
  count_trade(state, trade);
  if (session_ || !closed_session_) return;
  charge_borrow_fee(*position, *closed_session_);
  close_day(state);
  mark_equity();
}

void Desk::count_trade(BotState& state, const TradeRecord* trade) {
  if (trade == nullptr) return;
  ++state.trades;
  const core::Money net = trade->realized_pnl - trade->fees;
  if (net.is_negative()) ++state.losing_trades;
  if (net.is_positive()) state.losing_trades = 0;
  note_equity();
  parts_.observer.on_round_trip(*trade);
}

void Desk::open_session(const core::Session& session) {
  session_ = session;
  settlements_.forget_until(core::Date{std::chrono::sys_days{session.date} - kSettledKept});
  note_equity();
  if (!has_begun_day_) begin_day();
}

void Desk::begin_day_if_over() {
  const bool is_over =
      !session_ && closed_session_ && core::to_new_york(now()).date > closed_session_->date;
  if (is_over) begin_day();
}

/// Notes what the next session begins with.
void Desk::begin_day() {
  has_begun_day_ = true;
  closed_session_.reset();
  for (BotState& state : bots_) {
    state.realized_at_open = realized(state.bot);
    state.fees_at_open = fees(state.bot);
    state.carry_at_open = carry(state.bot);
    state.unrealized_at_open = unrealized(state.bot).value_or(core::Money{});
    state.orders = state.fills = state.trades = 0;
    state.losing_days_at_open = state.losing_days;
    state.entries_today.clear();
    state.entries_ended_unfilled.clear();
  }
  market_exits_refused_.clear();
}

void Desk::close_session() {
  if (!session_) return;
  charge_borrow_fees();
  expire_options();
  note_equity();
  closed_session_ = session_;
  has_begun_day_ = false;
  for (BotState& state : bots_) close_day(state);
  mark_equity();
  unknown_orders_->forget_abandoned();
  session_.reset();
}

/// Tells a bot's session and counts it; again with each fill and order that comes after the close,
/// a fill of the closing auction for one, until midnight. A losing session lengthens the streak, a
/// winning one ends it, a flat one leaves it.
void Desk::close_day(BotState& state) {
  state.losing_days = state.losing_days_at_open;
  const BotDay today = day(state.bot);
  parts_.observer.on_bot_day(state.bot, state.engine, *closed_session_, today, cash());
  const core::Money net = today.pnl().value_or(today.realized_pnl - today.fees + today.carry);
  if (net.is_positive()) state.losing_days = 0;
  if (!net.is_negative()) return;
  if (++state.losing_days == state.limits.losing_days_max)
    parts_.observer.on_risk_event(
        state.bot, "LOSING_DAYS",
        fmt::format("{} losing sessions in a row: no entries until somebody arms the bot again",
                    state.losing_days));
}

void Desk::halt(const core::BotId& bot, std::string_view code, std::string_view message) {
  bool& flag = bot.empty() ? is_halted_ : state_of(bot).halted;
  const bool was_halted = std::exchange(flag, true);
  if (!was_halted) parts_.observer.on_halt(bot, true, code, message);
  parts_.observer.on_risk_event(bot, code, message);
  keep_back_entries(bot);
}

bool Desk::resume(const core::BotId& bot, std::string_view reason) {
  bool was_stopped = bot.empty() && std::exchange(is_halted_, false);
  if (was_stopped) loss_rate_->start_again();
  for (BotState& state : bots_) {
    if (!bot.empty() && state.bot != bot) continue;
    const bool has_lost = state.losing_days >= state.limits.losing_days_max ||
                          state.losing_trades >= state.limits.losing_trades_max;
    if (!state.halted && !has_lost) continue;
    was_stopped = true;
    state.halted = false;
    if (has_lost) state.losing_days = state.losing_days_at_open = state.losing_trades = 0;
    if (!bot.empty()) break;
    parts_.observer.on_halt(state.bot, false, "OPERATOR", reason);
  }
  if (!was_stopped) return false;
  parts_.observer.on_halt(bot, false, "OPERATOR", reason);
  parts_.observer.on_risk_event(bot, "RESUMED", reason);
  return true;
}

bool Desk::knows(const core::BotId& bot) const {
  return std::any_of(bots_.begin(), bots_.end(),
                     [&](const BotState& state) { return state.bot == bot; });
}

bool Desk::cancel(const core::ClientOrderId& id, const core::Code& reason) {
  const Order* order = orders_.find(id);
  return order != nullptr && cancel(order->intent.bot, id, reason);
}

BotDay Desk::day(const core::BotId& bot) const {
  const BotState& state = state_of(bot);
  BotDay day;
  day.realized_pnl = realized(bot) - state.realized_at_open;
  day.fees = fees(bot) - state.fees_at_open;
  day.carry = carry(bot) - state.carry_at_open;
  day.unrealized_pnl = unrealized(bot);
  day.carried_pnl = state.unrealized_at_open;
  day.orders = state.orders;
  day.fills = state.fills;
  day.trades = state.trades;
  day.losing_days = state.losing_days;
  day.halted = state.halted || is_halted_;
  return day;
}

core::Quantity Desk::position(const core::BotId& bot, core::InstrumentId instrument) const {
  return ledger_.quantity({account_, bot, instrument});
}

const Position* Desk::find_position(const core::BotId& bot, core::InstrumentId instrument) const {
  return ledger_.find({account_, bot, instrument});
}

/// The id of the bot's next order. The desk's own times count too: after a session, its date is
/// New York's.
core::ClientOrderId Desk::next_client_order_id(BotState& state) const {
  const core::Date today = session_ ? session_->date : core::to_new_york(now()).date;
  if (today != state.client_date) {
    state.client_date = today;
    state.client_prefix = client_prefix(state);
    state.client_sequence = 0;
  }
  return core::ClientOrderId{state.client_prefix + std::to_string(state.client_sequence + 1)};
}

OrderIntent Desk::intent_of(const BotState& state, const OrderRequest& request,
                            const core::ClientOrderId& id, const GroupLink& group) const {
  OrderIntent intent;
  intent.client_order_id = id;
  intent.account = account_;
  intent.bot = state.bot;
  intent.engine = state.engine;
  intent.legs.push_back({request.instrument, request.side});
  intent.type = request.type;
  intent.time_in_force = request.time_in_force;
  intent.purpose = request.purpose;
  intent.terms = request.terms;
  intent.reason = request.reason;
  intent.group = group;
  if (intent.purpose == Purpose::Exit) fit_to_broker(intent);
  return intent;
}

void Desk::remember(BotState& state, const OrderIntent& intent) {
  const core::Timestamp now = parts_.clock.now();
  ++state.orders;
  state.sent.push_back(now);
  if (intent.purpose == Purpose::Entry)
    state.recent_entries.push_back(
        {now, intent.leg().instrument, intent.leg().side, intent.type, intent.terms});
}

void Desk::forget(BotState& state, core::Timestamp now) {
  auto& sent = state.sent;
  while (!sent.empty() && now - sent.front() >= kRateWindow) sent.pop_front();
  auto& recent = state.recent_entries;
  while (!recent.empty() && now - recent.front().time >= state.limits.duplicate_window)
    recent.pop_front();
}

Desk::BotState& Desk::state_of(const core::BotId& bot) {
  const auto found = std::find_if(bots_.begin(), bots_.end(),
                                  [&](const BotState& state) { return state.bot == bot; });
  ST0CK_ASSERT(found != bots_.end(), "a bot is added before it trades");
  return *found;
}

const Desk::BotState& Desk::state_of(const core::BotId& bot) const {
  return const_cast<Desk*>(this)->state_of(bot);
}

}  // namespace st0ck::trading
