#pragma once

#include "integration/losing_line.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/trading/desk.hpp"
#include "support/hand_timers.hpp"
#include "support/orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace st0ck::test {

/// What a broker of the simulator can be like.
struct Profile {
  std::string_view name;
  adapters::sim::GroupHolding groups;
  bool reserves = false;
  bool is_plain = false;
};

inline constexpr Profile kProfiles[] = {
    {"holds no groups", adapters::sim::GroupHolding::None},
    {"holds no groups, reserves", adapters::sim::GroupHolding::None, true},
    {"holds groups", adapters::sim::GroupHolding::Held, true},
    {"holds groups after the entry", adapters::sim::GroupHolding::AfterEntry, true},
    {"holds plain groups after the entry", adapters::sim::GroupHolding::AfterEntry, true, true},
};

/// A desk and the simulator's exchange with a losing line between them, and a bot that trades
/// brackets of ten shares at random on a market that walks at random, thinly.
class LostAnswersStage : private trading::DeskObserver, private trading::OrderUpdateSink {
 public:
  LostAnswersStage(const Profile& profile, std::uint64_t seed)
      : chance_{seed},
        line{clock_, seed * 3 + 1},
        matching_{clock_, instruments_.table, matching_of(profile), line,
                  core::Money::whole(1'000'000)} {
    trading::RiskLimits limits;
    limits.order_notional_max = core::Money::whole(10'000'000);
    limits.duplicate_window = {};
    limits.orders_per_minute_max = 100'000;
    limits.trades_per_day_max = 100'000;
    limits.daily_loss_max = core::Money::whole(1'000'000);
    for (const auto& bot : {bot_, other_}) desk.add_bot(bot, core::EngineName{"e"}, limits);
    line.connect(matching_, static_cast<trading::OrderUpdateSink&>(*this));
    matching_.follow_ticks();
    const core::Session session{core::Date{std::chrono::year{2019} / 2 / 11},
                                utc("2019-02-11T14:30:00Z"), utc("2019-02-11T21:00:00Z")};
    matching_.on_session_open(session);
    desk.open_session(session);
    matching_.open_continuous(instruments_.spy);
    quote();
  }

  /// The market, the bot and the messages for a while; `is_wild`: the bot does all it can.
  void play(core::Duration time, bool is_wild) {
    const core::Timestamp until = clock_.now() + time;
    core::Timestamp next_quote = clock_.now();
    while (clock_.now() < until) {
      if (clock_.now() >= next_quote) {
        quote();
        next_quote = clock_.now() + std::chrono::milliseconds{100 + chance_.below(500)};
        act(is_wild);
      }
      pass();
    }
  }

  /// A market far below every stop: all is sold, and nothing is left at work.
  bool comes_to_rest(core::Duration time) {
    const core::Timestamp until = clock_.now() + time;
    mid_ = 9'000;
    while (clock_.now() < until) {
      quote();
      for (int i = 0; i < 30; ++i) pass();
      if (line.is_quiet() && desk.orders().open_orders().empty() && line.held.is_zero())
        return true;
    }
    return false;
  }

  std::string state() const {
    std::string text = fmt::format("held {} heard {} booked {};", line.held.to_string(),
                                   line.heard.to_string(), held().to_string());
    for (const trading::Order* order : desk.orders().open_orders())
      text += fmt::format(" {}={}", order->intent.client_order_id, name_of(order->state));
    return text;
  }

  core::Quantity held() const { return desk.position(bot_, instruments_.spy); }
  bool has_unknown() const {
    const auto& open = desk.orders().open_orders();
    return std::any_of(open.begin(), open.end(), [](const trading::Order* order) {
      return order->state == trading::OrderState::Unknown;
    });
  }
  core::Timestamp now() const { return clock_.now(); }
  std::uint64_t alarms(std::string_view code) const {
    return static_cast<std::uint64_t>(std::count(alarms_.begin(), alarms_.end(), code));
  }

 private:
  static adapters::sim::MatchingSettings matching_of(const Profile& profile) {
    adapters::sim::MatchingSettings settings;
    settings.groups = profile.groups;
    settings.refuses.held_quantity = profile.reserves;
    settings.refuses.unusual_groups = profile.is_plain;
    settings.limit_fill = adapters::sim::LimitFill::Touch;
    return settings;
  }

  core::Price cents(std::int64_t count) const { return core::Price::from_raw(count * 10'000'000); }

  /// A few shares a side, so that much fills in parts.
  void quote() {
    market::Quote quote;
    quote.instrument = instruments_.spy;
    quote.time = clock_.now();
    quote.bid = cents(mid_ - 1);
    quote.ask = cents(mid_ + 1);
    quote.bid_size = core::Volume::whole(1 + static_cast<std::int64_t>(chance_.below(6)));
    quote.ask_size = core::Volume::whole(1 + static_cast<std::int64_t>(chance_.below(12)));
    ask_ = quote.ask;
    market::Trade trade;
    trade.instrument = instruments_.spy;
    trade.time = clock_.now();
    trade.price = quote.bid;
    trade.size = core::Volume::whole(100);
    trade.exchange = 'P';
    matching_.on_quote(quote);
    matching_.on_trade(trade);
    market_.apply(quote);
    desk.on_market(instruments_.spy);
    mid_ += static_cast<std::int64_t>(chance_.below(11)) - 5;
    if (chance_.below(40) == 0) mid_ += chance_.below(2) == 0 ? -40 : 40;
  }

  void pass() {
    timers_.go(clock_, clock_.now() + std::chrono::milliseconds{10},
               [this](std::uint32_t topic) { desk.on_timer(topic); });
    line.deliver();
    check();
  }

