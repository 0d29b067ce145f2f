#include "desk_stage.hpp"
#include "support/effort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

// All interleavings of a small broker, up to a depth: a bracket whose entry and exits are accepted,
// rejected, lost, filled whole and in part, cancelled, replaced and left unanswered, kept by the
// desk or held by the broker, while the market touches stop and target, the bot cancels, moves its
// stop and sells past its own group, and an operator closes. Every state is reached again from its
// list of actions, which is also what a restart does. ST0CK_MODEL_DEPTH goes deeper.
namespace st0ck::trading {
namespace {

using namespace std::chrono_literals;
using core::Quantity;
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
  RefuseReplace,
  Drop,  ///< The broker ends an order that nobody wanted to end.
  ToStop,
  ToTarget,
  ToMiddle,
  PassSecond,
  CancelEntry,
  MoveStop,
  SellPast,  ///< An entry on the other side, by the same bot.
  Close,
};

struct Action {
  Act act;
  std::size_t order = 0;  ///< The broker's number, where one is meant.
};

using Actions = std::vector<Action>;

/// Where the actions begin, and what may happen there.
struct Scene {
  std::string_view name;
  BrokerAbilities abilities;
  Actions begun;          ///< Done already.
  bool is_netted;         ///< Whether the bot also trades against its group.
  std::size_t less_deep;  ///< How much less deep than others, as more can happen.
};

/// A desk with its bracket, brought somewhere by actions.
class World {
 public:
  World(const Scene& scene, const Actions& actions) : scene_{scene} {
    stage.broker.accepts_at_once = false;
    stage.broker.able_to = scene.abilities;
    ids_ = stage.send(stage.bracket(2));
    for (const Action& action : scene.begun) take(action);
    for (const Action& action : actions) take(action);
  }

  void take(const Action& action) {
    test::ScriptedBroker& broker = stage.broker;
    const std::size_t n = action.order;
    switch (action.act) {
      case Act::Accept: broker.accept(n); break;
      case Act::Reject: broker.reject(n, "NO"); break;
      case Act::FillPart: fill(n, shares(1)); break;
      case Act::FillRest: fill(n, fillable(n)); break;
      case Act::ConfirmCancel:
      case Act::Drop: broker.confirm_cancel(n); break;
      case Act::RefuseCancel: broker.refuse_cancel(n); break;
      case Act::TimeOut: broker.time_out(n); break;
      case Act::Lose: broker.lose(n); break;
      case Act::ConfirmReplace: broker.confirm_replace(n); break;
      case Act::RefuseReplace: broker.say(n, OrderUpdateKind::ReplaceRejected, "NO"); break;
      case Act::ToStop: return stage.quote("98.90", "98.92");
      case Act::ToTarget: return stage.quote("101.00", "101.02");
      case Act::ToMiddle: return stage.quote("99.95", "99.97");
      case Act::PassSecond: return stage.pass(1s);
      case Act::CancelEntry: stage.desk.cancel(stage.bot, ids_.entry, core::Code{"BOT"}); break;
      case Act::MoveStop: move_stop(); break;
      case Act::SellPast:
        short_ =
            stage.send(stage.request(Side::Sell, OrderType::Market, Purpose::Entry, 1, "SHORT"));
        has_sold_past_ = true;
        break;
      case Act::Close:
        stage.desk.close(stage.bot, stage.instruments.spy, core::Code{"OPERATOR"});
        is_closed_ = true;
        break;
    }
    stage.settle();
  }

