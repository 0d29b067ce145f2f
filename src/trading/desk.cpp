#include "st0ck/trading/desk.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <algorithm>

namespace st0ck::trading {

namespace {

constexpr auto kRateWindow = std::chrono::minutes{1};

bool is_same_group(const OrderIntent& order, const OrderIntent& intent) {
  return intent.group.kind != GroupKind::None && order.group.group == intent.group.group;
}

}  // namespace

std::optional<core::Money> BotDay::pnl() const {
  if (!unrealized_pnl) return std::nullopt;
  return realized_pnl - fees + *unrealized_pnl - carried_pnl;
}

Desk::Desk(const Parts& parts, core::AccountId account, core::Money cash)
    : parts_{parts},
      account_{account},
      cash_at_start_{cash},
      orders_{parts.instruments},
      ledger_{parts.instruments} {}

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
  return submit(state_of(bot), request, {});
}

std::variant<GroupIds, Refused> Desk::submit_group(const core::BotId& bot,
                                                   const GroupRequest& request) {
  BotState& state = state_of(bot);
  if (request.kind != GroupKind::OneCancelsOther) return Refused{core::Code{"GROUP_UNSUPPORTED"}};
  GroupLink link{request.kind, GroupRole::Target, {}};
  link.group = intent_of(state, *request.target).client_order_id;
  const auto target = submit(state, *request.target, link);
  if (const auto* refused = std::get_if<Refused>(&target)) return *refused;
  link.role = GroupRole::Stop;
  const auto stop = submit(state, *request.stop, link);
  if (const auto* refused = std::get_if<Refused>(&stop)) return *refused;
  return GroupIds{{}, std::get<core::ClientOrderId>(target), std::get<core::ClientOrderId>(stop)};
}

void Desk::on_timer(std::uint32_t) {}

std::variant<core::ClientOrderId, Refused> Desk::submit(BotState& state,
                                                        const OrderRequest& request,
                                                        const GroupLink& group) {
  OrderIntent intent = intent_of(state, request);
  intent.group = group;
  const core::Timestamp now = parts_.clock.now();
  forget(state, now);

  RiskReadings readings;
  const RiskVerdict verdict =
      RiskManager::review(facts_of(state, intent, nullptr), state.limits, readings);
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.observer.on_reviewed(intent, readings, refused->code);
    return *refused;
  }
  const auto& approved = std::get<Approved<OrderIntent>>(verdict);
  parts_.observer.on_reviewed(intent, readings, std::nullopt);
  ++state.client_sequence;
  const Order& order = orders_.create(approved, now);
  remember(state, intent);
  if (intent.purpose == Purpose::Entry) state.entries_today.push_back(&order);
  parts_.observer.on_order(order);
  parts_.broker.submit(approved);
  return intent.client_order_id;
}

bool Desk::cancel(const core::BotId& bot, const core::ClientOrderId& id, const core::Code& reason) {
  const Order* order = orders_.find(id);
  if (order == nullptr || order->intent.bot != bot) return false;
  if (!orders_.mark_cancel_sent(id, parts_.clock.now())) return false;
  parts_.observer.on_cancel(*order, reason);
  parts_.observer.on_order(*order);
  parts_.broker.cancel(id);
  return true;
}

std::optional<core::Code> Desk::replace(const core::BotId& bot, const ReplaceIntent& replace) {
  BotState& state = state_of(bot);
  const Order* order = orders_.find(replace.client_order_id);
  if (order == nullptr || order->intent.bot != bot) return core::Code{"NOT_FOUND"};
  if (order->state != OrderState::Working) return core::Code{"NOT_WORKING"};

  // What is filled already stays; the checks look at what would be added. Nothing left is no order.
  const core::Timestamp now = parts_.clock.now();
  forget(state, now);
  OrderIntent changed = order->intent;
  changed.terms = replace.terms;
  changed.terms.quantity =
      replace.terms.quantity.checked_subtract(order->filled).value_or(core::Quantity{});
  RiskReadings readings;
  const auto verdict =
      RiskManager::review(facts_of(state, changed, order), state.limits, replace, readings);
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.observer.on_replace(*order, replace, refused->code);
    return refused->code;
  }
  orders_.mark_replace_sent(replace.client_order_id, replace.terms, now);
  state.sent.push_back(now);
  parts_.observer.on_replace(*order, replace, std::nullopt);
  parts_.observer.on_order(*order);
  parts_.broker.replace(std::get<Approved<ReplaceIntent>>(verdict));
  return std::nullopt;
}

