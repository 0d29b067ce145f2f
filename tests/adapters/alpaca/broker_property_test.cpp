// Orders under random faults: whatever gets lost, doubled or late, in the end what was told is what
// is true, each execution was told once, and nothing was sent twice.

#include "adapters/alpaca/broker_stage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace st0ck::alpaca::test {
namespace {

using trading::OrderUpdateKind;

/// What a desk would know of an order.
struct Told {
  core::Quantity quantity;
  core::Money notional;
  bool is_unknown = false;
  bool is_ended = false;
};

/// Trades at random, and looks up what it does not know, as a desk does.
class Desk {
 public:
  explicit Desk(std::uint64_t seed, bool carries_fills) : random_{seed} {
    stage.exchange.settings.carries_fills = carries_fills;
    stage.connect();
    stage.http.set_fault_plan([this](const net::HttpRequest&) { return fault(); });
    stage.exchange.set_copies([this] { return copies(); });
  }

  void step(int what, int which) {
    const std::string id = fmt::format("a-x-{}", sent_ == 0 ? 1 : 1 + which % sent_);
    const std::string limit = fmt::format("{}.00", 95 + which % 10);
    if (what < 30) {
      stage.buy(fmt::format("a-x-{}", ++sent_), 1 + which % 20, limit);
    } else if (sent_ > 0 && what < 45) {
      stage.cancel(id);
    } else if (sent_ > 0 && what < 60) {
      stage.replace(id, 1 + which % 25, limit);
    } else if (what < 85) {
      stage.exchange.trade_at("SPY", core::Price::whole(94 + which % 12),
                              st0ck::test::shares(1 + which % 4));
    } else if (what < 90) {
      stage.exchange.break_streams();
    } else if (what < 95) {
      stage.run(1s);
    }
    stage.run(std::chrono::milliseconds{which * 7});
    look_up_unknown();
  }

  void settle() {
    is_calm_ = true;
    for (int i = 0; i < 10; ++i) {
      stage.run(15s);
      look_up_unknown();
    }
    stage.run(60s);
    hear();
  }

  void check() {
    for (int number = 1; number <= sent_; ++number) {
      const std::string id = fmt::format("a-x-{}", number);
      const Told& told = told_[id];
      RC_ASSERT(stage.exchange.times_sent(id) <= 1);
      core::Quantity quantity;
      core::Money notional;
      for (const MemoryExchange::Execution& execution : stage.exchange.executions()) {
        if (execution.root != id) continue;
        quantity += execution.quantity;
        notional += execution.notional;
      }
      RC_ASSERT(told.quantity == quantity);
      // Averages are rounded to 1e-9 a share.
      RC_ASSERT((told.notional - notional).abs() < st0ck::test::money("0.000001"));
      RC_ASSERT(!told.is_unknown);
      if (stage.exchange.find(id) == nullptr) continue;
      const OrderStatus status = stage.exchange.last_of(id).status;
      if (status != OrderStatus::Filled) RC_ASSERT(told.is_ended == is_final(status));
    }
  }

  core::NullLogSink sink;
  st0ck::test::HandClock log_clock{core::Timestamp{}};
  BrokerStage stage{core::Logger{sink, log_clock}};

 private:
  net::HttpFault fault() {
    using Kind = net::HttpFault::Kind;
    if (is_calm_) return {};
    switch (random_() % 16) {
      case 0: return {.kind = Kind::LostRequest};
      case 1: return {.kind = Kind::LostAnswer};
      case 2: return {.kind = Kind::LateAnswer, .delay = 1500ms};
      case 3: return {.kind = Kind::FalseAnswer, .answer = {.status = 503}};
      case 4: return {.kind = Kind::Refused};
      case 5: return {.kind = Kind::TruncatedBody};
      default: return {};
    }
  }

  int copies() {
    if (is_calm_) return 1;
    const auto draw = random_() % 8;
    return draw == 0 ? 0 : draw == 1 ? 2 : 1;
  }

  void hear() {
    for (; heard_ < stage.updates.all.size(); ++heard_) {
      const trading::OrderUpdate& update = stage.updates.all[heard_];
      Told& told = told_[update.client_order_id.str()];
      RC_ASSERT(update.cumulative_quantity >= told.quantity);
      if (update.kind == OrderUpdateKind::Fill && !update.execution.empty())
        RC_ASSERT(executions_.insert(update.execution.str()).second);
      if (update.cumulative_quantity > told.quantity) {
        told.quantity = update.cumulative_quantity;
        told.notional = update.cumulative_notional;
      }
      note_state(told, update);
    }
  }

  static void note_state(Told& told, const trading::OrderUpdate& update) {
    switch (update.kind) {
      case OrderUpdateKind::TimedOut: told.is_unknown = !told.is_ended; break;
      case OrderUpdateKind::Rejected:
      case OrderUpdateKind::Cancelled:
      case OrderUpdateKind::Expired:
      case OrderUpdateKind::ProvenAbsent:
        told.is_ended = true;
        told.is_unknown = false;
        break;
      case OrderUpdateKind::CancelRejected: break;
      case OrderUpdateKind::Accepted: told.is_ended = false; [[fallthrough]];
      default: told.is_unknown = false; break;
    }
  }

  void look_up_unknown() {
    hear();
    for (const auto& [id, told] : told_)
      if (told.is_unknown) stage.look_up(id);
  }

  std::mt19937_64 random_;
  std::map<std::string, Told> told_;
  std::set<std::string> executions_;
  std::size_t heard_ = 0;
  int sent_ = 0;
  bool is_calm_ = false;
};

RC_GTEST_PROP(AlpacaBrokerProperty, TellsInTheEndWhatIsTrueUnderAnyFaults,
              (std::uint64_t seed, bool carries_fills)) {
  const auto steps = *rc::gen::container<std::vector<std::tuple<int, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 100), rc::gen::inRange(0, 100)));
  Desk desk{seed, carries_fills};

  for (const auto& [what, which] : steps) desk.step(what, which);
  desk.settle();

  desk.check();
}

}  // namespace
}  // namespace st0ck::alpaca::test
