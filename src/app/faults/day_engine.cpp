#include "src/app/faults/day_engine.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <variant>

namespace st0ck::app::faults {

namespace {

using core::Price;
using core::Quantity;
using trading::OrderType;
using trading::Side;

constexpr kernel::TimerTopic kFlat = 1;
constexpr kernel::TimerTopic kAct = 2;
constexpr core::Duration kQuoteAge = std::chrono::seconds{10};
const core::Code kEntry{"ENTRY"};
const core::Code kExit{"EXIT"};

constexpr int kActions = 9;
constexpr std::int64_t kNear = 12;  ///< Cents: within reach of a minute or two.
constexpr std::int64_t kFar = 60;

}  // namespace

DayEngine::DayEngine(const DayEngineSettings& settings)
    : settings_{settings}, random_{settings.seed} {}

std::vector<market::DataNeed> DayEngine::needs() const {
  std::vector<market::DataNeed> needs;
  needs.reserve(settings_.instruments.size());
  for (const core::InstrumentId instrument : settings_.instruments)
    needs.push_back({instrument, market::DataKind::Quotes, kQuoteAge});
  return needs;
}

void DayEngine::on_session_phase(kernel::EngineContext& context,
                                 const market::SessionPhase& phase) {
  if (phase.phase != market::Phase::Open) return;
  context.set_timer(settings_.flat_at, kFlat);
  if (settings_.acts_every > core::Duration{} && settings_.acts_one_in > 0)
    context.set_timer(context.now() + settings_.acts_every, kAct);
}

void DayEngine::on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) {
  if (topic == kAct) return act_by_clock(context);
  for (const core::InstrumentId instrument : settings_.instruments)
    context.close(instrument, core::Code{"FLAT_BY_CLOSE"});
}

/// Whether the market is heard or not: that nothing is entered blind is not the bot's business.
void DayEngine::act_by_clock(kernel::EngineContext& context) {
  if (context.now() >= settings_.entries_until) return;
  context.set_timer(context.now() + settings_.acts_every, kAct);
  if (price_.is_positive()) act(context, seen_, price_);
}

void DayEngine::on_quote(kernel::EngineContext& context, const market::Quote& quote) {
  seen_ = quote.instrument;
  price_ = quote.bid;
  if (settings_.acts_one_in > 0 && draw(settings_.acts_one_in))
    act(context, quote.instrument, quote.bid);
}

void DayEngine::on_order(kernel::EngineContext&, const kernel::OrderNews& news) {
  if (!news.order.is_open()) std::erase(open_, news.order.intent.client_order_id);
}

void DayEngine::act(kernel::EngineContext& context, core::InstrumentId instrument, Price price) {
  const trading::Position* position = context.position(instrument);
  const Quantity held = position == nullptr ? Quantity{} : position->quantity;
  const bool may_enter = context.now() < settings_.entries_until;
  switch (random_.below(kActions)) {
    case 0:
    case 1:
      if (may_enter) enter(context, instrument, price);
      return;
    case 2:
    case 3:
    case 4:
      if (may_enter) enter_group(context, instrument, price, held);
      return;
    case 5: return leave(context, instrument, price, held);
    case 6:
      if (may_enter) change(context, price);
      return;
    case 7: return take_back(context);
    default: return;
  }
}

Price DayEngine::beside(Price price, int direction, std::int64_t cents_max) {
  constexpr std::int64_t kCent = 10'000'000;
  const std::int64_t distance = (1 + random_.below(cents_max)) * kCent;
  return Price::from_raw(price.raw() / kCent * kCent + direction * distance);
}

trading::OrderRequest DayEngine::entry_of(core::InstrumentId instrument, Side side) {
  trading::OrderRequest request;
  request.instrument = instrument;
  request.side = side;
  request.terms.quantity = Quantity::whole(1 + random_.below(settings_.quantity_max));
  request.reason = kEntry;
  return request;
}

void DayEngine::choose_type(trading::OrderRequest& request, Price price) {
  using enum trading::TimeInForce;
  constexpr std::array kOfLimit{Day, Day, Gtc, Ioc, Fok};
  const int up = request.side == Side::Buy ? 1 : -1;
  request.type = static_cast<OrderType>(random_.below(5));
  request.time_in_force = draw(4) ? Gtc : Day;
  switch (request.type) {
    case OrderType::Market: request.time_in_force = Day; return;
    case OrderType::Limit:
      request.terms.limit = beside(price, draw(3) ? up : -up, kNear);
      request.time_in_force =
          kOfLimit[static_cast<std::size_t>(random_.below(std::int64_t{kOfLimit.size()}))];
      return;
    case OrderType::StopLimit:
      request.terms.stop = beside(price, up, kNear);
      request.terms.limit = beside(*request.terms.stop, up, kNear);
      return;
    case OrderType::Stop: request.terms.stop = beside(price, up, kNear); return;
    case OrderType::TrailingStop: request.terms.trail = beside(Price{}, 1, kNear); return;
  }
}