  /// What the broker, the market, the bot and the operator may do next.
  Actions next() const {
    Actions actions{
        {Act::ToStop}, {Act::ToTarget}, {Act::ToMiddle}, {Act::PassSecond}, {Act::Close}};
    for (std::size_t n = 0; n < stage.broker.orders().size(); ++n) add_answers(n, actions);
    if (stage.desk.orders().find(ids_.entry)->is_open()) actions.push_back({Act::CancelEntry});
    if (scene_.is_netted && !has_sold_past_) actions.push_back({Act::SellPast});
    if (!has_moved_stop_ && stage.state(ids_.stop) == OrderState::Working)
      actions.push_back({Act::MoveStop});
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
    key += fmt::format("{}|{}|{}|{}|{}{}{}{}", quote.bid.to_string(),
                       stage.desk.closings_under_way(), stage.held().to_string(),
                       (stage.clock.now() - test::utc("2019-02-11T15:00:00Z")).count(), is_closed_,
                       has_sold_past_, has_moved_stop_, is_short_wanted_);
    return key;
  }

  /// The first rule of design section 5 that does not hold; empty when all do.
  std::string broken_rule() const {
    Quantity held;
    Quantity for_sale;
    std::set<std::string> seen;
    for (std::size_t n = 0; n < stage.broker.orders().size(); ++n) {
      const auto& order = stage.broker.order(n);
      held += signed_quantity(order.intent.leg().side, order.filled);
      if (order.is_live && order.intent.purpose == Purpose::Exit && !is_shadowed(n))
        for_sale += fillable(n);
      if (!seen.insert(order.intent.client_order_id.str()).second) return "an order was sent twice";
    }
    if (held != stage.held()) return "the position is not the sum of the fills";
    // A bot that sells past its group is quicker than the stop can be shrunk.
    if (has_sold_past_) return {};
    if (held.is_negative()) return "more was sold than was held";
    if (for_sale > held) return "more is for sale than is held";
    return {};
  }

  /// A broker that answers everything as it should, and a market at the stop: what is held must be
  /// sold within a minute, whatever came before.
  bool is_sold_at_the_stop() {
    for (int second = 0; second < 60; ++second) {
      answer_all_well(true);
      stage.quote("98.90", "98.92");
      if (is_at_rest() && stage.held() == expected_short()) return true;
      stage.pass(1s);
    }
    return false;
  }

  /// The same with a market between stop and target: what is held has its stop at the broker, for
  /// exactly that, within half a minute.
  bool is_guarded_between() {
    for (int second = 0; second < 30; ++second) {
      stage.quote("99.95", "99.97");
      answer_all_well(false);
      if (is_guarded()) return true;
      stage.pass(1s);
    }
    return false;
  }

  DeskStage stage;

 private:
  OrderState state(std::size_t n) const {
    return stage.state(stage.broker.order(n).intent.client_order_id);
  }

  bool is_held_exit(std::size_t n) const { return number_of_sibling(n) != n; }

  /// The other exit that the broker holds together with one; itself without any.
  std::size_t number_of_sibling(std::size_t n) const {
    const auto& order = stage.broker.order(n);
    if (order.group == 0 || order.intent.purpose == Purpose::Entry) return n;
    std::size_t other = 0;
    while (other == n || stage.broker.order(other).group != order.group ||
           stage.broker.order(other).intent.purpose == Purpose::Entry)
      ++other;
    return other;
  }

  /// Whether the order can only sell what another that was counted can sell as well.
  bool is_shadowed(std::size_t n) const {
    return is_held_exit(n) && number_of_sibling(n) < n &&
           stage.broker.order(number_of_sibling(n)).is_live;
  }

  /// What an order can fill now: a broker that holds a group gives its exits what has been entered
  /// and not left.
  Quantity fillable(std::size_t n) const {
    const auto& order = stage.broker.order(n);
    if (!is_held_exit(n)) return order.remaining();
    Quantity left = order.intent.terms.quantity;
    if (order.intent.group.kind == GroupKind::Bracket) {
      const auto& entry = stage.broker.order(stage.number(ids_.entry));
      const bool must_wait = scene_.abilities.exits_wait_for_whole_entry && entry.is_live;
      left = must_wait ? Quantity{} : entry.filled;
    }
    left -= order.filled + stage.broker.order(number_of_sibling(n)).filled;
    return std::max(std::min(left, order.remaining()), Quantity{});
  }

