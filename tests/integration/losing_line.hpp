#pragma once

#include "integration/crash_victim.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/order_update.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::test {

enum class Request : std::uint8_t { Submit, Replace, Cancel };
enum class Meant : std::uint8_t { Entry, Stop, Target, MarketExit };

/// Which requests stay without an answer, and whether they arrive all the same.
struct Loss {
  Request request = Request::Submit;
  Meant meant = Meant::Entry;
  bool arrives = false;
};

inline Meant meaning_of(const trading::OrderIntent& intent) {
  if (intent.purpose == trading::Purpose::Entry) return Meant::Entry;
  if (intent.type == trading::OrderType::Market) return Meant::MarketExit;
  return intent.type == trading::OrderType::Limit ? Meant::Target : Meant::Stop;
}

/// A line of 5 ms each way that loses exactly what the test names, a few times, and look-ups for a
/// while. It watches the exchange: what it has filled, and what it has for sale.
class LosingLine final : public trading::Broker, public trading::OrderUpdateSink {
 public:
  using Order = trading::Approved<trading::OrderIntent>;
  using Id = core::ClientOrderId;

  LosingLine(const core::Clock& clock, std::uint64_t seed) : clock_{clock}, chance_{seed} {}

  void connect(trading::Broker& exchange, trading::OrderUpdateSink& desk) {
    exchange_ = &exchange;
    desk_ = &desk;
  }

