#include "st0ck/adapters/alpaca/alpaca_broker.hpp"

#include "st0ck/adapters/alpaca/account_reader.hpp"
#include "st0ck/adapters/alpaca/calendar_check.hpp"
#include "st0ck/adapters/alpaca/order_bodies.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

// Connecting, and asking for orders besides the stream. What is sent is in alpaca_requests.cpp.

namespace st0ck::alpaca {

AlpacaBroker::AlpacaBroker(Parts parts, const AlpacaBrokerSettings& settings)
    : parts_{std::move(parts)},
      settings_{settings},
      api_{parts_.http, settings.endpoints, parts_.credentials, settings.api},
      tracker_{{parts_.instruments, parts_.clock, parts_.updates, parts_.log, parts_.bots},
               settings.tracker},
      finder_{api_, tracker_, parts_.log, settings.chain_max},
      unproven_{parts_.clock} {}

AlpacaBroker::~AlpacaBroker() { disconnect(); }

trading::BrokerAbilities AlpacaBroker::abilities() const { return kBrokerAbilities; }

void AlpacaBroker::connect(Connected done) {
  if (connecting_)
    parts_.scheduler.call_after({}, guard_.wrap([done = std::exchange(connecting_, nullptr)] {
      done(core::fail(core::Errc::Interrupted, "connecting began anew"));
    }));
  disconnect();
  connecting_ = std::move(done);
  // The keys first: with wrong ones nothing else is asked.
  api_.account([this](const ApiAnswer& answer) {
    if (!answer.is_done()) return end_connect(tl::unexpected(answer.to_error()));
    start_stream();
  });
}

void AlpacaBroker::connect_blind() {
  disconnect();
  start_stream();
  poll();
}

void AlpacaBroker::note_earlier(const core::ClientOrderId& id) {
  tracker_.note_earlier(id);
  unproven_.note(id);
}

/// Before positions and orders are read, so that nothing happens unheard in between.
void AlpacaBroker::start_stream() {
  OrderStream::Listener listener;
  listener.on_live = [this] { on_stream_live(); };
  listener.on_update = [this](const TradeUpdate& update) {
    const bool is_known = tracker_.knows(update.order);
    tracker_.apply(update);
    if (!is_known) tell(Notice::ForeignOrder);
  };
  listener.on_gap = [this] { poll(); };
  listener.on_down = [this](const OrderStreamSession::End& end) { on_stream_down(end); };
  stream_ = std::make_unique<OrderStream>(
      OrderStream::Parts{parts_.scheduler, parts_.web_sockets, parts_.socket_keys, parts_.log},
      settings_.endpoints.stream, parts_.credentials, settings_.stream, parts_.seed,
      std::move(listener));
  stream_deadline_ = parts_.scheduler.call_after(settings_.stream_deadline, [this] {
    end_connect(tl::unexpected(core::Error{
        core::Errc::Broker,
        fmt::format("{}: the order stream is not up in time", settings_.endpoints.stream),
        core::Retry::Yes}));
  });
}

void AlpacaBroker::on_stream_live() {
  parts_.scheduler.cancel(stream_deadline_);
  if (!connecting_) {
    poll();
    return tell(Notice::Reconnected);
  }
  report_account([this](core::Result<trading::AccountReport> report) {
    if (!report) return end_connect(std::move(report));
    check_calendar(std::move(*report));
  });
}

void AlpacaBroker::on_stream_down(const OrderStreamSession::End& end) {
  // While it is away the orders are asked for more often.
  if (!connecting_) return poll_later();
  if (end.is_refused)
    end_connect(core::fail(core::Errc::Broker, "{}: {}", settings_.endpoints.stream, end.reason));
}

void AlpacaBroker::check_calendar(trading::AccountReport report) {
  // By the venue's time: at a simulated exchange ours may be another.
  const core::Date from = core::to_new_york(report.broker_time).date;
  const core::Date to = core::to_new_york(report.broker_time + settings_.calendar_span).date;
  api_.calendar({from, to}, [this, from, to, report = std::move(report)](const ApiAnswer& answer) {
    compare_calendar(answer, from, to);
    end_connect(report);
  });
}

/// A difference is for people to look at: one calendar is wrong, and ours decides.
void AlpacaBroker::compare_calendar(const ApiAnswer& answer, core::Date from, core::Date to) {
  calendar_differences_.clear();
  if (!answer.is_done()) return parts_.log.warn("CALENDAR_NOT_READ", answer.message);
  const auto days = read_calendar(answer.body);
  if (!days) return parts_.log.warn("CALENDAR_NOT_READ", days.error().message);
  auto differences = alpaca::calendar_differences(*days, from, to);
  if (!differences) return parts_.log.warn("CALENDAR_NOT_READ", differences.error().message);
  calendar_differences_ = std::move(*differences);
  for (const std::string& difference : calendar_differences_)
    parts_.log.warn("CALENDAR_DIFFERS", difference);
}

void AlpacaBroker::end_connect(core::Result<trading::AccountReport> result) {
  if (!connecting_) return;
  const Connected done = std::exchange(connecting_, nullptr);
  parts_.scheduler.cancel(stream_deadline_);
  if (result)
    poll();
  else
    disconnect();
  // Last: it may destroy this.
  done(std::move(result));
}

void AlpacaBroker::read_account(Connected done) {
  if (connecting_ || stream_ == nullptr) return report_account(std::move(done));
  // The orders first: what filled unheard would pass for somebody else's trade.
  readers_.push_back(std::move(done));
  poll();
}

void AlpacaBroker::report_account(Connected done) {
  read_account_report(
      api_, parts_.clock, settings_.pages,
      [this](const Order& order) { return tracker_.our_id_of(order); }, orders_since(),
      [this, done = std::move(done)](core::Result<trading::AccountReport> report) {
        if (report) tracker_.begin_at(report->broker_time);
        done(std::move(report));
      });
}

/// A list that failed may hide fills.
void AlpacaBroker::answer_readers(const core::Status& polled) {
  for (Connected& done : std::exchange(readers_, {})) {
    if (polled)
      report_account(std::move(done));
    else
      done(tl::unexpected<core::Error>(polled.error()));
  }
}

void AlpacaBroker::disconnect() {
  api_.drop();
  finder_.forget_searches();
  asked_.clear();
  stream_.reset();
  parts_.scheduler.cancel(stream_deadline_);
  parts_.scheduler.cancel(next_poll_);
  connecting_ = nullptr;
  readers_.clear();
  is_polling_ = false;
  tracker_.forget_requests();
}

void AlpacaBroker::poll_later() {
  parts_.scheduler.cancel(next_poll_);
  next_poll_ = parts_.scheduler.call_after(
      is_stream_live() ? settings_.poll_pause : settings_.poll_pause_blind, [this] { poll(); });
}

void AlpacaBroker::poll() {
  if (connecting_ || stream_ == nullptr) return;
  // What a gap hides may have come after the list was made: once more, then.
  is_poll_due_ = is_polling_;
  if (is_polling_) return;
  std::optional<core::Timestamp> oldest;
  for (const Id& id : tracker_.open_orders()) {
    const TrackedOrder& order = *tracker_.find(id);
    const core::Timestamp sent = order.is_known_there() && order.chain.current().is_seen
                                     ? std::min(order.sent, order.chain.current().submitted)
                                     : order.sent;
    if (order.may_fill()) oldest = std::min(oldest.value_or(sent), sent);
  }
  if (!oldest) {
    poll_later();
    return answer_readers({});
  }
  is_polling_ = true;
  OrdersQuery query;
  query.status = OrderFilter::All;
  query.after =
      std::max(*oldest, parts_.clock.now() - settings_.poll_reach) - settings_.poll_margin;
  list_orders(api_, query, settings_.pages,
              [this](const core::Result<std::vector<Order>>& listed) { on_poll(listed); });
}

void AlpacaBroker::on_poll(const core::Result<std::vector<Order>>& listed) {
  is_polling_ = false;
  if (listed) {
    for (const Order& order : *listed) tracker_.apply(order);
    look_up_unlisted(*listed);
  } else {
    parts_.log.warn("ORDERS_NOT_LISTED", listed.error().message);
  }
  if (std::exchange(is_poll_due_, false)) return poll();
  poll_later();
  answer_readers(listed ? core::Status{} : tl::unexpected<core::Error>(listed.error()));
}

/// Open orders that the list did not tell of, such as those of last week, and those whose
/// replacement has to be asked for by its own id. In rounds, so that each gets its turn.
void AlpacaBroker::look_up_unlisted(const std::vector<Order>& listed) {
  std::set<std::string_view> ids;
  for (const Order& order : listed) {
    ids.insert(order.id);
    for (const Order& leg : order.legs) ids.insert(leg.id);
  }
  Ids unlisted;
  for (const Id& id : tracker_.open_orders()) {
    const TrackedOrder& order = *tracker_.find(id);
    const bool is_listed = order.is_known_there() && ids.contains(order.chain.current().id) &&
                           order.chain.current().status != OrderStatus::Replaced;
    const bool is_busy = order.is_submitting || order.is_replacing;
    if (order.may_fill() && !is_busy && (!is_listed || order.pending)) unlisted.push_back(id);
  }
  const auto first = std::upper_bound(unlisted.begin(), unlisted.end(), looked_up_last_);
  std::rotate(unlisted.begin(), first, unlisted.end());
  unlisted.resize(std::min(unlisted.size(), settings_.poll_look_ups_max));
  for (const Id& id : unlisted) finder_.find(id, [](Found) {});
  if (!unlisted.empty()) looked_up_last_ = unlisted.back();
}

}  // namespace st0ck::alpaca