  void fill(std::size_t n, Quantity quantity) {
    const auto& order = stage.broker.order(n);
    if (order.intent.client_order_id == short_ && stage.held() < quantity) is_short_wanted_ = true;
    stage.broker.fill(n, price("100.00"), quantity);
  }

  void move_stop() {
    has_moved_stop_ = true;
    OrderTerms terms = stage.desk.orders().find(ids_.stop)->intent.terms;
    terms.stop = price("99.10");
    stage.desk.replace(stage.bot, {ids_.stop, terms, core::Code{"MOVE"}});
  }

  void add_answers(std::size_t n, Actions& actions) const {
    const auto& order = stage.broker.order(n);
    if (!order.is_live) return;
    const OrderState now = state(n);
    if (now == OrderState::Submitted || now == OrderState::Unknown) {
      actions.push_back({Act::Accept, n});
      actions.push_back({Act::Reject, n});
    }
    if (now == OrderState::Submitted || now == OrderState::PendingCancel ||
        now == OrderState::PendingReplace)
      actions.push_back({Act::TimeOut, n});
    if (now == OrderState::Unknown && order.filled.is_zero()) actions.push_back({Act::Lose, n});
    if (now == OrderState::Working && order.intent.group.role == GroupRole::Stop)
      actions.push_back({Act::Drop, n});
    if (fillable(n) > shares(1)) actions.push_back({Act::FillPart, n});
    if (fillable(n).is_positive()) actions.push_back({Act::FillRest, n});
    if (now == OrderState::PendingCancel || order.cancels_asked > 0) {
      actions.push_back({Act::ConfirmCancel, n});
      actions.push_back({Act::RefuseCancel, n});
    }
    if (now == OrderState::PendingReplace) {
      if (stage.broker.is_replaceable(n)) actions.push_back({Act::ConfirmReplace, n});
      actions.push_back({Act::RefuseReplace, n});
    }
  }

  void answer_all_well(bool is_at_stop) {
    for (std::size_t n = 0; n < stage.broker.orders().size(); ++n) {
      answer_well(n, is_at_stop);
      stage.settle();
    }
  }

  void answer_well(std::size_t n, bool is_at_stop) {
    const auto& order = stage.broker.order(n);
    const OrderState now = state(n);
    if (order.is_live && is_held_exit(n) && fillable(n).is_zero() && is_entry_over())
      return stage.broker.confirm_cancel(n, "GROUP_DONE");
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
      if (stage.broker.is_replaceable(n))
        stage.broker.confirm_replace(n);
      else
        stage.broker.say(n, OrderUpdateKind::ReplaceRejected, "FILLED");
    } else if (order.intent.type == OrderType::Market && order.intent.purpose == Purpose::Exit) {
      fill(n, order.remaining());
    } else if (order.intent.purpose == Purpose::Exit && order.intent.type != OrderType::Limit) {
      if (is_at_stop && fillable(n).is_positive()) fill(n, fillable(n));
    } else if (order.intent.purpose == Purpose::Entry) {
      stage.broker.confirm_cancel(n, "NO_LIQUIDITY");
    }
  }

  bool is_entry_over() const { return !stage.broker.order(stage.number(ids_.entry)).is_live; }

  bool is_at_rest() const {
    return stage.desk.orders().open_orders().empty() && stage.desk.closings_under_way() == 0;
  }

  /// What the bot has sold short on purpose stays: no group guards it.
  Quantity expected_short() const {
    return is_short_wanted_ && stage.held().is_negative() ? shares(-1) : Quantity{};
  }

  bool is_guarded() const {
    if (!stage.held().is_positive()) return is_at_rest() && (stage.held() == expected_short());
    Quantity guarded;
    for (std::size_t n = 0; n < stage.broker.orders().size(); ++n) {
      const auto& order = stage.broker.order(n);
      if (order.is_live && state(n) == OrderState::Working && order.intent.type == OrderType::Stop)
        guarded += fillable(n);
    }
    return guarded == stage.held();
  }

