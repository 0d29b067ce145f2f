#pragma once

#include "adapters/alpaca/memory_exchange.hpp"
#include "st0ck/adapters/alpaca/alpaca_broker.hpp"
#include "st0ck/net/memory_http_transport.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca::test {

using namespace std::chrono_literals;

/// Wall time that goes with a scheduler: 09:30 in New York when that begins.
class ScheduledClock final : public core::Clock {
 public:
  explicit ScheduledClock(const net::Scheduler& scheduler) : scheduler_{scheduler} {}
  core::Timestamp now() const override { return start_ + scheduler_.elapsed(); }

 private:
  const net::Scheduler& scheduler_;
  core::Timestamp start_ = st0ck::test::utc("2026-03-02T14:30:00Z");
};

/// Keeps every update as it came.
class Updates final : public trading::OrderUpdateSink {
 public:
  void on_order_update(const trading::OrderUpdate& update) override { all.push_back(update); }

  std::vector<trading::OrderUpdate> all;
};

/// The broker, the exchange in memory, and all that lies between them, in simulated time.
class BrokerStage {
 public:
  explicit BrokerStage(core::Logger log) : log_{log} {
    market::Instrument spy;
    spy.symbol = core::Symbol{"SPY"};
    instruments.define(spy);
    make_broker();
  }

  /// Another run of the program, which knows nothing of the one before.
  void restart() {
    broker.reset();
    make_broker();
    connect();
    updates.all.clear();
    heard_ = 0;
  }

  void connect() {
    broker->connect([this](core::Result<trading::AccountReport> result) {
      ++answers;
      report.emplace(std::move(result));
    });
    run(3s);
  }

  void run(core::Duration span = 3s) { scheduler.run_for(span); }

  trading::OrderIntent limit(trading::Side side, std::string_view id, std::int64_t count,
                             std::string_view price) const {
    return *st0ck::test::IntentBuilder{side, count}.id(id).limit(price);
  }
  void submit(const trading::OrderIntent& intent) {
    intents.insert_or_assign(intent.client_order_id, intent);
    broker->submit(st0ck::test::approved(intent));
  }
  void buy(std::string_view id, std::int64_t count, std::string_view price) {
    submit(limit(trading::Side::Buy, id, count, price));
  }
  void cancel(std::string_view id) { broker->cancel(core::ClientOrderId{id}); }
  void look_up(std::string_view id) { broker->look_up(core::ClientOrderId{id}); }
  void replace(std::string_view id, std::int64_t count, std::string_view price) {
    const trading::OrderIntent& intent = intents.at(core::ClientOrderId{id});
    trading::ReplaceIntent change{core::ClientOrderId{id}, intent.terms, core::Code{"TEST"}};
    change.terms.quantity = st0ck::test::shares(count);
    change.terms.limit = st0ck::test::price(price);
    broker->replace(st0ck::test::approved_replace(intent, change));
  }
  /// A bracket of 10 at 99, target 101, stop 98: `id`, `id-1`, `id-2`.
  void submit_bracket(std::string_view id) {
    std::vector<trading::Approved<trading::OrderIntent>> group;
    for (trading::OrderIntent& intent : bracket(id)) group.push_back(st0ck::test::approved(intent));
    broker->submit_group(group);
  }
  static std::vector<trading::OrderIntent> bracket(std::string_view id) {
    using st0ck::test::IntentBuilder;
    using trading::GroupRole;
    std::vector<trading::OrderIntent> group{
        IntentBuilder{trading::Side::Buy, 10}.id(id).limit("99.00"),
        IntentBuilder{trading::Side::Sell, 10}.id(fmt::format("{}-1", id)).limit("101.00").exit(),
        IntentBuilder{trading::Side::Sell, 10}.id(fmt::format("{}-2", id)).stop("98.00").exit()};
    const GroupRole roles[] = {GroupRole::Entry, GroupRole::Target, GroupRole::Stop};
    for (std::size_t i = 0; i < group.size(); ++i)
      group[i].group = {trading::GroupKind::Bracket, roles[i], core::ClientOrderId{id}};
    return group;
  }

  /// What was said since the last call: `a-x-1 fill 10 sum 10`, `a-x-1 rejected NOT_SENT`.
  std::vector<std::string> heard() {
    std::vector<std::string> lines;
    for (; heard_ < updates.all.size(); ++heard_) {
      const trading::OrderUpdate& update = updates.all[heard_];
      std::string line = fmt::format("{} {}", update.client_order_id, name_of(update.kind));
      if (update.kind == trading::OrderUpdateKind::Fill)
        line += fmt::format(" {} sum {}", update.quantity.to_string(),
                            update.cumulative_quantity.to_string());
      if (!update.reason.empty()) line += fmt::format(" {}", update.reason);
      lines.push_back(line);
    }
    return lines;
  }

  net::SimulatedScheduler scheduler;
  ScheduledClock clock{scheduler};
  MemoryExchange exchange{clock};
  net::MemoryHttpTransport http{
      scheduler, [this](const net::HttpRequest& request) { return exchange.serve(request); }};
  net::MemoryWebSocketTransport web_sockets{
      scheduler, [this](net::MemoryPeer peer) { exchange.serve_stream(std::move(peer)); }};
  net::RateLimiter limiter{scheduler, clock, {}};
  net::HttpPool pool{scheduler, http, {.name = "trading", .connections = 2, .kept_for_orders = 1}};
  net::HttpClient client{scheduler, clock, limiter, pool, net::RetrySettings{}, 1};
  net::SocketKeys keys{scheduler, 500ms};
  market::InstrumentTable instruments;
  Updates updates;
  AlpacaBrokerSettings settings{.endpoints = {"http://exchange", "ws://exchange/stream"}};
  std::map<core::ClientOrderId, trading::OrderIntent> intents;
  std::unique_ptr<AlpacaBroker> broker;
  std::optional<core::Result<trading::AccountReport>> report;
  int answers = 0;

  void make_broker() {
    broker = std::make_unique<AlpacaBroker>(AlpacaBroker::Parts{scheduler,
                                                                clock,
                                                                instruments,
                                                                updates,
                                                                client,
                                                                web_sockets,
                                                                keys,
                                                                log_,
                                                                credentials,
                                                                {core::BotId{"a"}}},
                                            settings);
  }

  Credentials credentials{"test", "secret"};

 private:
  core::Logger log_;
  std::size_t heard_ = 0;
};

}  // namespace st0ck::alpaca::test
