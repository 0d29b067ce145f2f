#pragma once

#include "st0ck/kernel/records.hpp"

#include <rapidcheck.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace st0ck::kernel {

/// Every kind of record, in the order of the alternatives of Record.
inline constexpr std::array kRecordKinds{RecordKind::RunStart,
                                         RecordKind::InstrumentDefined,
                                         RecordKind::Quote,
                                         RecordKind::Trade,
                                         RecordKind::Bar,
                                         RecordKind::SessionPhase,
                                         RecordKind::ProviderStatus,
                                         RecordKind::OrderUpdate,
                                         RecordKind::TimerFired,
                                         RecordKind::TradingStatus,
                                         RecordKind::CorporateAction,
                                         RecordKind::OperatorCommand,
                                         RecordKind::Reconciliation,
                                         RecordKind::AccountCheck,
                                         RecordKind::ProcessStart,
                                         RecordKind::LostExit,
                                         RecordKind::Decision,
                                         RecordKind::Order,
                                         RecordKind::Fill,
                                         RecordKind::RoundTrip,
                                         RecordKind::Position,
                                         RecordKind::BotDay,
                                         RecordKind::RiskEvent,
                                         RecordKind::LedgerEntry,
                                         RecordKind::EquityMark,
                                         RecordKind::Halt,
                                         RecordKind::Difference,
                                         RecordKind::RunEnd};

/// Draws the members of records; inside a RapidCheck property only.
class Draw {
 public:
  template <typename T>
    requires std::is_integral_v<T>
  static void into(T& number) {
    number = *rc::gen::arbitrary<T>();
  }
  static void into(bool& flag) { flag = *rc::gen::arbitrary<bool>(); }
  template <typename Tag, int Digits>
  static void into(core::FixedPoint<Tag, Digits>& amount) {
    amount = core::FixedPoint<Tag, Digits>::from_raw(*rc::gen::arbitrary<std::int64_t>());
  }
  template <typename Tag, typename Rep>
  static void into(core::Id<Tag, Rep>& id) {
    id = core::Id<Tag, Rep>{*rc::gen::arbitrary<Rep>()};
  }
  template <typename Tag, std::size_t Capacity>
  static void into(core::FixedText<Tag, Capacity>& text) {
    text = core::FixedText<Tag, Capacity>{some_text(Capacity)};
  }
  static void into(std::string& text) { text = some_text(300); }
  static void into(core::Timestamp& time) {
    time = core::timestamp_from_ns(*rc::gen::arbitrary<std::int64_t>());
  }
  static void into(core::Date& date) {
    date = core::Date{std::chrono::sys_days{std::chrono::days{*rc::gen::inRange(-30'000, 60'000)}}};
  }
  static void into(core::Multiplier& multiplier) {
    multiplier = core::Multiplier{*rc::gen::inRange(1U, 0xFFFFFFFFU)};
  }
  static void into(market::AssetClass& word) { any_of(word, market::AssetClass::Option); }
  static void into(market::Phase& word) { any_of(word, market::Phase::Close); }
  static void into(market::ProviderState& word) { any_of(word, market::ProviderState::Finished); }
  static void into(trading::Side& word) { any_of(word, trading::Side::Sell); }
  static void into(trading::OrderType& word) { any_of(word, trading::OrderType::TrailingStop); }
  static void into(trading::TimeInForce& word) { any_of(word, trading::TimeInForce::Cls); }
  static void into(trading::Purpose& word) { any_of(word, trading::Purpose::Exit); }
  static void into(trading::OrderState& word) { any_of(word, trading::OrderState::Expired); }
  static void into(trading::OrderUpdateKind& word) {
    any_of(word, trading::OrderUpdateKind::DuplicateId);
  }
  static void into(market::TradingState& word) { any_of(word, market::TradingState::Paused); }
  static void into(market::CorporateActionKind& word) {
    any_of(word, market::CorporateActionKind::Split);
  }
  static void into(trading::GroupKind& word) { any_of(word, trading::GroupKind::Bracket); }
  static void into(trading::GroupRole& word) { any_of(word, trading::GroupRole::Stop); }
  static void into(trading::OperatorCommandKind& word) {
    any_of(word, trading::OperatorCommandKind::Cancel);
  }
  static void into(trading::DifferenceKind& word) {
    any_of(word, trading::DifferenceKind::CashMoved);
  }
  static void into(trading::Difference& d) {
    all(d.kind, d.symbol, d.client_order_id, d.venue_order_id, d.side, d.ours, d.theirs, d.filled,
        d.cash_ours, d.cash_theirs, d.message);
  }
  static void into(trading::LedgerEntryKind& word) { any_of(word, trading::LedgerEntryKind::Fee); }
  static void into(trading::GroupLink& link) { all(link.kind, link.role, link.group); }
  static void into(DecisionKind& word) { any_of(word, DecisionKind::Transition); }
  static void into(core::Session& s) { all(s.date, s.open, s.close); }
  static void into(trading::OrderTerms& t) {
    all(t.quantity, t.limit, t.stop, t.trail, t.trail_rate);
  }
  static void into(trading::PairStop& s) {
    all(s.client_order_id, s.type, s.time_in_force, s.terms);
  }
  static void into(BotIdentity& b) { all(b.bot, b.engine, b.decision_version); }
  template <typename T>
  static void into(std::optional<T>& optional) {
    optional.reset();
    if (*rc::gen::arbitrary<bool>()) into(optional.emplace());
  }
  template <typename T>
  static void into(std::vector<T>& list) {
    list.resize(*rc::gen::inRange<std::size_t>(0, 4));
    for (T& item : list) into(item);
  }

