#include "st0ck/kernel/record_codec.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <type_traits>
#include <utility>

namespace st0ck::kernel {

namespace {

constexpr std::size_t kTextMax = std::size_t{1} << 24;
constexpr std::uint32_t kListMax = 1'000'000;
constexpr std::int32_t kDaysMax = 200 * 366;  ///< Before and after 1970.

/// Writes values one after the other.
class Writer {
 public:
  explicit Writer(PayloadBuffer& out) : out_{out} { out_.clear(); }

  template <typename T>
    requires std::is_integral_v<T>
  void value(const T& number) {
    out_.put_integer(number);
  }
  template <typename T>
    requires std::is_enum_v<T>
  void value(const T& word) {
    out_.put_integer(static_cast<std::underlying_type_t<T>>(word));
  }
  void value(bool flag) { out_.put_integer(static_cast<std::uint8_t>(flag)); }
  template <typename Tag, int Digits>
  void value(core::FixedPoint<Tag, Digits> amount) {
    out_.put_integer(amount.raw());
  }
  template <typename Tag, typename Rep>
  void value(core::Id<Tag, Rep> id) {
    out_.put_integer(id.value());
  }
  template <typename Tag, std::size_t Capacity>
  void value(const core::FixedText<Tag, Capacity>& text) {
    out_.put_integer(static_cast<std::uint8_t>(text.size()));
    out_.put(text.view().data(), text.size());
  }
  void value(const std::string& text) {
    ST0CK_ASSERT(text.size() <= kTextMax, "a text fits its record");
    out_.put_integer(static_cast<std::uint32_t>(text.size()));
    out_.put(text.data(), text.size());
  }
  void value(core::Timestamp time) { out_.put_integer(core::to_ns(time)); }
  void value(core::Date date) {
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    ST0CK_ASSERT(date.ok() && days >= -kDaysMax && days <= kDaysMax,
                 "a date in a record is one of the calendar's time");
    out_.put_integer(static_cast<std::int32_t>(days));
  }
  void value(const core::Session& session) { values(session.date, session.open, session.close); }
  void value(const trading::OrderTerms& terms) {
    values(terms.quantity, terms.limit, terms.stop, terms.trail, terms.trail_rate);
  }
  void value(const trading::GroupLink& link) { values(link.kind, link.role, link.group); }
  void value(const trading::PairStop& s) {
    values(s.client_order_id, s.type, s.time_in_force, s.terms);
  }
  void value(const BotIdentity& bot) { values(bot.bot, bot.engine, bot.decision_version); }
  void value(const trading::Difference& d) {
    values(d.kind, d.symbol, d.client_order_id, d.venue_order_id, d.side, d.ours, d.theirs,
           d.filled, d.cash_ours, d.cash_theirs, d.message);
  }
  template <typename T>
  void value(const std::optional<T>& optional) {
    value(optional.has_value());
    if (optional) value(*optional);
  }
  template <typename T>
  void value(const std::vector<T>& list) {
    ST0CK_ASSERT(list.size() <= kListMax, "a list fits its record");
    value(static_cast<std::uint32_t>(list.size()));
    for (const T& item : list) value(item);
  }

  template <typename... Ts>
  void values(const Ts&... items) {
    (value(items), ...);
  }