OrderManager::Applied Desk::apply(const OrderUpdate& update) {
  OrderManager::Applied applied = orders_.apply(update);
  if (applied.order == nullptr || !applied.changed) return applied;
  parts_.observer.on_order(*applied.order);
  if (applied.fill) book(*applied.fill);
  if (applied.order->state == OrderState::Filled) cancel_siblings(*applied.order);
  return applied;
}

void Desk::cancel_siblings(const Order& filled) {
  if (filled.intent.group.kind == GroupKind::None) return;
  const auto open = orders_.open_orders();  // A copy: cancelling may change the list.
  for (const Order* order : open)
    if (is_same_group(order->intent, filled.intent))
      cancel(order->intent.bot, order->intent.client_order_id, core::Code{"OCO"});
}

void Desk::book(const Fill& fill) {
  BotState& state = state_of(fill.bot);
  ++state.fills;
  parts_.observer.on_fill(fill);
  const TradeRecord* trade = ledger_.apply(fill);
  const Position* position = ledger_.find({fill.account, fill.bot, fill.instrument});
  parts_.observer.on_position(*position);
  if (trade == nullptr) return;
  ++state.trades;
  parts_.observer.on_round_trip(*trade);
}

void Desk::open_session(const core::Session& session) {
  session_ = session;
  for (BotState& state : bots_) {
    state.realized_at_open = realized(state.bot);
    state.fees_at_open = fees(state.bot);
    state.unrealized_at_open = unrealized(state.bot).value_or(core::Money{});
    state.orders = state.fills = state.trades = 0;
    state.entries_today.clear();
  }
}

void Desk::close_session() {
  if (!session_) return;
  for (BotState& state : bots_) {
    parts_.observer.on_bot_day(state.bot, state.engine, *session_, day(state.bot), cash());
    count_session(state);
  }
  session_.reset();
}

/// A losing session lengthens the streak, a winning one ends it, a flat one leaves it.
void Desk::count_session(BotState& state) {
  const BotDay today = day(state.bot);
  const core::Money net = today.pnl().value_or(today.realized_pnl - today.fees);
  if (net.is_positive()) state.losing_days = 0;
  if (!net.is_negative()) return;
  if (++state.losing_days == state.limits.losing_days_max)
    parts_.observer.on_risk_event(
        state.bot, "LOSING_DAYS",
        fmt::format("{} losing sessions in a row: no entries until somebody arms the bot again",
                    state.losing_days));
}

void Desk::halt(const core::BotId& bot, std::string_view code, std::string_view message) {
  state_of(bot).halted = true;
  parts_.observer.on_risk_event(bot, code, message);
}

void Desk::resume(const core::BotId& bot, std::string_view) { state_of(bot).halted = false; }

BotDay Desk::day(const core::BotId& bot) const {
  const BotState& state = state_of(bot);
  BotDay day;
  day.realized_pnl = realized(bot) - state.realized_at_open;
  day.fees = fees(bot) - state.fees_at_open;
  day.unrealized_pnl = unrealized(bot);
  day.carried_pnl = state.unrealized_at_open;
  day.orders = state.orders;
  day.fills = state.fills;
  day.trades = state.trades;
  day.losing_days = state.losing_days;
  day.halted = state.halted;
  return day;
}

core::Quantity Desk::position(const core::BotId& bot, core::InstrumentId instrument) const {
  return ledger_.quantity({account_, bot, instrument});
}

const Position* Desk::find_position(const core::BotId& bot, core::InstrumentId instrument) const {
  return ledger_.find({account_, bot, instrument});
}

OrderIntent Desk::intent_of(BotState& state, const OrderRequest& request) {
  const core::Date today = session_ ? session_->date : core::to_new_york(parts_.clock.now()).date;
  if (today != state.client_date) {
    state.client_date = today;
    state.client_sequence = 0;
  }
  OrderIntent intent;
  intent.client_order_id =
      core::ClientOrderId{fmt::format("{}-{}-{}-{}", state.bot, state.engine,
                                      core::format_date_compact(today), state.client_sequence + 1)};
  intent.account = account_;
  intent.bot = state.bot;
  intent.engine = state.engine;
  intent.legs.push_back({request.instrument, request.side});
  intent.type = request.type;
  intent.time_in_force = request.time_in_force;
  intent.purpose = request.purpose;
  intent.terms = request.terms;
  intent.reason = request.reason;
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
