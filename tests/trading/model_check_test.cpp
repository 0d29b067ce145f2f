#include "desk_stage.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

// All interleavings of a small broker, up to a depth: a bracket whose entry and exits are accepted,
// rejected, filled whole and in part, cancelled, replaced and left unanswered, while the market
// touches stop and target, the bot cancels and an operator closes. Every state is reached again
// from its list of actions, which is also what a restart does. ST0CK_MODEL_DEPTH goes deeper.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using test::price;
using test::shares;

enum class Act : std::uint8_t {
  Accept,
  Reject,
  FillPart,
  FillRest,
  ConfirmCancel,
  RefuseCancel,
  TimeOut,
  Lose,
  ConfirmReplace,
  ToStop,
  ToTarget,
  ToMiddle,
  PassSecond,
  CancelEntry,
  Close,
};

struct Action {
  Act act;
  std::size_t order = 0;  ///< The broker's number, where one is meant.
};

using Actions = std::vector<Action>;

/// A desk with its bracket, brought somewhere by actions.
class World {
 public:
  explicit World(const Actions& actions) {
    stage.broker.accepts_at_once = false;
    ids_ = stage.send(stage.bracket(2));
    for (const Action& action : actions) take(action);
  }

  void take(const Action& action) {
    test::ScriptedBroker& broker = stage.broker;
    const std::size_t n = action.order;
    switch (action.act) {
      case Act::Accept: broker.accept(n); break;
      case Act::Reject: broker.reject(n, "NO"); break;
      case Act::FillPart: broker.fill(n, price("100.00"), shares(1)); break;
      case Act::FillRest: broker.fill(n, price("100.00")); break;
      case Act::ConfirmCancel: broker.confirm_cancel(n); break;
      case Act::RefuseCancel: broker.refuse_cancel(n); break;
      case Act::TimeOut: broker.time_out(n); break;
      case Act::Lose: broker.lose(n); break;
      case Act::ConfirmReplace: broker.confirm_replace(); break;
      case Act::ToStop: return stage.quote("98.90", "98.92");
      case Act::ToTarget: return stage.quote("101.00", "101.02");
      case Act::ToMiddle: return stage.quote("99.95", "99.97");
      case Act::PassSecond: return stage.pass(1s);
      case Act::CancelEntry: stage.desk.cancel(stage.bot, ids_.entry, core::Code{"BOT"}); break;
      case Act::Close:
        stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"OPERATOR"});
        break;
    }
    stage.settle();
  }

  /// What the broker and the market may do next.
  Actions next() const {
    Actions actions{
        {Act::ToStop}, {Act::ToTarget}, {Act::ToMiddle}, {Act::PassSecond}, {Act::Close}};
    for (std::size_t n = 0; n < stage.broker.orders().size(); ++n) add_answers(n, actions);
    if (stage.desk.orders().find(ids_.entry)->is_open()) actions.push_back({Act::CancelEntry});
    return actions;
  }

  /// Everything that decides what can come, as text.
  std::string key() const {
    std::string key;
    for (const auto& order : stage.broker.orders())
      key += fmt::format("{}:{}:{}:{}:{};", order.intent.client_order_id.view(),
                         order.intent.terms.quantity.to_string(), order.filled.to_string(),
                         order.is_live, order.cancels_asked);
    for (const Order* order : stage.desk.orders().open_orders())
      key += fmt::format("{}={}/{};", order->intent.client_order_id.view(), name_of(order->state),
                         order->exposed().to_string());
    const auto quote = stage.market.quote(stage.instruments.spy, stage.clock.now(), 1h).quote;
    key += fmt::format("{}|{}|{}|{}", quote.bid.to_string(), stage.desk.closings_under_way(),
                       stage.held().to_string(),
                       (stage.clock.now() - test::utc("2019-02-11T15:00:00Z")).count());
    return key;
  }

  /// The first rule of design section 5 that does not hold; empty when all do.
  std::string broken_rule() const {
    core::Quantity held;
    core::Quantity for_sale;
    std::set<std::string> seen;
    for (const auto& order : stage.broker.orders()) {
      const bool is_buy = order.intent.leg().side == Side::Buy;
      held += is_buy ? order.filled : -order.filled;
      if (!is_buy && order.is_live) for_sale += order.remaining();
      if (!seen.insert(order.intent.client_order_id.str()).second) return "an order was sent twice";
    }
    if (held != stage.held()) return "the position is not the sum of the fills";
    if (held.is_negative()) return "more was sold than was held";
    if (for_sale > held) return "more is for sale than is held";
    return {};
  }

  /// A broker that answers everything as it should, and a market at the stop: what is held must be
  /// sold within a minute, whatever came before.
  bool comes_to_rest() {
    for (int second = 0; second < 60; ++second) {
      for (std::size_t n = 0; n < stage.broker.orders().size(); ++n) answer_well(n);
      stage.quote("98.90", "98.92");
      if (stage.held().is_zero() && stage.desk.orders().open_orders().empty()) return true;
      stage.pass(1s);
    }
    return false;
  }

  DeskStage stage;

 private:
  OrderState state(std::size_t n) const {
    return stage.state(stage.broker.order(n).intent.client_order_id);
  }

  void add_answers(std::size_t n, Actions& actions) const {
    const auto& order = stage.broker.order(n);
    if (!order.is_live) return;
    const OrderState now = state(n);
    if (now == OrderState::Submitted || now == OrderState::Unknown) {
      actions.push_back({Act::Accept, n});
      actions.push_back({Act::Reject, n});
    }
    if (now == OrderState::Submitted || now == OrderState::PendingCancel)
      actions.push_back({Act::TimeOut, n});
    if (now == OrderState::Unknown && order.filled.is_zero()) actions.push_back({Act::Lose, n});
    if (order.remaining() > shares(1)) actions.push_back({Act::FillPart, n});
    actions.push_back({Act::FillRest, n});
    if (now == OrderState::PendingCancel) {
      actions.push_back({Act::ConfirmCancel, n});
      actions.push_back({Act::RefuseCancel, n});
    }
    if (now == OrderState::PendingReplace) actions.push_back({Act::ConfirmReplace, n});
  }

  void answer_well(std::size_t n) {
    const auto& order = stage.broker.order(n);
    const OrderState now = state(n);
    if (!order.is_live) {
      // A look-up tells how it ended, and what has filled cannot be changed any more.
      if (now == OrderState::Unknown) stage.broker.say(n, OrderUpdateKind::Cancelled);
      stage.broker.say(n, OrderUpdateKind::ReplaceRejected, "FILLED");
      stage.broker.say(n, OrderUpdateKind::CancelRejected, "FILLED");
    } else if (now == OrderState::Submitted || now == OrderState::Unknown) {
      stage.broker.accept(n);
    } else if (now == OrderState::PendingCancel) {
      stage.broker.confirm_cancel(n);
    } else if (now == OrderState::PendingReplace) {
      stage.broker.confirm_replace();
    } else if (order.intent.leg().side == Side::Sell && order.intent.type != OrderType::Limit) {
      stage.broker.fill(n, price("98.90"));
    } else if (order.intent.leg().side == Side::Buy) {
      stage.broker.confirm_cancel(n, "NO_LIQUIDITY");
    }
    stage.settle();
  }

  GroupIds ids_;
};