 private:
  PayloadBuffer& out_;
};

/// The last enumerator of each enumeration in a record, to refuse bytes that are none of them.
template <typename T>
constexpr T kLast{};
template <>
constexpr market::AssetClass kLast<market::AssetClass> = market::AssetClass::Option;
template <>
constexpr market::Phase kLast<market::Phase> = market::Phase::Close;
template <>
constexpr market::ProviderState kLast<market::ProviderState> = market::ProviderState::Finished;
template <>
constexpr trading::Side kLast<trading::Side> = trading::Side::Sell;
template <>
constexpr trading::OrderType kLast<trading::OrderType> = trading::OrderType::TrailingStop;
template <>
constexpr trading::TimeInForce kLast<trading::TimeInForce> = trading::TimeInForce::Cls;
template <>
constexpr trading::Purpose kLast<trading::Purpose> = trading::Purpose::Exit;
template <>
constexpr trading::OrderState kLast<trading::OrderState> = trading::OrderState::Expired;
template <>
constexpr trading::OrderUpdateKind kLast<trading::OrderUpdateKind> =
    trading::OrderUpdateKind::DuplicateId;
template <>
constexpr market::TradingState kLast<market::TradingState> = market::TradingState::Paused;
template <>
constexpr market::CorporateActionKind kLast<market::CorporateActionKind> =
    market::CorporateActionKind::Split;
template <>
constexpr trading::GroupKind kLast<trading::GroupKind> = trading::GroupKind::Bracket;
template <>
constexpr trading::GroupRole kLast<trading::GroupRole> = trading::GroupRole::Stop;
template <>
constexpr trading::OperatorCommandKind kLast<trading::OperatorCommandKind> =
    trading::OperatorCommandKind::Cancel;
template <>
constexpr trading::LedgerEntryKind kLast<trading::LedgerEntryKind> = trading::LedgerEntryKind::Fee;
template <>
constexpr trading::DifferenceKind kLast<trading::DifferenceKind> =
    trading::DifferenceKind::PositionUnproven;
template <>
constexpr DecisionKind kLast<DecisionKind> = DecisionKind::Transition;

/// Reads values one after the other; the first bad one makes everything after it bad.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_{bytes} {}

  bool is_good() const { return is_good_; }
  bool is_at_end() const { return bytes_.empty(); }

  template <typename T>
    requires std::is_integral_v<T>
  void value(T& number) {
    take(&number, sizeof number);
  }
  template <typename T>
    requires std::is_enum_v<T>
  void value(T& word) {
    std::underlying_type_t<T> number{};
    take(&number, sizeof number);
    if constexpr (std::is_same_v<T, core::Multiplier>) {
      expect(number > 0);
    } else {
      expect(number <= static_cast<std::underlying_type_t<T>>(kLast<T>));
    }
    word = static_cast<T>(number);
  }
  void value(bool& flag) {
    std::uint8_t number = 0;
    take(&number, sizeof number);
    expect(number <= 1);
    flag = number == 1;
  }
  template <typename Tag, int Digits>
  void value(core::FixedPoint<Tag, Digits>& amount) {
    std::int64_t raw = 0;
    value(raw);
    amount = core::FixedPoint<Tag, Digits>::from_raw(raw);
  }
  template <typename Tag, typename Rep>
  void value(core::Id<Tag, Rep>& id) {
    Rep number{};
    value(number);
    id = core::Id<Tag, Rep>{number};
  }
  template <typename Tag, std::size_t Capacity>
  void value(core::FixedText<Tag, Capacity>& text) {
    std::uint8_t size = 0;
    value(size);
    expect(size <= Capacity && size <= bytes_.size());
    if (is_good_) text = core::FixedText<Tag, Capacity>{take_text(size)};
  }
  void value(std::string& text) {
    std::uint32_t size = 0;
    value(size);
    expect(size <= kTextMax && size <= bytes_.size());
    if (is_good_) text = take_text(size);
  }
  void value(core::Timestamp& time) {
    std::int64_t nanoseconds = 0;
    value(nanoseconds);
    time = core::timestamp_from_ns(nanoseconds);
  }
  void value(core::Date& date) {
    std::int32_t days = 0;
    value(days);
    expect(days >= -kDaysMax && days <= kDaysMax);
    if (is_good_) date = core::Date{std::chrono::sys_days{std::chrono::days{days}}};
  }
  void value(core::Session& session) { values(session.date, session.open, session.close); }
  void value(trading::GroupLink& link) { values(link.kind, link.role, link.group); }
  void value(trading::OrderTerms& terms) {
    values(terms.quantity, terms.limit, terms.stop, terms.trail, terms.trail_rate);
  }
  void value(trading::PairStop& s) { values(s.client_order_id, s.type, s.time_in_force, s.terms); }
  void value(BotIdentity& bot) { values(bot.bot, bot.engine, bot.decision_version); }
  void value(trading::Difference& d) {
    values(d.kind, d.symbol, d.client_order_id, d.venue_order_id, d.side, d.ours, d.theirs,
           d.filled, d.cash_ours, d.cash_theirs, d.message);
  }
  template <typename T>
  void value(std::optional<T>& optional) {
    bool has_value = false;
    value(has_value);
    optional.reset();
    if (is_good_ && has_value) value(optional.emplace());
  }
  template <typename T>
  void value(std::vector<T>& list) {
    std::uint32_t size = 0;
    value(size);
    expect(size <= kListMax && size <= bytes_.size());
    list.clear();
    for (std::uint32_t i = 0; is_good_ && i < size; ++i) value(list.emplace_back());
  }