  void submit(const Order& intent) override {
    note(*intent);
    send(Request::Submit, {intent->client_order_id}, [this, intent] { exchange_->submit(intent); });
  }
  void submit_group(std::span<const Order> group) override {
    std::vector<Id> ids;
    for (const Order& intent : group) {
      note(*intent);
      ids.push_back(intent->client_order_id);
    }
    send(Request::Submit, ids, [this, all = std::vector<Order>{group.begin(), group.end()}] {
      exchange_->submit_group(all);
    });
  }
  void cancel(const Id& order) override {
    send(Request::Cancel, {order}, [this, order] { exchange_->cancel(order); });
  }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    replaces_lost_.erase(replace->client_order_id);
    send(Request::Replace, {replace->client_order_id},
         [this, replace] { exchange_->replace(replace); });
  }
  void look_up(const Id& order) override {
    if (clock_.now() < look_ups_dead_until) return;
    requests_.push_back({clock_.now() + kWay, [this, order] {
                           if (replaces_lost_.erase(order) > 0)
                             say(order, trading::OrderUpdateKind::ReplaceRejected);
                           exchange_->look_up(order);
                         }});
  }
  trading::BrokerAbilities abilities() const override { return exchange_->abilities(); }

  /// What the exchange says.
  void on_order_update(const trading::OrderUpdate& update) override {
    watch(update);
    const bool is_answer = update.kind != trading::OrderUpdateKind::Fill &&
                           update.kind != trading::OrderUpdateKind::Expired &&
                           update.kind != trading::OrderUpdateKind::ProvenAbsent;
    if (is_answer && answers_to_lose_[update.client_order_id] > 0) {
      --answers_to_lose_[update.client_order_id];
      return;
    }
    updates_.push_back({clock_.now() + kWay, update});
  }

  /// Lets arrive what is due by now.
  void deliver() {
    const core::Timestamp now = clock_.now();
    while (!requests_.empty() && requests_.front().first <= now) {
      const auto request = std::move(requests_.front().second);
      requests_.pop_front();
      request();
    }
    while (!updates_.empty() && updates_.front().first <= now) {
      trading::OrderUpdate update = updates_.front().second;
      updates_.pop_front();
      if (update.kind == trading::OrderUpdateKind::Fill && update.quantity.is_positive())
        heard += trading::signed_quantity(sides_.at(update.client_order_id), update.quantity);
      desk_->on_order_update(update);
    }
    while (!time_outs_.empty() && time_outs_.front().first <= now) {
      desk_->on_order_update(time_outs_.front().second);
      time_outs_.pop_front();
    }
  }

  bool is_quiet() const { return requests_.empty() && updates_.empty() && time_outs_.empty(); }

  Loss loss;
  int losses_left = 0;            ///< Of the named kind.
  std::uint64_t lost_one_in = 0;  ///< Of any kind; 0 is none.
  core::Timestamp look_ups_dead_until{};
  std::uint64_t lost = 0;

  core::Quantity held;   ///< By the exchange's fills.
  core::Quantity heard;  ///< By those that have come to us.
  core::Quantity most_short;
  std::vector<std::string> problems;
  std::map<Id, int> sendings;

 private:
  static constexpr core::Duration kWay = std::chrono::milliseconds{5};
  static constexpr core::Duration kTimeOut = std::chrono::seconds{2};

  void note(const trading::OrderIntent& intent) {
    sides_[intent.client_order_id] = intent.leg().side;
    intents_.emplace(intent.client_order_id, intent);
    ++sendings[intent.client_order_id];
  }

  bool is_meant(Request request, const std::vector<Id>& ids) const {
    return losses_left > 0 && request == loss.request &&
           std::any_of(ids.begin(), ids.end(),
                       [&](const Id& id) { return meaning_of(intents_.at(id)) == loss.meant; });
  }

  void send(Request request, const std::vector<Id>& ids, std::function<void()> arrive) {
    const bool is_named = is_meant(request, ids);
    if (is_named || (lost_one_in > 0 && chance_.below(lost_one_in) == 0)) {
      ++lost;
      const bool arrives = is_named ? loss.arrives : chance_.below(2) == 0;
      if (is_named) --losses_left;
      for (const Id& id : ids) {
        trading::OrderUpdate update;
        update.client_order_id = id;
        update.kind = trading::OrderUpdateKind::TimedOut;
        update.time = clock_.now() + kTimeOut;
        time_outs_.push_back({update.time, update});
        if (arrives) ++answers_to_lose_[id];
      }
      if (!arrives && request == Request::Replace) replaces_lost_[ids.front()] = true;
      if (!arrives) return;
    }
    requests_.push_back({clock_.now() + kWay, std::move(arrive)});
  }

  void say(const Id& id, trading::OrderUpdateKind kind) {
    trading::OrderUpdate update;
    update.client_order_id = id;
    update.kind = kind;
    update.time = clock_.now();
    on_order_update(update);
  }

  /// The exchange's own account.
  void watch(const trading::OrderUpdate& update) {
    using Kind = trading::OrderUpdateKind;
    const auto found = intents_.find(update.client_order_id);
    if (found == intents_.end()) return;
    const trading::OrderIntent& intent = found->second;
    const bool is_exit = intent.purpose == trading::Purpose::Exit;
    switch (update.kind) {
      case Kind::Accepted:
        if (is_exit) note_for_sale(intent);
        break;
      case Kind::Fill:
        if (!update.quantity.is_positive()) break;  // A look-up's.
        held += trading::signed_quantity(intent.leg().side, update.quantity);
        most_short = std::min(most_short, held);
        if (const auto live = live_.find(update.client_order_id);
            live != live_.end() && update.cumulative_quantity >= live->second.terms.quantity)
          live_.erase(live);
        break;
      case Kind::Replaced:
        if (const auto live = live_.find(update.client_order_id); live != live_.end())
          live->second.terms = update.terms;
        break;
      case Kind::Cancelled:
      case Kind::Expired:
      case Kind::Rejected: live_.erase(update.client_order_id); break;
      default: break;
    }
  }

  /// Exits of a group that are no held pair are at the exchange one at a time.
  void note_for_sale(const trading::OrderIntent& intent) {
    const bool is_pair = abilities().holds_groups;
    for (const auto& [id, other] : live_)
      if (id != intent.client_order_id && other.group.group == intent.group.group &&
          (!is_pair || meaning_of(other) == meaning_of(intent)) && problems.size() < 3)
        problems.push_back(
            fmt::format("{} and {} are for sale at once", id, intent.client_order_id));
    live_.emplace(intent.client_order_id, intent);
  }

  const core::Clock& clock_;
  Chance chance_;
  trading::Broker* exchange_ = nullptr;
  trading::OrderUpdateSink* desk_ = nullptr;
  std::deque<std::pair<core::Timestamp, std::function<void()>>> requests_;
  std::deque<std::pair<core::Timestamp, trading::OrderUpdate>> updates_;
  std::deque<std::pair<core::Timestamp, trading::OrderUpdate>> time_outs_;
  std::map<Id, int> answers_to_lose_;
  std::map<Id, bool> replaces_lost_;
  std::map<Id, trading::Side> sides_;
  std::map<Id, trading::OrderIntent> intents_;
  std::map<Id, trading::OrderIntent> live_;  ///< Exits at the exchange.
};

}  // namespace st0ck::test