void DayEngine::enter(kernel::EngineContext& context, core::InstrumentId instrument, Price price) {
  trading::OrderRequest request = entry_of(instrument, draw(2) ? Side::Buy : Side::Sell);
  choose_type(request, price);
  submit(context, request);
}

trading::OrderRequest DayEngine::target_of(const trading::OrderRequest& entry, Price price) {
  trading::OrderRequest target = entry;
  target.side = trading::opposite(entry.side);
  target.purpose = trading::Purpose::Exit;
  target.type = OrderType::Limit;
  target.time_in_force = trading::TimeInForce::Gtc;
  target.terms = {};
  target.terms.quantity = entry.terms.quantity;
  target.terms.limit = beside(price, entry.side == Side::Buy ? 1 : -1, kFar);
  target.reason = kExit;
  return target;
}

trading::OrderRequest DayEngine::stop_of(const trading::OrderRequest& entry, Price price) {
  trading::OrderRequest stop = target_of(entry, price);
  stop.terms.limit.reset();
  stop.type = OrderType::Stop;
  stop.terms.stop = beside(price, entry.side == Side::Buy ? -1 : 1, kFar);
  return stop;
}

/// A one-cancels-other for what is held, else an entry with one or two exits.
void DayEngine::enter_group(kernel::EngineContext& context, core::InstrumentId instrument,
                            Price price, Quantity held) {
  const bool is_for_held = !held.is_zero() && draw(2);
  const Side side = is_for_held ? (held.is_positive() ? Side::Buy : Side::Sell)
                                : (draw(2) ? Side::Buy : Side::Sell);
  trading::OrderRequest entry = entry_of(instrument, side);
  if (is_for_held) entry.terms.quantity = held.abs();
  trading::GroupRequest request;
  if (!is_for_held) {
    if (draw(2)) {
      entry.type = OrderType::Limit;
      entry.terms.limit = beside(price, side == Side::Buy ? 1 : -1, draw(2) ? 2 : kNear);
    }
    // What lasts as long as its exits the broker may hold with them.
    if (draw(2)) entry.time_in_force = trading::TimeInForce::Gtc;
    request.entry = entry;
  }
  const Price around = entry.terms.limit.value_or(price);
  request.stop = stop_of(entry, around);
  const bool has_target = is_for_held || !draw(4);
  if (has_target) request.target = target_of(entry, around);
  request.kind = is_for_held  ? trading::GroupKind::OneCancelsOther
                 : has_target ? trading::GroupKind::Bracket
                              : trading::GroupKind::OneTriggersOther;
  const auto sent = context.submit_group(request);
  const auto* ids = std::get_if<trading::GroupIds>(&sent);
  if (ids != nullptr && !ids->entry.empty()) open_.push_back(ids->entry);
}

void DayEngine::submit(kernel::EngineContext& context, const trading::OrderRequest& request) {
  const auto sent = context.submit(request);
  if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) open_.push_back(*id);
}

void DayEngine::leave(kernel::EngineContext& context, core::InstrumentId instrument, Price price,
                      Quantity held) {
  if (held.is_zero()) return;
  if (draw(3)) return context.close(instrument, kExit);
  trading::OrderRequest request = entry_of(instrument, held.is_positive() ? Side::Sell : Side::Buy);
  request.purpose = trading::Purpose::Exit;
  request.terms.quantity = draw(2) ? held.abs() : std::min(request.terms.quantity, held.abs());
  request.reason = kExit;
  if (draw(2)) choose_type(request, price);
  submit(context, request);
}

void DayEngine::change(kernel::EngineContext& context, Price price) {
  if (open_.empty()) return;
  const auto place =
      static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(open_.size())));
  trading::ReplaceIntent intent;
  intent.client_order_id = open_[place];
  intent.terms.quantity = Quantity::whole(1 + random_.below(settings_.quantity_max));
  if (draw(2)) intent.terms.limit = beside(price, -1, kNear);
  if (draw(3)) intent.terms.stop = beside(price, -1, kNear);
  intent.reason = core::Code{"CHANGE"};
  static_cast<void>(context.replace(intent));
}

void DayEngine::take_back(kernel::EngineContext& context) {
  if (open_.empty()) return;
  const auto place =
      static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(open_.size())));
  static_cast<void>(context.cancel(open_[place], core::Code{"TAKEN_BACK"}));
}

}  // namespace st0ck::app::faults