  template <typename... Ts>
  void values(Ts&... items) {
    (value(items), ...);
  }

 private:
  void expect(bool condition) { is_good_ = is_good_ && condition; }

  void take(void* out, std::size_t size) {
    expect(size <= bytes_.size());
    if (!is_good_) return;
    std::memcpy(out, bytes_.data(), size);
    bytes_ = bytes_.subspan(size);
  }

  std::string_view take_text(std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(bytes_.data()), size};
    bytes_ = bytes_.subspan(size);
    return text;
  }

  std::span<const std::byte> bytes_;
  bool is_good_ = true;
};

// One list of members per record serves both directions.

template <typename R, typename Plain>
concept Of = std::is_same_v<std::remove_const_t<R>, Plain>;

template <Of<RunStart> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.mode, r.configuration, r.configuration_hash, r.cash, r.bots);
}
template <Of<market::Instrument> R>
void walk(auto& io, R& r) {
  io.values(r.id, r.symbol, r.asset_class, r.multiplier, r.tick, r.expiry, r.is_shortable,
            r.borrow_rate);
}
template <Of<market::Quote> R>
void walk(auto& io, R& r) {
  io.values(r.instrument, r.time, r.bid, r.ask, r.bid_size, r.ask_size, r.derived_fresh_until);
}
template <Of<market::Trade> R>
void walk(auto& io, R& r) {
  io.values(r.instrument, r.time, r.price, r.size, r.conditions, r.exchange);
}
template <Of<market::Bar> R>
void walk(auto& io, R& r) {
  io.values(r.instrument, r.start, r.end, r.open, r.high, r.low, r.close, r.volume, r.vwap,
            r.trade_count);
}
template <Of<market::SessionPhase> R>
void walk(auto& io, R& r) {
  io.values(r.phase, r.session);
}
template <Of<market::ProviderStatus> R>
void walk(auto& io, R& r) {
  io.values(r.provider, r.state, r.reason);
}
template <Of<trading::OrderUpdate> R>
void walk(auto& io, R& r) {
  io.values(r.client_order_id, r.kind, r.time, r.execution, r.quantity, r.price, r.fee,
            r.cumulative_quantity, r.cumulative_notional, r.cumulative_fee, r.terms, r.reason);
}
template <Of<TimerFired> R>
void walk(auto& io, R& r) {
  io.values(r.bot, r.timer, r.topic);
}
template <Of<market::TradingStatus> R>
void walk(auto& io, R& r) {
  io.values(r.instrument, r.time, r.state, r.reason, r.is_short_sale_restricted, r.band_low,
            r.band_high);
}
template <Of<market::CorporateAction> R>
void walk(auto& io, R& r) {
  io.values(r.instrument, r.kind, r.ex_date, r.amount, r.numerator, r.denominator);
}
template <Of<trading::OperatorCommand> R>
void walk(auto& io, R& r) {
  io.values(r.id, r.kind, r.bot, r.symbol, r.order, r.reason);
}
template <Of<trading::Reconciliation> R>
void walk(auto& io, R& r) {
  io.values(r.differences);
}
template <Of<AccountCheck> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.host, r.market_host, r.broker_account, r.clock, r.program, r.closed);
}
template <Of<ProcessStart> R>
void walk(auto& io, R& r) {
  io.values(r.mark);
}
template <Of<trading::LostExit> R>
void walk(auto& io, R& r) {
  io.values(r.client_order_id, r.bot, r.instrument, r.side, r.type, r.time_in_force, r.terms,
            r.pair_stop);
}
template <Of<Decision> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.bot, r.engine, r.event_time, r.symbol, r.kind, r.side, r.quantity, r.price,
            r.code, r.client_order_id, r.explanation);
}
template <Of<OrderRow> R>
void walk(auto& io, R& r) {
  io.values(r.id, r.client_order_id, r.account, r.bot, r.engine, r.symbol, r.side, r.type,
            r.time_in_force, r.purpose, r.quantity, r.limit, r.stop, r.trail, r.trail_rate, r.group,
            r.state, r.filled, r.filled_notional, r.fees, r.submitted, r.updated, r.reason,
            r.state_reason);
}
template <Of<FillRow> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.bot, r.engine, r.symbol, r.client_order_id, r.execution, r.time, r.side,
            r.quantity, r.price, r.notional, r.fee);
}
template <Of<RoundTripRow> R>
void walk(auto& io, R& r) {
  io.values(r.id, r.account, r.bot, r.engine, r.symbol, r.side, r.quantity, r.entry_time,
            r.entry_price, r.exit_time, r.exit_price, r.realized_pnl, r.fees, r.exit_reason,
            r.client_order_ids);
}
template <Of<PositionRow> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.bot, r.symbol, r.quantity, r.cost, r.realized_pnl, r.fees, r.cash_flow);
}
template <Of<BotDayRow> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.bot, r.engine, r.session, r.orders, r.fills, r.trades, r.realized_pnl,
            r.fees, r.unrealized_pnl, r.cash);
}
template <Of<RiskEventRow> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.bot, r.code, r.message);
}
template <Of<LedgerEntryRow> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.bot, r.symbol, r.kind, r.date, r.quantity, r.amount);
}
template <Of<EquityMarkRow> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.time, r.cash, r.settled_cash, r.long_value, r.short_value, r.equity);
}
template <Of<HaltRow> R>
void walk(auto& io, R& r) {
  io.values(r.account, r.bot, r.is_halted, r.code, r.reason);
}
template <Of<DifferenceRow> R>
void walk(auto& io, R& r) {
  io.values(r.id, r.account, r.difference, r.first_seen, r.ended);
}
template <Of<RunEnd> R>
void walk(auto& io, R& r) {
  io.values(r.sessions, r.events, r.decisions, r.orders, r.fills, r.trades, r.realized_pnl, r.fees,
            r.decisions_sha256);
}