std::string text_of(const Actions& actions) {
  std::string text;
  for (const Action& action : actions)
    text += fmt::format("{}({}) ", static_cast<int>(action.act), action.order);
  return text;
}

TEST(ModelCheck, HoldsInEveryStateThatABrokerCanBringAbout) {
  const char* deeper = std::getenv("ST0CK_MODEL_DEPTH");
  const std::size_t depth = deeper != nullptr ? std::strtoul(deeper, nullptr, 10) : 7;
  std::unordered_set<std::string> seen;
  std::deque<Actions> ahead{{}};
  std::size_t visited = 0;

  while (!ahead.empty()) {
    const Actions actions = ahead.front();
    ahead.pop_front();
    const auto world = std::make_unique<World>(actions);
    if (!seen.insert(world->key()).second) continue;
    ++visited;
    ASSERT_EQ(world->broken_rule(), "") << text_of(actions);
    if (actions.size() < depth)
      for (const Action& action : world->next()) {
        ahead.push_back(actions);
        ahead.back().push_back(action);
      }
    ASSERT_TRUE(world->comes_to_rest()) << text_of(actions) << "\n" << world->key();
  }
  std::printf("%zu states, %zu actions deep\n", visited, depth);
}

}  // namespace
}  // namespace st0ck::trading