  void act(bool is_wild) {
    check_entries();
    const bool is_idle = held().is_zero() && desk.orders().open_orders().empty();
    if (is_idle && chance_.below(3) == 0) enter();
    if (!is_wild || is_idle) return;
    const std::uint64_t what = chance_.below(40);
    if (what < 4) move(ids_.stop, -60);
    if (what >= 4 && what < 8) move(ids_.target, 60);
    if (what == 8) move(ids_.entry, 1);
    if (what == 9) desk.cancel(bot_, ids_.entry, core::Code{"BOT"});
    if (what == 10) desk.close(bot_, instruments_.spy, core::Code{"BOT"});
    if (what == 11) desk.cancel(bot_, ids_.target, core::Code{"BOT"});
  }

  void enter() {
    trading::GroupRequest group;
    group.kind = trading::GroupKind::Bracket;
    group.entry = request(trading::Side::Buy, trading::OrderType::Limit);
    group.entry->purpose = trading::Purpose::Entry;
    group.entry->terms.limit = ask_;
    // Its exits outlive the day: not every broker holds such a one.
    if (chance_.below(4) == 0) group.entry->time_in_force = trading::TimeInForce::Day;
    group.target = request(trading::Side::Sell, trading::OrderType::Limit);
    group.target->terms.limit = cents(mid_ + 40);
    group.stop = request(trading::Side::Sell, trading::OrderType::Stop);
    group.stop->terms.stop = cents(mid_ - 40);
    const auto sent = desk.submit_group(bot_, group);
    if (const auto* ids = std::get_if<trading::GroupIds>(&sent)) {
      ids_ = *ids;
      ++entries;
    }
  }

  trading::OrderRequest request(trading::Side side, trading::OrderType type) const {
    trading::OrderRequest request;
    request.instrument = instruments_.spy;
    request.side = side;
    request.type = type;
    request.time_in_force = trading::TimeInForce::Gtc;
    request.purpose = trading::Purpose::Exit;
    request.terms.quantity = shares(10);
    request.reason = core::Code{"TEST"};
    return request;
  }

  /// Gives an order of the bracket a price that far from the market.
  void move(const core::ClientOrderId& id, std::int64_t distance) {
    const trading::Order* order = desk.orders().find(id);
    if (order == nullptr || !order->is_open()) return;
    trading::OrderTerms terms = order->intent.terms;
    auto& level = terms.stop ? terms.stop : terms.limit;
    level = cents(mid_ + distance - static_cast<std::int64_t>(chance_.below(10)));
    desk.replace(bot_, {id, terms, core::Code{"MOVE"}});
  }

  /// Where something is unknown nobody enters.
  void check_entries() {
    if (!has_unknown()) return;
    trading::OrderRequest entry = request(trading::Side::Buy, trading::OrderType::Limit);
    entry.purpose = trading::Purpose::Entry;
    entry.terms.limit = cents(mid_ - 200);
    const auto sent = desk.submit(other_, entry);
    const auto* refused = std::get_if<trading::Refused>(&sent);
    if (refused == nullptr)
      complain("an entry left while an order was unknown");
    else if (refused->code.view() != "UNKNOWN_ORDER")
      complain(fmt::format("an entry was refused with {}", refused->code));
    else
      ++entries_refused;
  }

  void check() {
    if (held() != line.heard) complain("the position is not the sum of the fills");
    if (line.most_short.is_negative()) complain("more was sold than was held");
    for (const std::string& problem : line.problems) complain(problem);
    line.problems.clear();
    const auto longest = desk.unprotected().longest;
    if (longest > unprotected_max)
      complain(fmt::format("no stop for {} ms", longest / std::chrono::milliseconds{1}));
  }

  void complain(std::string_view what) {
    if (problems.size() < 3)
      problems.push_back(fmt::format("{}: {}: {}", core::format_utc(clock_.now()), what, state()));
  }

  void on_order_update(const trading::OrderUpdate& update) override { desk.apply(update); }
  void on_reviewed(const trading::OrderIntent&, const trading::RiskReadings&,
                   std::optional<core::Code>) override {}
  void on_cancel(const trading::Order&, const core::Code&) override {}
  void on_replace(const trading::Order&, const trading::ReplaceIntent&,
                  std::optional<core::Code>) override {}
  void on_order(const trading::Order&) override {}
  void on_fill(const trading::Fill&) override {}
  void on_position(const trading::Position&) override {}
  void on_round_trip(const trading::TradeRecord&) override {}
  void on_bot_day(const core::BotId&, const core::EngineName&, const core::Session&,
                  const trading::BotDay&, core::Money) override {}
  void on_halt(const core::BotId&, bool, std::string_view, std::string_view) override {}
  void on_ledger_entry(const trading::LedgerEntry&) override {}
  void on_risk_event(const core::BotId&, std::string_view code, std::string_view) override {
    alarms_.emplace_back(code);
  }

  HandClock clock_{utc("2019-02-11T15:00:00Z")};
  Chance chance_;
  std::int64_t mid_ = 10'000;  ///< Of the next quote.
  core::Price ask_;
  const core::BotId bot_{"a"};
  const core::BotId other_{"b"};
  ThreeInstruments instruments_;
  market::MarketData market_;
  HandTimers timers_;

 public:
  LosingLine line;

 private:
  adapters::sim::MatchingEngine matching_;
  trading::GroupIds ids_;
  std::vector<std::string> alarms_;

 public:
  trading::Desk desk{{clock_, instruments_.table, market_, line,
                      static_cast<trading::DeskObserver&>(*this), timers_},
                     core::AccountId{"default"},
                     core::Money::whole(1'000'000)};
  core::Duration unprotected_max = std::chrono::seconds{20};
  std::vector<std::string> problems;
  std::uint64_t entries = 0;
  std::uint64_t entries_refused = 0;
};

}  // namespace st0ck::test
