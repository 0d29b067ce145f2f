#include "st0ck/market/market_data.hpp"
#include "st0ck/trading/desk.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>
#include <variant>
#include <vector>

namespace st0ck::trading {
namespace {

class SteppedClock final : public core::Clock {
 public:
  core::Timestamp now() const override { return now_; }
  void set(core::Timestamp now) { now_ = now; }

 private:
  core::Timestamp now_{};
};

/// No timer comes due in a bracket that goes as planned.
class NoTimers final : public core::Timers {
 public:
  core::TimerId set_timer(core::Timestamp, std::uint32_t) override { return {}; }
  void cancel_timer(core::TimerId) override {}
};

/// Holds groups, and says what it is made to.
class HoldingBroker final : public Broker {
 public:
  void submit(const Approved<OrderIntent>&) override {}
  void cancel(const core::ClientOrderId&) override {}
  void replace(const Approved<ReplaceIntent>&) override {}
  void submit_group(std::span<const Approved<OrderIntent>>) override {}
  BrokerAbilities abilities() const override { return {.holds_groups = true}; }
};

class SilentObserver final : public DeskObserver {
 public:
  void on_reviewed(const OrderIntent&, const RiskReadings&, std::optional<core::Code>) override {}
  void on_cancel(const Order&, const core::Code&) override {}
  void on_replace(const Order&, const ReplaceIntent&, std::optional<core::Code>) override {}
  void on_order(const Order&) override {}
  void on_fill(const Fill&) override {}
  void on_position(const Position&) override {}
  void on_round_trip(const TradeRecord&) override { ++trades; }
  void on_bot_day(const core::BotId&, const core::EngineName&, const core::Session&, const BotDay&,
                  core::Money) override {}
  void on_halt(const core::BotId&, bool, std::string_view, std::string_view) override {}
  void on_ledger_entry(const LedgerEntry&) override {}
  void on_risk_event(const core::BotId&, std::string_view, std::string_view) override {}

  std::uint64_t trades = 0;
};

/// A desk with one bot in sessions of a hundred brackets, one after the other.
class BracketDay {
 public:
  BracketDay() {
    market::Instrument definition;
    definition.symbol = core::Symbol{"SPY"};
    spy_ = instruments_.define(definition).id;
    RiskLimits limits;
    limits.duplicate_window = {};
    limits.trades_per_day_max = kBracketsOfASession;
    desk_ = std::make_unique<Desk>(
        Desk::Parts{clock_, instruments_, market_, broker_, observer_, timers_},
        core::AccountId{"default"}, core::Money::whole(1'000'000));
    AccountLimits account;
    account.loss_rate.share_max = core::Rate::from_raw(100'000'000);
    desk_->limit_account(account);
    desk_->add_bot(bot_, core::EngineName{"bench"}, limits);
    make_bracket();
  }

  /// Submit, acknowledgement, entry filled, target filled, stop gone; whether it was taken.
  bool play_bracket() {
    if (brackets_ % kBracketsOfASession == 0) begin_session();
    ++brackets_;
    clock_.set(clock_.now() + std::chrono::seconds{5});
    market::Quote quote;
    quote.instrument = spy_;
    quote.time = clock_.now();
    quote.bid = core::Price::whole(100);
    quote.ask = core::Price::from_raw(100'010'000'000);
    market_.apply(quote);
    desk_->on_market(spy_);
    const auto sent = desk_->submit_group(bot_, bracket_);
    const auto* ids = std::get_if<GroupIds>(&sent);
    if (ids == nullptr) return false;
    for (const auto& id : {ids->entry, ids->target, ids->stop}) say(id, OrderUpdateKind::Accepted);
    fill(ids->entry, quote.ask);
    fill(ids->target, *bracket_.target->terms.limit);
    say(ids->stop, OrderUpdateKind::Cancelled);
    return desk_->orders().open_orders().empty() && observer_.trades == brackets_;
  }

 private:
  static constexpr std::uint32_t kBracketsOfASession = 100;

  void make_bracket() {
    const auto order = [&](Side side, OrderType type, Purpose purpose) {
      OrderRequest request;
      request.instrument = spy_;
      request.side = side;
      request.type = type;
      request.purpose = purpose;
      request.terms.quantity = core::Quantity::whole(10);
      return request;
    };
    bracket_.kind = GroupKind::Bracket;
    bracket_.entry = order(Side::Buy, OrderType::Market, Purpose::Entry);
    bracket_.target = order(Side::Sell, OrderType::Limit, Purpose::Exit);
    bracket_.target->terms.limit = core::Price::whole(101);
    bracket_.stop = order(Side::Sell, OrderType::Stop, Purpose::Exit);
    bracket_.stop->terms.stop = core::Price::whole(99);
  }
  void begin_session() {
    date_ += std::chrono::days{1};
    clock_.set(date_ + std::chrono::hours{15});
    desk_->close_session();
    desk_->open_session(
        {core::Date{date_}, date_ + std::chrono::hours{14}, date_ + std::chrono::hours{21}});
  }
  void say(const core::ClientOrderId& id, OrderUpdateKind kind) {
    const Order& order = *desk_->orders().find(id);
    OrderUpdate update;
    update.client_order_id = id;
    update.kind = kind;
    update.time = clock_.now();
    update.cumulative_quantity = order.filled;
    update.cumulative_notional = order.filled_notional;
    desk_->apply(update);
  }
  void fill(const core::ClientOrderId& id, core::Price price) {
    OrderUpdate update;
    update.client_order_id = id;
    update.kind = OrderUpdateKind::Fill;
    update.time = clock_.now();
    update.quantity = update.cumulative_quantity = core::Quantity::whole(10);
    update.price = price;
    update.cumulative_notional = core::notional(price, update.quantity, core::kUnitMultiplier);
    desk_->apply(update);
  }

  const core::BotId bot_{"bench"};
  market::InstrumentTable instruments_;
  core::InstrumentId spy_;
  market::MarketData market_;
  SteppedClock clock_;
  NoTimers timers_;
  HoldingBroker broker_;
  SilentObserver observer_;
  std::unique_ptr<Desk> desk_;
  GroupRequest bracket_;
  std::chrono::sys_days date_{std::chrono::year{2019} / 2 / 10};
  std::uint64_t brackets_ = 0;
};

/// What does a bracket cost from its submission to its end: three orders made, checked and sent,
/// six updates taken in, two fills booked? The desk is made anew after a thousand, out of the
/// count.
void bracket_life_cycle(benchmark::State& state) {
  constexpr int kOfADesk = 1000;
  std::unique_ptr<BracketDay> day;
  int left = 0;
  for (auto _ : state) {
    if (left-- == 0) {
      state.PauseTiming();
      day = std::make_unique<BracketDay>();
      left = kOfADesk - 1;
      state.ResumeTiming();
    }
    if (!day->play_bracket()) {
      state.SkipWithError("the bracket did not end as planned");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bracket_life_cycle)->Name("orders/bracket_life_cycle");

}  // namespace
}  // namespace st0ck::trading