template <typename R>
void write(const R& record, PayloadBuffer& out) {
  Writer writer{out};
  walk<const R>(writer, record);
}

/// What a record must be beyond its members' own ranges.
bool is_sound(const auto&) { return true; }
bool is_sound(const market::Instrument& instrument) { return instrument.tick.is_positive(); }

template <typename R>
core::Result<Record> read(RecordKind kind, std::span<const std::byte> payload) {
  R record{};
  Reader reader{payload};
  walk<R>(reader, record);
  if (!reader.is_good() || !is_sound(record))
    return core::fail(core::Errc::Corrupt, "a {} record of {} bytes is cut short or out of range",
                      name_of(kind), payload.size());
  if (!reader.is_at_end())
    return core::fail(core::Errc::Corrupt, "a {} record of {} bytes is too long", name_of(kind),
                      payload.size());
  return Record{std::move(record)};
}

}  // namespace

void encode(const RunStart& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::Instrument& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::Quote& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::Trade& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::Bar& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::SessionPhase& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::ProviderStatus& record, PayloadBuffer& out) { write(record, out); }
void encode(const trading::OrderUpdate& record, PayloadBuffer& out) { write(record, out); }
void encode(const TimerFired& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::TradingStatus& record, PayloadBuffer& out) { write(record, out); }
void encode(const market::CorporateAction& record, PayloadBuffer& out) { write(record, out); }
void encode(const trading::OperatorCommand& record, PayloadBuffer& out) { write(record, out); }
void encode(const trading::Reconciliation& record, PayloadBuffer& out) { write(record, out); }
void encode(const AccountCheck& record, PayloadBuffer& out) { write(record, out); }
void encode(const ProcessStart& record, PayloadBuffer& out) { write(record, out); }
void encode(const trading::LostExit& record, PayloadBuffer& out) { write(record, out); }
void encode(const Decision& record, PayloadBuffer& out) { write(record, out); }
void encode(const OrderRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const FillRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const RoundTripRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const PositionRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const BotDayRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const RiskEventRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const LedgerEntryRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const EquityMarkRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const HaltRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const DifferenceRow& record, PayloadBuffer& out) { write(record, out); }
void encode(const RunEnd& record, PayloadBuffer& out) { write(record, out); }

