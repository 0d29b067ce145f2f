#pragma once

#include "integration/crash_victim.hpp"
#include "st0ck/kernel/engine.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::test {

/// A price one to `ticks` cents above (or below, for a negative direction) another.
inline core::Price beside(core::Price price, int direction, Chance& chance,
                          std::uint64_t ticks = 60) {
  constexpr std::int64_t kCent = 10'000'000;
  const auto distance = static_cast<std::int64_t>(1 + chance.below(ticks)) * kCent;
  return core::Price::from_raw(price.raw() / kCent * kCent + direction * distance);
}

/// Sends all order types, groups, replaces and cancels at random, and now and then fails.
class RandomEngine final : public kernel::Engine {
 public:
  struct Tally {
    std::uint64_t orders = 0;
    std::uint64_t groups = 0;
    std::uint64_t replaces = 0;
    std::uint64_t cancels = 0;
    std::uint64_t refusals = 0;
    std::vector<std::string> exits_refused;  ///< For a reason that is none for an exit.
    std::uint64_t failures = 0;
  };

  RandomEngine(std::vector<core::InstrumentId> instruments, std::uint64_t seed, Tally& tally)
      : instruments_{std::move(instruments)}, chance_{seed}, tally_{tally} {}

  std::vector<market::DataNeed> needs() const override {
    std::vector<market::DataNeed> needs;
    for (const auto instrument : instruments_)
      for (const auto kind : {market::DataKind::Quotes, market::DataKind::Bars})
        needs.push_back({instrument, kind});
    return needs;
  }