  const Scene& scene_;
  GroupIds ids_;
  core::ClientOrderId short_;
  bool has_sold_past_ = false;
  bool has_moved_stop_ = false;
  bool is_short_wanted_ = false;  ///< The bot sold short what it did not hold.
  bool is_closed_ = false;
};

constexpr BrokerAbilities kKept{};
constexpr BrokerAbilities kHeld{.holds_groups = true};
constexpr BrokerAbilities kWaiting{.holds_groups = true, .exits_wait_for_whole_entry = true};

const Actions kAccepted{{Act::Accept, 0}};
const Actions kEntered{{Act::Accept, 0}, {Act::FillRest, 0}, {Act::Accept, 1}};
const Actions kAllAccepted{{Act::Accept, 0}, {Act::Accept, 1}, {Act::Accept, 2}};
const Actions kAllEntered{{Act::Accept, 0}, {Act::Accept, 1}, {Act::Accept, 2}, {Act::FillRest, 0}};

const std::vector<Scene>& scenes() {
  static const std::vector<Scene> kScenes{
      {"kept by the desk", kKept, {}, false, 0},
      {"kept by the desk, entered, sold past", kKept, kEntered, true, 1},
      {"kept by the desk, accepted, sold past", kKept, kAccepted, true, 2},
      {"held by the broker", kHeld, kAllAccepted, false, 2},
      {"held by the broker, entered, sold past", kHeld, kAllEntered, true, 2},
      {"held until the entry is whole", kWaiting, kAllAccepted, false, 2},
      {"held until the entry is whole, sold past", kWaiting, kAllAccepted, true, 2},
  };
  return kScenes;
}

std::string text_of(const Scene& scene, const Actions& actions) {
  std::string text{scene.name};
  for (const Action& action : actions)
    text += fmt::format(" {}({})", static_cast<int>(action.act), action.order);
  return text;
}

/// Tries every list of actions up to a length that leads somewhere new; how many states there are.
std::size_t explore(const Scene& scene, std::size_t depth) {
  std::unordered_set<std::string> seen;
  std::deque<Actions> ahead{{}};
  while (!ahead.empty()) {
    const Actions actions = ahead.front();
    ahead.pop_front();
    const auto world = std::make_unique<World>(scene, actions);
    if (!seen.insert(world->key()).second) continue;
    const std::string broken = world->broken_rule();
    EXPECT_EQ(broken, "") << text_of(scene, actions);
    if (actions.size() < depth)
      for (const Action& action : world->next()) {
        ahead.push_back(actions);
        ahead.back().push_back(action);
      }
    const bool is_sold = world->is_sold_at_the_stop();
    EXPECT_TRUE(is_sold) << text_of(scene, actions) << "\n" << world->key();
    const auto again = std::make_unique<World>(scene, actions);
    const bool is_guarded = again->is_guarded_between();
    EXPECT_TRUE(is_guarded) << text_of(scene, actions) << "\n" << again->key();
    if (!broken.empty() || !is_sold || !is_guarded) break;
  }
  return seen.size();
}

TEST(ModelCheck, HoldsInEveryStateThatABrokerCanBringAbout) {
  const char* deeper = std::getenv("ST0CK_MODEL_DEPTH");
  const std::size_t depth = deeper != nullptr ? std::strtoul(deeper, nullptr, 10)
                                              : static_cast<std::size_t>(test::effort(6, 5));
  std::size_t states = 0;
  for (const Scene& scene : scenes()) {
    const std::size_t found = explore(scene, depth - std::min(depth, scene.less_deep));
    std::printf("%zu states: %.*s\n", found, static_cast<int>(scene.name.size()),
                scene.name.data());
    states += found;
  }
  std::printf("%zu states, %zu actions deep\n", states, depth);
}

}  // namespace
}  // namespace st0ck::trading
