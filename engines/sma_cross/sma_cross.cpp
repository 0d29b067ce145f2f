#include "engines/sma_cross/sma_cross.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::engines::sma_cross {

namespace {

/// What a timer is for.
enum Topic : kernel::TimerTopic { kEntryLifetime, kFlat, kRetry };

bool may_wait(const trading::OrderRequest& entry) {
  return entry.type != trading::OrderType::Market &&
         entry.time_in_force == trading::TimeInForce::Day;
}

}  // namespace

SmaCross::SmaCross(Settings settings, core::InstrumentId instrument)
    : settings_{std::move(settings)},
      instrument_{instrument},
      crossing_{settings_.fast, settings_.slow},
      retry_pause_{settings_.retry_pause, settings_.retry_pause_max} {}

std::vector<market::DataNeed> SmaCross::needs() const {
  return {{instrument_, market::DataKind::Bars, std::chrono::minutes{1}}};
}

void SmaCross::on_session_phase(kernel::EngineContext& context, const market::SessionPhase& phase) {
  switch (phase.phase) {
    case market::Phase::Prepare: return prepare(context, phase.session);
    case market::Phase::Open:
      if (!crossing_.is_ready())
        context.note_refusal(instrument_, core::Code{"WARMING_UP"}, inputs());
      return;
    case market::Phase::Close: is_leaving_ = false; return settle(context);
  }
}

void SmaCross::prepare(kernel::EngineContext& context, const core::Session& session) {
  session_ = session;
  is_leaving_ = is_auction_refused_ = is_flat_refused_ = false;
  if (!settings_.across_sessions) crossing_.clear();
  if (settings_.flat_by != FlatBy::Hold)
    context.set_timer(session.close - settings_.flat_before_close, kFlat);
  settle(context);
  if (settings_.on_open != OpeningEntry::None) enter_at_open(context);
}

/// Where the averages stand, not where they cross, because nothing crosses overnight.
void SmaCross::enter_at_open(kernel::EngineContext& context) {
  if (!crossing_.is_ready() || !may_enter(context)) return;
  const Cross standing = crossing_.sign() > 0 ? Cross::Up : Cross::Down;
  const auto side = side_of(standing, settings_.direction);
  if (!side || crossing_.sign() == 0) return;
  enter(context,
        opening_entry_of(settings_.on_open, *side, close_, context.instrument(instrument_),
                         settings_),
        close_);
}

void SmaCross::on_bar(kernel::EngineContext& context, const market::Bar& bar) {
  if (!counts(bar)) return;
  close_ = bar.close;
  if (following_) follow_market(context);
  const Cross cross = crossing_.add(bar.close);
  if (cross == Cross::None) return;
  const auto side = side_of(cross, settings_.direction);
  if (!side || !may_enter(context)) return;
  const EntryStyle style = settings_.entry[entries_ % settings_.entry.size()];
  enter(context, entry_of(style, *side, bar.close, context.instrument(instrument_), settings_),
        bar.close);
}

bool SmaCross::counts(const market::Bar& bar) const {
  if (settings_.hours == Hours::All) return true;
  return session_ && bar.start >= session_->open && bar.start < session_->close;
}

bool SmaCross::may_enter(const kernel::EngineContext& context) const {
  return !is_leaving_ && open_orders_.empty() && held(context).is_zero();
}

void SmaCross::enter(kernel::EngineContext& context, const trading::OrderRequest& entry,
                     core::Price close) {
  // What the auction will pay nobody knows: its exits go out once it has, around that price.
  const bool is_at_open = entry.time_in_force == trading::TimeInForce::Opg;
  const ExitStyle style =
      is_at_open ? ExitStyle::Oco : settings_.exits[entries_ % settings_.exits.size()];
  const core::Price tick = context.instrument(instrument_).tick;
  levels_ = levels_of(entry.side, base_of(entry, close), tick, settings_);
  if (is_at_open) levels_.reset();
  if (!send_entry(context, entry, style)) return;
  ++entries_;
  is_entry_alone_ = style == ExitStyle::Oco;
  following_.reset();
  if (!may_wait(entry)) return;
  if (settings_.entry_follows && is_entry_alone_ && entry.type == trading::OrderType::Limit)
    following_ = entry;
  entry_until_ = context.now() + settings_.entry_lifetime;
  context.set_timer(entry_until_, kEntryLifetime);
}

