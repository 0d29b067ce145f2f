#include "st0ck/adapters/sim/order_line.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>

namespace st0ck::adapters::sim {

namespace {

using trading::OrderUpdateKind;

constexpr core::Duration kLatencyMax = std::chrono::seconds{10};
constexpr core::Rate kLostMax = core::Rate::from_raw(core::Rate::kOne / 2);

core::Status check_duration(const char* key, core::Duration found, core::Duration low,
                            core::Duration high) {
  using std::chrono::duration_cast;
  using Milliseconds = std::chrono::milliseconds;
  if (low <= found && found <= high) return {};
  return core::fail(core::Errc::OutOfRange, "{}: found {} ms, allowed {} to {} ms", key,
                    duration_cast<Milliseconds>(found).count(),
                    duration_cast<Milliseconds>(low).count(),
                    duration_cast<Milliseconds>(high).count());
}

/// Whether an update answers a request; a fill and an end that nobody asked for do not.
bool is_answer(const trading::OrderUpdate& update) {
  switch (update.kind) {
    case OrderUpdateKind::Accepted:
    case OrderUpdateKind::Rejected:
    case OrderUpdateKind::Cancelled:
    case OrderUpdateKind::CancelRejected:
    case OrderUpdateKind::Replaced:
    case OrderUpdateKind::ReplaceRejected:
    case OrderUpdateKind::DuplicateId: return true;
    case OrderUpdateKind::Fill:
    case OrderUpdateKind::Expired:
    case OrderUpdateKind::TimedOut:
    case OrderUpdateKind::ProvenAbsent: return false;
  }
  return false;
}

}  // namespace

core::Status LineSettings::validate() const {
  if (auto status = check_duration("latency", latency, {}, kLatencyMax); !status) return status;
  if (auto status = check_duration("jitter", jitter, {}, kLatencyMax); !status) return status;
  if (auto status = check_duration("answer_timeout", answer_timeout, std::chrono::milliseconds{1},
                                   std::chrono::minutes{1});
      !status)
    return status;
  if (!lost.is_negative() && lost <= kLostMax) return {};
  return core::fail(core::Errc::OutOfRange, "lost: found {}, allowed 0 to {}", lost.to_string(),
                    kLostMax.to_string());
}

OrderLine::OrderLine(const core::Clock& clock, const LineSettings& settings,
                     trading::OrderUpdateSink& receiver)
    : clock_{clock},
      settings_{settings},
      receiver_{receiver},
      random_{Random::for_name(static_cast<std::uint64_t>(settings.seed), "order line")} {
  ST0CK_ASSERT(settings.validate().has_value(), "line settings are validated before use");
}

void OrderLine::submit(const Order& intent) { send(intent, {intent->client_order_id}); }

void OrderLine::submit_group(std::span<const Order> group) {
  Ids ids;
  for (const Order& intent : group) ids.push_back(intent->client_order_id);
  send(Group{group.begin(), group.end()}, ids);
}

void OrderLine::cancel(const core::ClientOrderId& order) { send(Cancel{order}, {order}); }

void OrderLine::replace(const trading::Approved<trading::ReplaceIntent>& replace) {
  std::erase(replaces_lost_, replace->client_order_id);
  send(replace, {replace->client_order_id});
}

/// A look-up takes its time like everything else, but the answer to it always comes.
void OrderLine::look_up(const core::ClientOrderId& order) {
  if (settings_.is_instant()) return exchange_->look_up(order);
  requests_.push_back(
      {arrival(requests_.empty() ? clock_.now() : requests_.back().due), LookUp{order}});
}

/// `orders`: those that are answered one by one.
void OrderLine::send(Request request, const Ids& orders) {
  if (settings_.is_instant()) return hand_over(request);
  if (is_lost()) {
    ++messages_lost_;
    for (const core::ClientOrderId& order : orders) time_out(order);
    const bool arrives = random_.below(2) == 0;
    const bool is_replace =
        std::holds_alternative<trading::Approved<trading::ReplaceIntent>>(request);
    if (!arrives && is_replace) replaces_lost_.push_back(orders.front());
    if (!arrives) return;
    answers_to_lose_.insert(answers_to_lose_.end(), orders.begin(), orders.end());
  }
  requests_.push_back(
      {arrival(requests_.empty() ? clock_.now() : requests_.back().due), std::move(request)});
}

void OrderLine::time_out(const core::ClientOrderId& order) {
  trading::OrderUpdate update;
  update.client_order_id = order;
  update.kind = OrderUpdateKind::TimedOut;
  update.reason = core::Code{"NO_ANSWER"};
  time_outs_.push_back({clock_.now() + settings_.answer_timeout, update});
}

bool OrderLine::is_lost() {
  return !settings_.lost.is_zero() && random_.below(core::Rate::kOne) < settings_.lost.raw();
}

/// Messages do not overtake each other.
core::Timestamp OrderLine::arrival(core::Timestamp no_earlier_than) {
  core::Duration way = settings_.latency;
  if (settings_.jitter > core::Duration{})
    way += core::Duration{random_.below(settings_.jitter.count() + 1)};
  return std::max(clock_.now() + way, no_earlier_than);
}

void OrderLine::on_order_update(const trading::OrderUpdate& update) {
  if (settings_.is_instant()) return receiver_.on_order_update(update);
  const auto lost =
      std::find(answers_to_lose_.begin(), answers_to_lose_.end(), update.client_order_id);
  if (lost != answers_to_lose_.end() && is_answer(update)) {
    answers_to_lose_.erase(lost);
    return;
  }
  updates_.push_back({arrival(updates_.empty() ? clock_.now() : updates_.back().due), update});
}

std::optional<core::Timestamp> OrderLine::next_due() const {
  std::optional<core::Timestamp> next;
  const auto consider = [&](const auto& queue) {
    if (!queue.empty() && (!next || queue.front().due < *next)) next = queue.front().due;
  };
  consider(requests_);
  consider(updates_);
  consider(time_outs_);
  return next;
}

void OrderLine::deliver_due() {
  const core::Timestamp now = clock_.now();
  const auto is_due = [&](const auto& queue) { return !queue.empty() && queue.front().due <= now; };
  while (is_due(requests_)) {
    const Request request = std::move(requests_.front().request);
    requests_.pop_front();
    hand_over(request);
  }
  while (is_due(updates_)) {
    receiver_.on_order_update(updates_.front().update);
    updates_.pop_front();
  }
  while (is_due(time_outs_)) {
    time_outs_.front().update.time = now;
    receiver_.on_order_update(time_outs_.front().update);
    time_outs_.pop_front();
  }
}

/// A change that never came there is none that is on its way.
void OrderLine::tell_lost_replace(const core::ClientOrderId& order) {
  if (std::erase(replaces_lost_, order) == 0) return;
  trading::OrderUpdate update;
  update.client_order_id = order;
  update.kind = OrderUpdateKind::ReplaceRejected;
  update.time = clock_.now();
  update.reason = core::Code{"NOT_REPLACED"};
  on_order_update(update);
}

void OrderLine::hand_over(const Request& request) {
  struct Visitor {
    trading::Broker& exchange;
    void operator()(const Order& order) const { exchange.submit(order); }
    void operator()(const Group& group) const { exchange.submit_group(group); }
    void operator()(const Cancel& cancel) const { exchange.cancel(cancel.order); }
    void operator()(const trading::Approved<trading::ReplaceIntent>& replace) const {
      exchange.replace(replace);
    }
    void operator()(const LookUp& look_up) const { exchange.look_up(look_up.order); }
  };
  if (const auto* look_up = std::get_if<LookUp>(&request)) tell_lost_replace(look_up->order);
  ST0CK_ASSERT(exchange_ != nullptr, "a line is connected before anything is sent");
  std::visit(Visitor{*exchange_}, request);
}

}  // namespace st0ck::adapters::sim
