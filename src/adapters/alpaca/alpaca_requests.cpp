#include "st0ck/adapters/alpaca/alpaca_broker.hpp"
#include "st0ck/adapters/alpaca/alpaca_rules.hpp"
#include "st0ck/adapters/alpaca/order_bodies.hpp"
#include "st0ck/adapters/alpaca/refusal_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

// Orders on their way: what is sent, and what its answer means.

namespace st0ck::alpaca {

using trading::OrderIntent;
using trading::OrderUpdateKind;
using Fate = ApiAnswer::Fate;

namespace {

constexpr std::size_t kReplacesRemembered = 8;

constexpr std::string_view kNotSent = "NOT_SENT";
constexpr std::string_view kIdTaken = "ID_TAKEN";

net::HttpPriority priority_of(trading::Purpose purpose) {
  return purpose == trading::Purpose::Exit ? net::HttpPriority::Exit : net::HttpPriority::Entry;
}

}  // namespace

void AlpacaBroker::submit(const trading::Approved<OrderIntent>& intent) {
  const Id& id = intent->client_order_id;
  if (is_under_way(id)) return;  // What it is sent again for, its answer will tell.
  if (intent->legs.size() != 1) return tell(id, OrderUpdateKind::Rejected, "LEGS_UNSUPPORTED");
  const NewOrder body = new_order(*intent, parts_.instruments[intent->leg().instrument]);
  if (const auto refusal = local_refusal(body, parts_.clock.now(), settings_.rules)) {
    log_refusal(id, refusal->code, refusal->message);
    return tell_refused_here(id, refusal->code.view());
  }
  tracker_.take_in(*intent).was_sent_alone = true;
  send_order(body, intent->purpose, {id});
}

void AlpacaBroker::submit_group(std::span<const trading::Approved<OrderIntent>> group) {
  std::vector<OrderIntent> intents;
  for (const auto& intent : group) intents.push_back(*intent);
  const auto refuse_all = [&](std::string_view code, std::string_view message) {
    for (const OrderIntent& intent : intents) {
      log_refusal(intent.client_order_id, core::Code{code}, message);
      tell_refused_here(intent.client_order_id, code);
    }
  };
  const GroupMembers members = members_of(intents);
  if (const auto defect = defect_of(members))
    return refuse_all(*defect, "the venue does not take such a group as one order");
  const OrderIntent& parent = members.parent();
  if (is_under_way(parent.client_order_id)) return;
  const NewOrder body = new_order(members, parts_.instruments[parent.leg().instrument]);
  if (const auto refusal = local_refusal(body, parts_.clock.now(), settings_.rules))
    return refuse_all(refusal->code.view(), refusal->message);

  Ids ids{parent.client_order_id};
  TrackedOrder& of_parent = tracker_.take_in(parent);
  for (const OrderIntent* exit : {members.target, members.stop}) {
    if (exit == nullptr || exit == &parent) continue;
    tracker_.link(of_parent, tracker_.take_in(*exit), exit->group.role, members.entry == nullptr);
    ids.push_back(exit->client_order_id);
  }
  send_order(body, parent.purpose, std::move(ids));
}

/// `ids`: the order's own first, then the exits that the venue makes of it.
void AlpacaBroker::send_order(const NewOrder& body, trading::Purpose purpose, Ids ids) {
  for (const Id& id : ids) tracker_.find(id)->is_submitting = true;
  api_.send_order(
      body, priority_of(purpose),
      [this, ids = std::move(ids)](const ApiAnswer& answer) { on_submitted(ids, answer); });
}

void AlpacaBroker::on_submitted(const Ids& ids, const ApiAnswer& answer) {
  for (const Id& id : ids)
    if (TrackedOrder* order = tracker_.find(id)) order->is_submitting = false;
  switch (answer.fate) {
    case Fate::Done: take_reply(ids, answer); break;
    case Fate::Refused: refuse_order(ids, answer); break;
    case Fate::NotSent:
      parts_.log.warn("ORDER_NOT_SENT", answer.message, {{"order", ids.front()}});
      // Of one that the venue has, a second sending that never left says nothing.
      for (const Id& id : ids)
        if (TrackedOrder* order = tracker_.find(id); order != nullptr && !order->is_known_there())
          reject_unless_it_may_arrive(*order, core::Code{kNotSent});
      break;
    case Fate::Unknown:
      parts_.log.warn("ORDER_NOT_ANSWERED", answer.message, {{"order", ids.front()}});
      for (const Id& id : ids) {
        unproven_.note(id);
        // The stream may have been faster: then nothing is unknown.
        const TrackedOrder* order = tracker_.find(id);
        if (order != nullptr && !order->is_known_there())
          tell(id, OrderUpdateKind::TimedOut, "NO_ANSWER");
      }
      break;
  }
  for (const Id& id : ids) go_on_with_cancel(id);
}

/// A 2xx means that the venue has the order. What it says of it is read with care.
void AlpacaBroker::take_reply(const Ids& ids, const ApiAnswer& answer) {
  auto reply = read_order(answer.body);
  TrackedOrder* parent = tracker_.find(ids.front());
  if (reply && parent != nullptr) {
    tracker_.apply_reply(*parent, std::move(*reply));
  } else if (!reply) {
    parts_.log.warn("ORDER_ANSWER_UNREADABLE", reply.error().message, {{"order", ids.front()}});
  }
  for (const Id& id : ids) {
    TrackedOrder* order = tracker_.find(id);
    if (order == nullptr || order->is_accepted || order->is_ended) continue;
    order->is_accepted = true;  // Its id comes with the first look-up.
    tell(id, OrderUpdateKind::Accepted, "");
  }
}

void AlpacaBroker::refuse_order(const Ids& ids, const ApiAnswer& answer) {
  const bool is_duplicate = is_duplicate_id(answer.error);
  const core::Code code = is_duplicate ? core::Code{"DUPLICATE_ORDER"} : refusal_code(answer.error);
  for (const Id& id : ids) {
    log_refusal(id, code, answer.message);
    TrackedOrder* order = tracker_.find(id);
    if (order == nullptr) continue;
    if (is_duplicate && order->is_id_taken)
      tracker_.reject(*order, core::Code{kIdTaken});
    else if (is_duplicate)
      tell(id, OrderUpdateKind::DuplicateId, code.view());
    else if (!order->is_known_there())
      reject_unless_it_may_arrive(*order, code);
  }
}

bool AlpacaBroker::is_under_way(const Id& id) {
  const TrackedOrder* order = tracker_.find(id);
  return order != nullptr && order->is_submitting;
}

/// That this sending made no order says nothing of one before it that was not answered.
void AlpacaBroker::reject_unless_it_may_arrive(TrackedOrder& order, const core::Code& code) {
  if (unproven_.may_arrive(order.id))
    tracker_.refuse(order, OrderUpdateKind::TimedOut, code);
  else
    tracker_.reject(order, code);
}

/// The same of one that did not even leave.
void AlpacaBroker::tell_refused_here(const Id& id, std::string_view code) {
  tell(id, unproven_.may_arrive(id) ? OrderUpdateKind::TimedOut : OrderUpdateKind::Rejected, code);
}

void AlpacaBroker::cancel(const Id& id) { send_cancel(id, true); }

/// `may_ask`: the venue's id may be looked up first.
void AlpacaBroker::send_cancel(const Id& id, bool may_ask) {
  TrackedOrder* order = tracker_.find(id);
  if (order != nullptr && order->is_ended) return tracker_.tell_end_again(*order);
  if (order != nullptr) {
    order->is_cancel_wanted = true;
    order->is_cancel_wanted_again = order->is_cancelling;
    // It goes on when these are answered: before, nobody knows which order to cancel.
    if (order->is_submitting || order->is_replacing || order->is_cancelling) return;
    if (order->is_known_there()) return delete_order(*order);
  }
  if (!may_ask) return tell(id, OrderUpdateKind::CancelRejected, "NOT_FOUND");
  finder_.find(id, [this, id](Found found) {
    if (found == Found::Failed) return tell(id, OrderUpdateKind::TimedOut, "NOT_LOOKED_UP");
    send_cancel(id, false);
  });
}

void AlpacaBroker::delete_order(TrackedOrder& order) {
  order.is_cancelling = true;
  order.is_cancel_wanted_again = false;
  const std::string venue_id = order.chain.current().id;
  api_.cancel_order(venue_id, [this, id = order.id, venue_id](const ApiAnswer& answer) {
    on_cancel_answer(id, venue_id, answer);
  });
}

void AlpacaBroker::on_cancel_answer(const Id& id, const std::string& venue_id,
                                    const ApiAnswer& answer) {
  TrackedOrder* order = tracker_.find(id);
  if (order == nullptr || !order->is_known_there()) return;
  order->is_cancelling = false;
  if (order->is_ended) return;
  switch (answer.fate) {
    case Fate::Done:
      // That it is cancelled the stream will tell; unless another order stands for it since, or it
      // was refused by the stream before this answer came.
      if (order->chain.current().id != venue_id || order->is_cancel_wanted_again)
        return delete_order(*order);
      return check_cancel_later(*order);
    case Fate::NotSent: return tell(id, OrderUpdateKind::CancelRejected, kNotSent);
    case Fate::Unknown:
      parts_.log.warn("CANCEL_NOT_ANSWERED", answer.message, {{"order", id}});
      return tell(id, OrderUpdateKind::TimedOut, "NO_ANSWER");
    case Fate::Refused: break;
  }
  const core::Code code = refusal_code(answer.error);
  log_refusal(id, code, answer.message);
  const bool may_have_ended = answer.error.http_status == 404 || answer.error.http_status == 422;
  if (!may_have_ended) return tell(id, OrderUpdateKind::CancelRejected, code.view());
  finder_.find(id, [this, id, venue_id, code](Found) { on_cancel_checked(id, venue_id, code); });
}

void AlpacaBroker::check_cancel_later(TrackedOrder& order) {
  order.cancel_answered = parts_.scheduler.elapsed();
  parts_.scheduler.call_after(settings_.cancel_check,
                              guard_.wrap([this, id = order.id] { check_cancel(id); }));
}

/// The stream may have lost what became of it.
void AlpacaBroker::check_cancel(const Id& id) {
  const auto waits = [this](const TrackedOrder* order) {
    return order != nullptr && order->is_known_there() && !order->is_ended &&
           order->is_cancel_wanted && !order->is_cancelling &&
           parts_.scheduler.elapsed() - order->cancel_answered >= settings_.cancel_check;
  };
  if (!waits(tracker_.find(id))) return;
  finder_.find(id, [this, id, waits](Found found) {
    TrackedOrder* order = tracker_.find(id);
    if (!waits(order)) return;
    const OrderChain::Member& current = order->chain.current();
    if (found == Found::Failed || current.status == OrderStatus::PendingCancel)
      return check_cancel_later(*order);
    on_cancel_checked(id, current.id, core::Code{"NOT_CANCELLED"});
  });
}

/// An order that cannot be cancelled has mostly ended, which was told by now.
void AlpacaBroker::on_cancel_checked(const Id& id, const std::string& venue_id,
                                     const core::Code& code) {
  TrackedOrder* order = tracker_.find(id);
  if (order == nullptr || !order->is_known_there()) return;
  if (order->is_ended || order->is_cancelling) return;
  const OrderChain::Member& current = order->chain.current();
  if (current.status == OrderStatus::PendingCancel) return;
  if (current.id != venue_id) return delete_order(*order);
  tell(id, OrderUpdateKind::CancelRejected, code.view());
}

void AlpacaBroker::go_on_with_cancel(const Id& id) {
  const TrackedOrder* order = tracker_.find(id);
  if (order != nullptr && order->is_cancel_wanted && !order->is_ended) send_cancel(id, true);
}

void AlpacaBroker::replace(const trading::Approved<trading::ReplaceIntent>& replace) {
  send_replace(replace->client_order_id, replace->terms, true);
}

void AlpacaBroker::send_replace(const Id& id, const trading::OrderTerms& terms, bool may_ask) {
  TrackedOrder* order = tracker_.find(id);
  const auto reject = [&](std::string_view code) {
    tell(id, OrderUpdateKind::ReplaceRejected, code);
  };
  if (order == nullptr || !order->is_known_there()) {
    if (!may_ask || (order != nullptr && order->is_ended)) return reject("NOT_FOUND");
    return finder_.find(id, [this, id, terms](Found) { send_replace(id, terms, false); });
  }
  if (order->is_ended) return reject("ALREADY_FINAL");
  if (order->is_cancel_wanted) return reject("PENDING_CANCEL");
  if (order->is_replacing || order->pending) return reject("PENDING_REPLACE");
  if (terms.quantity <= order->told.quantity) return reject("QUANTITY_FILLED");
  patch_order(*order, terms);
}

void AlpacaBroker::patch_order(TrackedOrder& order, const trading::OrderTerms& terms) {
  auto body =
      replace_order(order.chain.current().terms, terms, order.chain.quantity_before_current());
  if (!body) return tracker_.confirm_terms(order, terms);
  if (const auto refusal = local_refusal(*body)) {
    log_refusal(order.id, refusal->code, refusal->message);
    return tracker_.refuse(order, OrderUpdateKind::ReplaceRejected, refusal->code);
  }
  const int number = ++order.replaces_asked;
  body->client_order_id = chained_id(order.id, number);
  order.pending = TrackedOrder::Replace{number, terms};
  order.replaces.push_back(*order.pending);
  if (order.replaces.size() > kReplacesRemembered) order.replaces.pop_front();
  order.is_replacing = true;
  api_.replace_order(
      order.chain.current().id, *body, priority_of(order.purpose),
      [this, id = order.id](const ApiAnswer& answer) { on_replace_answer(id, answer); });
}

void AlpacaBroker::on_replace_answer(const Id& id, const ApiAnswer& answer) {
  TrackedOrder* order = tracker_.find(id);
  if (order == nullptr) return;
  order->is_replacing = false;
  if (answer.fate == Fate::Done) {
    auto reply = read_order(answer.body);
    if (reply) {
      tracker_.apply_replacement(*order, std::move(*reply));
    } else {
      parts_.log.warn("ORDER_ANSWER_UNREADABLE", reply.error().message, {{"order", id}});
      finder_.find(id, [](Found) {});
    }
  } else if (answer.fate == Fate::Unknown) {
    parts_.log.warn("REPLACE_NOT_ANSWERED", answer.message, {{"order", id}});
    if (order->pending) tell(id, OrderUpdateKind::TimedOut, "NO_ANSWER");
  } else {
    const core::Code code =
        answer.fate == Fate::NotSent ? core::Code{kNotSent} : refusal_code(answer.error);
    log_refusal(id, code, answer.message);
    tracker_.refuse_replace(*order, code);
    // What cannot be replaced has mostly ended.
    if (answer.fate == Fate::Refused) finder_.find(id, [](Found) {});
  }
  go_on_with_cancel(id);
}

void AlpacaBroker::look_up(const Id& id) {
  const TrackedOrder* order = tracker_.find(id);
  // The answer to its request comes first.
  if (order != nullptr && order->is_submitting) return;
  const bool is_new_here = order == nullptr;
  if (is_new_here || !order->has_terms) tracker_.note_earlier(id);
  // It may be there, whatever a second sending of it meets before this is answered.
  if (is_new_here && !unproven_.may_arrive(id)) unproven_.note(id);
  const Asked asked{id, is_new_here};
  if (finder_.is_searching(id)) return finder_.find(id, answering(asked));
  if (++looked_up_now_ == 1)
    parts_.scheduler.call_after({}, guard_.wrap([this] { look_up_listed(); }));
  if (looked_up_now_ < settings_.look_ups_listed_from) return finder_.find(id, answering(asked));
  asked_.push_back(asked);
}

OrderFinder::Done AlpacaBroker::answering(const Asked& asked) {
  return [this, asked](Found found) { on_looked_up(asked.id, asked.is_new_here, found); };
}

/// After a restart every order is asked for at once; one by one they would use up the limit of
/// requests.
void AlpacaBroker::look_up_listed() {
  looked_up_now_ = 0;
  if (asked_.empty()) return;
  OrdersQuery query;
  query.status = OrderFilter::All;
  query.after = parts_.clock.now() - settings_.poll_reach;
  list_orders(
      api_, query, settings_.pages,
      [this, all = std::exchange(asked_, {})](const core::Result<std::vector<Order>>& listed) {
        for (const Asked& asked : all)
          if (listed)
            finder_.find_in(*listed, asked.id, answering(asked));
          else
            finder_.find(asked.id, answering(asked));
      });
}

void AlpacaBroker::on_looked_up(const Id& id, bool is_new_here, Found found) {
  TrackedOrder* order = tracker_.find(id);
  const bool is_none =
      order != nullptr && order->is_id_taken && !order->is_submitting && !order->is_known_there();
  if (is_none && order->is_ended) return;
  if (is_none) return tracker_.reject(*order, core::Code{kIdTaken});
  if (found == Found::Failed) return;
  if (order != nullptr && order->is_known_there()) {
    unproven_.note_known(id);
    return tracker_.answer(*order, is_new_here);
  }
  if (order != nullptr && order->is_submitting) return;  // Sent again meanwhile.
  if (order != nullptr) tracker_.lose(*order);
  if (is_new_here)
    unproven_.note(id);  // A program before this one may have sent it just now.
  else
    unproven_.note_absent(id);
  tell(id, OrderUpdateKind::ProvenAbsent, "NOT_FOUND");
}

/// Says something of an order, with what is known of its fills.
void AlpacaBroker::tell(const Id& id, OrderUpdateKind kind, std::string_view code) {
  if (TrackedOrder* order = tracker_.find(id))
    return tracker_.refuse(*order, kind, core::Code{code});
  trading::OrderUpdate update;
  update.client_order_id = id;
  update.kind = kind;
  update.time = parts_.clock.now();
  update.reason = core::Code{code};
  parts_.updates.on_order_update(update);
}

void AlpacaBroker::log_refusal(const Id& id, const core::Code& code,
                               std::string_view message) const {
  parts_.log.warn("ORDER_REFUSED", message, {{"order", id}, {"code", code}});
}

}  // namespace st0ck::alpaca