/// A refusal is noted by the risk manager; the signal is gone, the next one is tried again.
bool SmaCross::send_entry(kernel::EngineContext& context, const trading::OrderRequest& entry,
                          ExitStyle style) {
  if (style == ExitStyle::Oco) {
    const auto sent = context.submit(entry, inputs());
    if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) remember({.entry = *id});
    return std::holds_alternative<core::ClientOrderId>(sent);
  }
  const auto sent = context.submit_group(group_of(style, entry, *levels_, settings_), inputs());
  if (const auto* ids = std::get_if<trading::GroupIds>(&sent)) remember(*ids);
  return std::holds_alternative<trading::GroupIds>(sent);
}

/// Moves a limit entry to where it would be sent now, and its levels with it. A refusal or a fill
/// under way leaves it where it is; the next close tries again.
void SmaCross::follow_market(kernel::EngineContext& context) {
  const OpenOrder* working = open_entry();
  if (working == nullptr) return following_.reset();
  const market::Instrument& instrument = context.instrument(instrument_);
  const auto wanted = entry_of(EntryStyle::Limit, following_->side, close_, instrument, settings_);
  if (wanted.terms.limit == following_->terms.limit || context.now() >= entry_until_) return;
  const trading::ReplaceIntent replace{working->id, wanted.terms, core::Code{"FOLLOW"}};
  if (context.replace(replace, inputs())) return;
  following_ = wanted;
  levels_ = levels_of(wanted.side, *wanted.terms.limit, instrument.tick, settings_);
}

void SmaCross::remember(const trading::GroupIds& ids) {
  if (!ids.entry.empty()) open_orders_.push_back({ids.entry, trading::Purpose::Entry});
  if (!ids.target.empty()) open_orders_.push_back({ids.target, trading::Purpose::Exit});
  if (!ids.stop.empty()) open_orders_.push_back({ids.stop, trading::Purpose::Exit});
}

void SmaCross::on_order(kernel::EngineContext& context, const kernel::OrderNews& news) {
  const trading::Order& order = news.order;
  follow(order);
  if (order.state == trading::OrderState::Rejected) note_rejection(context, order);
  if (needs_pause(order, news.kind) && !held(context).is_zero()) pause_retries(context);
  const bool is_entry = order.intent.purpose == trading::Purpose::Entry;
  if (is_entry && is_entry_alone_ && news.fill && order.is_open())
    cancel_all(context, core::Code{"PARTIAL_FILL"});
  settle(context);
}

/// People hear of an exit of ours that the broker turns down; of those in a group the desk tells.
/// What the closing auction does not take goes to the market.
void SmaCross::note_rejection(kernel::EngineContext& context, const trading::Order& order) {
  if (order.intent.purpose != trading::Purpose::Exit ||
      order.intent.group.kind != trading::GroupKind::None)
    return;
  context.warn(
      core::Code{"EXIT_REJECTED"},
      fmt::format("{} was rejected ({}) with {} {} held; it is tried again",
                  order.intent.client_order_id, order.state_reason, held(context).abs().to_string(),
                  context.instrument(instrument_).symbol));
  if (flat_order_ != order.intent.client_order_id) return;
  is_flat_refused_ = true;
  is_auction_refused_ |= order.intent.time_in_force == trading::TimeInForce::Cls;
}

/// Whether what comes next must wait: a cancel was refused, or an exit ended that we had not
/// cancelled. Whoever took it away, an operator or the desk, may be about to send another.
bool SmaCross::needs_pause(const trading::Order& order, trading::OrderUpdateKind kind) const {
  if (kind == trading::OrderUpdateKind::CancelRejected) return true;
  if (order.is_open() || order.state == trading::OrderState::Filled) return false;
  const bool is_ours = is_leaving_ && order.state == trading::OrderState::Cancelled &&
                       flat_order_ != order.intent.client_order_id;
  return order.intent.purpose == trading::Purpose::Exit && !is_ours;
}

/// Orders that the engine did not send itself are followed as well, so that nothing is sold twice.
void SmaCross::follow(const trading::Order& order) {
  const core::ClientOrderId& id = order.intent.client_order_id;
  const auto known = std::find_if(open_orders_.begin(), open_orders_.end(),
                                  [&](const OpenOrder& open) { return open.id == id; });
  if (!order.is_open()) {
    if (known != open_orders_.end()) open_orders_.erase(known);
  } else if (known == open_orders_.end()) {
    open_orders_.push_back({id, order.intent.purpose});
  }
}

void SmaCross::on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) {
  if (topic == kEntryLifetime && context.now() >= entry_until_) cancel_old_entry(context);
  if (topic == kFlat) is_leaving_ = true;
  settle(context);
}

/// An entry that fills already is left to fill: its exits live with what it has.
void SmaCross::cancel_old_entry(kernel::EngineContext& context) {
  if (const OpenOrder* entry = open_entry())
    context.cancel(entry->id, core::Code{"ENTRY_TOO_OLD"}, inputs());
}