  void on_quote(kernel::EngineContext& context, const market::Quote& quote) override {
    if (chance_.below(4) == 0) act(context, quote.instrument, quote.bid);
  }
  void on_bar(kernel::EngineContext& context, const market::Bar& bar) override {
    if (chance_.below(12) == 0) act(context, bar.instrument, bar.close);
    if (chance_.below(6'000) == 0) fail();
  }
  void on_order(kernel::EngineContext& context, const kernel::OrderNews& news) override {
    if (news.order.is_open()) return;
    std::erase(open_, news.order.intent.client_order_id);
    if (chance_.below(8) != 0) return;
    const auto quote = context.quote(news.order.intent.leg().instrument);
    if (quote.is_fresh()) act(context, news.order.intent.leg().instrument, quote.quote.bid);
  }

 private:
  [[noreturn]] void fail() {
    ++tally_.failures;
    throw std::runtime_error("a fault of the engine");
  }

  void act(kernel::EngineContext& context, core::InstrumentId instrument, core::Price price) {
    const trading::Position* position = context.position(instrument);
    const core::Quantity held = position == nullptr ? core::Quantity{} : position->quantity;
    switch (chance_.below(8)) {
      case 0:
      case 1: return submit(context, entry(instrument, price));
      case 2:
      case 3: return submit_group(context, instrument, price, held);
      case 4: return submit_exit(context, instrument, price, held);
      case 5: return replace(context, price);
      case 6: return cancel(context);
      default: return;
    }
  }

  trading::Side some_side() {
    return chance_.below(2) == 0 ? trading::Side::Buy : trading::Side::Sell;
  }

  trading::OrderRequest entry(core::InstrumentId instrument, core::Price price) {
    trading::OrderRequest request;
    request.instrument = instrument;
    request.side = some_side();
    request.terms.quantity =
        core::Quantity::whole(static_cast<std::int64_t>(1 + chance_.below(40)));
    request.reason = core::Code{"RANDOM"};
    choose_type(request, price);
    return request;
  }

  void choose_type(trading::OrderRequest& request, core::Price price) {
    using enum trading::TimeInForce;
    constexpr std::array kOfMarket{Day, Gtc, Opg, Cls};
    constexpr std::array kOfLimit{Day, Gtc, Ioc, Fok, Opg, Cls};
    const int up = request.side == trading::Side::Buy ? 1 : -1;
    request.type = static_cast<trading::OrderType>(chance_.below(5));
    request.time_in_force = chance_.below(3) == 0 ? Gtc : Day;
    switch (request.type) {
      case trading::OrderType::Market:
        request.time_in_force = kOfMarket[chance_.below(kOfMarket.size())];
        break;
      case trading::OrderType::Limit:
        request.terms.limit = beside(price, chance_.below(3) == 0 ? up : -up, chance_);
        request.time_in_force = kOfLimit[chance_.below(kOfLimit.size())];
        break;
      case trading::OrderType::StopLimit:
        request.terms.stop = beside(price, up, chance_);
        request.terms.limit = beside(*request.terms.stop, up, chance_);
        break;
      case trading::OrderType::Stop: request.terms.stop = beside(price, up, chance_); break;
      case trading::OrderType::TrailingStop:
        request.terms.trail = beside(core::Price{}, 1, chance_);
        break;
    }
  }

  static trading::OrderRequest exit_of(const trading::OrderRequest& entry) {
    trading::OrderRequest exit;
    exit.instrument = entry.instrument;
    exit.side = trading::opposite(entry.side);
    exit.purpose = trading::Purpose::Exit;
    exit.time_in_force = trading::TimeInForce::Gtc;
    exit.terms.quantity = entry.terms.quantity;
    exit.reason = core::Code{"RANDOM_EXIT"};
    return exit;
  }

  static trading::OrderRequest target_of(const trading::OrderRequest& entry, core::Price price,
                                         Chance& chance) {
    trading::OrderRequest target = exit_of(entry);
    target.type = trading::OrderType::Limit;
    target.terms.limit = beside(price, entry.side == trading::Side::Buy ? 1 : -1, chance, 200);
    return target;
  }

  static trading::OrderRequest stop_of(const trading::OrderRequest& entry, core::Price price,
                                       Chance& chance) {
    trading::OrderRequest stop = exit_of(entry);
    const int down = entry.side == trading::Side::Buy ? -1 : 1;
    if (chance.below(4) == 0) {
      stop.type = trading::OrderType::TrailingStop;
      stop.terms.trail = beside(core::Price{}, 1, chance, 200);
      return stop;
    }
    stop.type = trading::OrderType::Stop;
    stop.terms.stop = beside(price, down, chance, 200);
    return stop;
  }

  /// A one-cancels-other for what is held, else an entry with one or two exits.
  void submit_group(kernel::EngineContext& context, core::InstrumentId instrument,
                    core::Price price, core::Quantity held) {
    trading::OrderRequest entry;
    entry.instrument = instrument;
    entry.side = held.is_zero()
                     ? some_side()
                     : (held > core::Quantity{} ? trading::Side::Buy : trading::Side::Sell);
    entry.terms.quantity =
        held.is_zero() ? core::Quantity::whole(static_cast<std::int64_t>(1 + chance_.below(40)))
                       : (held > core::Quantity{} ? held : -held);
    entry.reason = core::Code{"RANDOM"};
    trading::GroupRequest request;
    if (held.is_zero()) request.entry = entry;
    request.stop = stop_of(entry, price, chance_);
    const bool has_target = !held.is_zero() || chance_.below(2) == 0;
    if (has_target) request.target = target_of(entry, price, chance_);
    request.kind = !held.is_zero() ? trading::GroupKind::OneCancelsOther
                   : has_target    ? trading::GroupKind::Bracket
                                   : trading::GroupKind::OneTriggersOther;
    const auto sent = context.submit_group(request);
    if (const auto* ids = std::get_if<trading::GroupIds>(&sent)) {
      ++tally_.groups;
      // Its exits are left alone: a bot that takes its own stop away is not protected.
      if (!ids->entry.empty()) open_.push_back(ids->entry);
    } else {
      ++tally_.refusals;
    }
  }

  void submit(kernel::EngineContext& context, const trading::OrderRequest& request) {
    const auto sent = context.submit(request);
    if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) {
      ++tally_.orders;
      open_.push_back(*id);
      return;
    }
    ++tally_.refusals;
    const core::Code code = std::get<trading::Refused>(sent).code;
    if (request.purpose == trading::Purpose::Exit && code != core::Code{"EXIT_SIZE"})
      tally_.exits_refused.push_back(fmt::format("{}", code));
  }

  void submit_exit(kernel::EngineContext& context, core::InstrumentId instrument, core::Price price,
                   core::Quantity held) {
    if (held.is_zero()) return;
    trading::OrderRequest request;
    request.instrument = instrument;
    request.side = held > core::Quantity{} ? trading::Side::Sell : trading::Side::Buy;
    request.purpose = trading::Purpose::Exit;
    request.terms.quantity = held > core::Quantity{} ? held : -held;
    request.reason = core::Code{"RANDOM_EXIT"};
    if (chance_.below(2) == 0) choose_type(request, price);
    submit(context, request);
  }

  void replace(kernel::EngineContext& context, core::Price price) {
    if (open_.empty()) return;
    trading::ReplaceIntent intent;
    intent.client_order_id = open_[chance_.below(open_.size())];
    intent.terms.quantity = core::Quantity::whole(static_cast<std::int64_t>(1 + chance_.below(40)));
    if (chance_.below(2) == 0) intent.terms.limit = beside(price, -1, chance_);
    if (chance_.below(3) == 0) intent.terms.stop = beside(price, -1, chance_);
    intent.reason = core::Code{"RANDOM"};
    ++(context.replace(intent) ? tally_.refusals : tally_.replaces);
  }

  void cancel(kernel::EngineContext& context) {
    if (open_.empty()) return;
    if (context.cancel(open_[chance_.below(open_.size())], core::Code{"RANDOM"})) ++tally_.cancels;
  }

  std::vector<core::InstrumentId> instruments_;
  Chance chance_;
  Tally& tally_;
  std::vector<core::ClientOrderId> open_;
};

}  // namespace st0ck::test