  template <typename... Ts>
  static void all(Ts&... members) {
    (into(members), ...);
  }

 private:
  template <typename T>
  static void any_of(T& word, T last) {
    word = static_cast<T>(*rc::gen::inRange(0, static_cast<int>(last) + 1));
  }
  static std::string some_text(std::size_t size_max) {
    return *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(0, size_max + 1),
                                            rc::gen::arbitrary<char>());
  }
};

inline void draw(RunStart& r) {
  Draw::all(r.account, r.mode, r.configuration, r.configuration_hash, r.cash, r.bots);
}
inline void draw(market::Instrument& r) {
  Draw::all(r.id, r.symbol, r.asset_class, r.multiplier, r.expiry, r.is_shortable, r.borrow_rate);
  r.tick = core::Price::from_raw(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000));
}
inline void draw(market::Quote& r) {
  Draw::all(r.instrument, r.time, r.bid, r.ask, r.bid_size, r.ask_size, r.derived_fresh_until);
}
inline void draw(market::Trade& r) {
  Draw::all(r.instrument, r.time, r.price, r.size, r.conditions, r.exchange);
}
inline void draw(market::Bar& r) {
  Draw::all(r.instrument, r.start, r.end, r.open, r.high, r.low, r.close, r.volume, r.vwap,
            r.trade_count);
}
inline void draw(market::SessionPhase& r) { Draw::all(r.phase, r.session); }
inline void draw(market::ProviderStatus& r) { Draw::all(r.provider, r.state, r.reason); }
inline void draw(trading::OrderUpdate& r) {
  Draw::all(r.client_order_id, r.kind, r.time, r.execution, r.quantity, r.price, r.fee,
            r.cumulative_quantity, r.cumulative_notional, r.cumulative_fee, r.terms, r.reason);
}
inline void draw(TimerFired& r) { Draw::all(r.bot, r.timer, r.topic); }
inline void draw(market::TradingStatus& r) {
  Draw::all(r.instrument, r.time, r.state, r.reason, r.is_short_sale_restricted, r.band_low,
            r.band_high);
}
inline void draw(market::CorporateAction& r) {
  Draw::all(r.instrument, r.kind, r.ex_date, r.amount, r.numerator, r.denominator);
}
inline void draw(trading::OperatorCommand& r) {
  Draw::all(r.id, r.kind, r.bot, r.symbol, r.order, r.reason);
}
inline void draw(trading::Reconciliation& r) { Draw::all(r.differences); }
inline void draw(ProcessStart& r) { Draw::all(r.mark); }
inline void draw(trading::LostExit& r) {
  Draw::all(r.client_order_id, r.bot, r.instrument, r.side, r.type, r.time_in_force, r.terms,
            r.pair_stop);
}
inline void draw(Decision& r) {
  Draw::all(r.account, r.bot, r.engine, r.event_time, r.symbol, r.kind, r.side, r.quantity, r.price,
            r.code, r.client_order_id, r.explanation);
}
inline void draw(OrderRow& r) {
  Draw::all(r.id, r.client_order_id, r.account, r.bot, r.engine, r.symbol, r.side, r.type,
            r.time_in_force, r.purpose, r.quantity, r.limit, r.stop, r.trail, r.trail_rate, r.group,
            r.state, r.filled, r.filled_notional, r.fees, r.submitted, r.updated, r.reason,
            r.state_reason);
}
inline void draw(FillRow& r) {
  Draw::all(r.account, r.bot, r.engine, r.symbol, r.client_order_id, r.execution, r.time, r.side,
            r.quantity, r.price, r.notional, r.fee);
}
inline void draw(RoundTripRow& r) {
  Draw::all(r.id, r.account, r.bot, r.engine, r.symbol, r.side, r.quantity, r.entry_time,
            r.entry_price, r.exit_time, r.exit_price, r.realized_pnl, r.fees, r.exit_reason,
            r.client_order_ids);
}
inline void draw(PositionRow& r) {
  Draw::all(r.account, r.bot, r.symbol, r.quantity, r.cost, r.realized_pnl, r.fees, r.cash_flow);
}
inline void draw(BotDayRow& r) {
  Draw::all(r.account, r.bot, r.engine, r.session, r.orders, r.fills, r.trades, r.realized_pnl,
            r.fees, r.unrealized_pnl, r.cash);
}
inline void draw(RiskEventRow& r) { Draw::all(r.account, r.bot, r.code, r.message); }
inline void draw(LedgerEntryRow& r) {
  Draw::all(r.account, r.bot, r.symbol, r.kind, r.date, r.quantity, r.amount);
}
inline void draw(EquityMarkRow& r) {
  Draw::all(r.account, r.time, r.cash, r.settled_cash, r.long_value, r.short_value, r.equity);
}
inline void draw(HaltRow& r) { Draw::all(r.account, r.bot, r.is_halted, r.code, r.reason); }
inline void draw(AccountCheck& r) {
  Draw::all(r.account, r.host, r.market_host, r.broker_account, r.clock, r.program, r.closed);
}
inline void draw(DifferenceRow& r) {
  Draw::all(r.id, r.account, r.difference, r.first_seen, r.ended);
}
inline void draw(RunEnd& r) {
  Draw::all(r.sessions, r.events, r.decisions, r.orders, r.fills, r.trades, r.realized_pnl, r.fees,
            r.decisions_sha256);
}

}  // namespace st0ck::kernel