const SmaCross::OpenOrder* SmaCross::open_entry() const {
  const auto entry = std::find_if(open_orders_.begin(), open_orders_.end(), [](const auto& order) {
    return order.purpose == trading::Purpose::Entry;
  });
  return entry == open_orders_.end() ? nullptr : &*entry;
}

/// All but the one that makes the position flat. Asking twice does nothing.
void SmaCross::cancel_all(kernel::EngineContext& context, const core::Code& reason) {
  const auto orders = open_orders_;  // A copy: an answer may change the list.
  for (const OpenOrder& order : orders)
    if (flat_order_ != order.id) context.cancel(order.id, reason, inputs());
}

/// Sees to a position: that it is left where its time has come, and that it is protected while no
/// order of ours may fill.
void SmaCross::settle(kernel::EngineContext& context) {
  const core::Quantity position = held(context);
  if (position.is_zero()) retry_pause_.reset();  // What was refused for it is no reason any more.
  if (retry_pause_.is_under_way(context.now())) {
    // A position that cannot be left now keeps its target and stop until the next try.
    if (is_flat_refused_ && !position.is_zero() && open_orders_.empty()) {
      is_flat_refused_ = false;
      protect(context, position);
    }
    return;
  }
  if (is_leaving_) cancel_all(context, core::Code{"FLAT_BY_CLOSE"});
  if (position.is_zero() || !open_orders_.empty()) return;
  if (is_leaving_) {
    leave(context, position);
  } else {
    protect(context, position);
  }
}

/// Where the market has passed a level already, there is nothing to wait for.
void SmaCross::protect(kernel::EngineContext& context, core::Quantity position) {
  const auto sent =
      context.submit_group(exits_of(position, instrument_, levels(context), settings_), inputs());
  if (const auto* ids = std::get_if<trading::GroupIds>(&sent)) return remember(*ids);
  const auto& refused = std::get<trading::Refused>(sent);
  if (refused.code != core::Code{"BRACKET_SIDE"}) return warn_of_refusal(context, refused);
  send_exit(context, market_exit_of(position, instrument_, "LEVEL_PASSED"));
}

void SmaCross::leave(kernel::EngineContext& context, core::Quantity position) {
  const FlatBy flat_by = is_auction_refused_ ? FlatBy::Market : settings_.flat_by;
  flat_order_ = send_exit(context, flat_order_of(position, instrument_, flat_by));
}

std::optional<core::ClientOrderId> SmaCross::send_exit(kernel::EngineContext& context,
                                                       const trading::OrderRequest& request) {
  const auto sent = context.submit(request, inputs());
  if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) {
    open_orders_.push_back({*id, trading::Purpose::Exit});
    return *id;
  }
  warn_of_refusal(context, std::get<trading::Refused>(sent));
  return std::nullopt;
}

void SmaCross::warn_of_refusal(kernel::EngineContext& context, const trading::Refused& refused) {
  context.warn(
      core::Code{"EXIT_REFUSED"},
      fmt::format("the risk manager refuses an exit of {} {}: {}", held(context).abs().to_string(),
                  context.instrument(instrument_).symbol, refused.code));
  pause_retries(context);
}

void SmaCross::pause_retries(kernel::EngineContext& context) {
  context.set_timer(retry_pause_.begin(context.now()), kRetry);
}

/// The levels move with the price that was paid where those of the entry no longer hold.
Levels SmaCross::levels(const kernel::EngineContext& context) const {
  if (levels_) return *levels_;
  const market::Instrument& instrument = context.instrument(instrument_);
  const trading::Position* position = context.position(instrument_);
  const auto side = position->quantity.is_positive() ? trading::Side::Buy : trading::Side::Sell;
  return levels_of(side, *position->average_price(instrument.multiplier), instrument.tick,
                   settings_);
}

/// A split moves every price by its ratio: the old closes and levels mean nothing any more.
void SmaCross::on_corporate_action(kernel::EngineContext&, const market::CorporateAction& action) {
  if (action.kind != market::CorporateActionKind::Split) return;
  levels_.reset();
  crossing_.clear();
}

core::Quantity SmaCross::held(const kernel::EngineContext& context) const {
  const trading::Position* position = context.position(instrument_);
  return position == nullptr ? core::Quantity{} : position->quantity;
}

kernel::Inputs SmaCross::inputs() const {
  if (!crossing_.is_ready()) return {{"close", close_.to_string()}};
  return {{"close", close_.to_string()},
          {"fast", crossing_.fast().average().to_string()},
          {"slow", crossing_.slow().average().to_string()}};
}

}  // namespace st0ck::engines::sma_cross