core::Result<Record> decode(RecordKind kind, std::span<const std::byte> payload) {
  switch (kind) {
    case RecordKind::RunStart: return read<RunStart>(kind, payload);
    case RecordKind::InstrumentDefined: return read<market::Instrument>(kind, payload);
    case RecordKind::Quote: return read<market::Quote>(kind, payload);
    case RecordKind::Trade: return read<market::Trade>(kind, payload);
    case RecordKind::Bar: return read<market::Bar>(kind, payload);
    case RecordKind::SessionPhase: return read<market::SessionPhase>(kind, payload);
    case RecordKind::ProviderStatus: return read<market::ProviderStatus>(kind, payload);
    case RecordKind::OrderUpdate: return read<trading::OrderUpdate>(kind, payload);
    case RecordKind::TimerFired: return read<TimerFired>(kind, payload);
    case RecordKind::TradingStatus: return read<market::TradingStatus>(kind, payload);
    case RecordKind::CorporateAction: return read<market::CorporateAction>(kind, payload);
    case RecordKind::OperatorCommand: return read<trading::OperatorCommand>(kind, payload);
    case RecordKind::Reconciliation: return read<trading::Reconciliation>(kind, payload);
    case RecordKind::AccountCheck: return read<AccountCheck>(kind, payload);
    case RecordKind::ProcessStart: return read<ProcessStart>(kind, payload);
    case RecordKind::LostExit: return read<trading::LostExit>(kind, payload);
    case RecordKind::Decision: return read<Decision>(kind, payload);
    case RecordKind::Order: return read<OrderRow>(kind, payload);
    case RecordKind::Fill: return read<FillRow>(kind, payload);
    case RecordKind::RoundTrip: return read<RoundTripRow>(kind, payload);
    case RecordKind::Position: return read<PositionRow>(kind, payload);
    case RecordKind::BotDay: return read<BotDayRow>(kind, payload);
    case RecordKind::RiskEvent: return read<RiskEventRow>(kind, payload);
    case RecordKind::LedgerEntry: return read<LedgerEntryRow>(kind, payload);
    case RecordKind::EquityMark: return read<EquityMarkRow>(kind, payload);
    case RecordKind::Halt: return read<HaltRow>(kind, payload);
    case RecordKind::Difference: return read<DifferenceRow>(kind, payload);
    case RecordKind::RunEnd: return read<RunEnd>(kind, payload);
  }
  return core::fail(core::Errc::Corrupt, "record kind {} is not known",
                    static_cast<unsigned>(kind));
}

}  // namespace st0ck::kernel
