#include "group_keeper.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/trading/corporate_terms.hpp"
#include "st0ck/trading/desk.hpp"
#include "st0ck/trading/option_symbol.hpp"

#include <fmt/format.h>

#include <algorithm>

// What changes positions and cash without a fill: docs/ledger.md has the rules.
namespace st0ck::trading {

namespace {

using market::CorporateAction;
using market::CorporateActionKind;

constexpr core::Money kCent = core::Money::from_raw(10'000'000);
constexpr core::Quantity kShare = core::Quantity::whole(1);

/// `value` x `rate` x `days` / 360, to the cent, a half away from zero.
core::Money interest(core::Money value, core::Rate rate, std::int64_t days) {
  constexpr std::int64_t kDaysOfYear = 360;
  const core::Int128 unit = core::Int128{core::Rate::kOne} * kDaysOfYear * kCent.raw();
  const core::Int128 cents =
      core::divide(core::Int128{value.raw()} * rate.raw() * days, unit, core::Rounding::HalfAway);
  return core::Money::from_raw(core::narrow(cents * kCent.raw()).value_or(0));
}

core::Code code_of(LedgerEntryKind kind) {
  return core::Code{kind == LedgerEntryKind::Expiry ? "EXPIRY" : "CASH_IN_LIEU"};
}

}  // namespace

void Desk::on_corporate_action(const CorporateAction& action) {
  // By place: positions are only ever added behind.
  for (std::size_t i = 0; i < ledger_.positions().size(); ++i) {
    const Position& position = ledger_.positions()[i];
    if (position.key.instrument != action.instrument || position.is_flat()) continue;
    if (action.kind == CorporateActionKind::Split)
      split_position(position, action);
    else
      pay_dividend(position, action);
  }
  amend_armed_orders(action);
  groups_->on_corporate_action(action, parts_.instruments[action.instrument].tick);
  if (action.kind == CorporateActionKind::Split) warn_of_options(action);
}

void Desk::pay_dividend(const Position& position, const CorporateAction& action) {
  const LedgerKey key = position.key;
  const core::Multiplier multiplier = parts_.instruments[key.instrument].multiplier;
  const core::Money amount = core::notional(action.amount, position.quantity, multiplier);
  ledger_.carry(key, amount);
  enter_in_ledger(key, LedgerEntryKind::Dividend, action.ex_date, position.quantity, amount);
}

/// A position of whole shares stays one: what a split leaves beyond them is paid in cash.
void Desk::split_position(const Position& position, const CorporateAction& action) {
  const LedgerKey key = position.key;
  const core::Quantity before = position.quantity;
  const core::Quantity after = after_split(before, action);
  if (after.is_zero()) {
    // Less than 1e-9 of a share would be left, which is worth nothing.
    close_out(position, before.abs(), {}, LedgerEntryKind::CashInLieu);
    return;
  }
  ledger_.split(key, action);
  enter_in_ledger(key, LedgerEntryKind::Split, action.ex_date, after, {});
  alarm(key.bot, "SPLIT",
        fmt::format("{} splits {} for {} on {}: {} became {}, at the same cost",
                    parts_.instruments[key.instrument].symbol, action.numerator, action.denominator,
                    core::format_date(action.ex_date), before.to_string(), after.to_string()));
  const core::Quantity fraction =
      after.abs() - after.abs().rounded_to(kShare, core::Rounding::ToZero);
  if (!before.is_multiple_of(kShare) || fraction.is_zero()) return;
  const auto mark = parts_.market.mark(key.instrument);
  if (!mark)
    return alarm(key.bot, "NO_CASH_IN_LIEU",
                 fmt::format("{} has no price to pay {} of a share by: it is kept",
                             parts_.instruments[key.instrument].symbol, fraction.to_string()));
  const core::Money value =
      core::notional(*mark, fraction, parts_.instruments[key.instrument].multiplier);
  close_out(position, fraction, after.is_positive() ? value : -value, LedgerEntryKind::CashInLieu);
}

/// Ends a part of a position for an amount received (+) or paid (-).
void Desk::close_out(const Position& position, core::Quantity quantity, core::Money amount,
                     LedgerEntryKind kind) {
  const LedgerKey key = position.key;
  const core::Date date = session_ ? session_->date : core::to_new_york(now()).date;
  const core::Quantity closed = position.quantity.is_negative() ? -quantity : quantity;
  const TradeRecord* trade = ledger_.close_out(key, quantity, amount, now(), code_of(kind));
  enter_in_ledger(key, kind, date, closed, amount);
  count_trade(state_of(key.bot), trade);
}

void Desk::enter_in_ledger(const LedgerKey& key, LedgerEntryKind kind, core::Date date,
                           core::Quantity quantity, core::Money amount) {
  LedgerEntry entry;
  entry.account = key.account;
  entry.bot = key.bot;
  entry.instrument = key.instrument;
  entry.kind = kind;
  entry.date = date;
  entry.quantity = quantity;
  entry.amount = amount;
  parts_.observer.on_ledger_entry(entry);
  parts_.observer.on_position(*ledger_.find(key));
}

/// Orders that are armed here are the desk's to adjust; the quantity of one that would be for
/// nothing is its group's business.
void Desk::amend_armed_orders(const CorporateAction& action) {
  const core::Code reason{action.kind == CorporateActionKind::Split ? "SPLIT" : "EX_DIVIDEND"};
  for (const Order* order : orders_.open_orders()) {
    const OrderIntent& intent = order->intent;
    if (order->state != OrderState::Armed || intent.leg().instrument != action.instrument) continue;
    const core::Price tick = parts_.instruments[action.instrument].tick;
    OrderTerms terms = terms_after(action, intent.leg().side, intent.type, intent.terms, {}, tick);
    if (!terms.quantity.is_positive()) terms.quantity = intent.terms.quantity;
    if (terms == intent.terms) continue;
    orders_.amend_armed(intent.client_order_id, terms, now());
    parts_.observer.on_replace(*order, {intent.client_order_id, terms, reason}, std::nullopt);
    parts_.observer.on_order(*order);
  }
}

/// The clearing house gives options on a split stock other terms; that is not done here.
void Desk::warn_of_options(const CorporateAction& split) {
  const core::Symbol& symbol = parts_.instruments[split.instrument].symbol;
  for (const Position& position : ledger_.positions()) {
    const market::Instrument& held = parts_.instruments[position.key.instrument];
    if (position.is_flat() || held.asset_class != market::AssetClass::Option) continue;
    const auto option = parse_option_symbol(held.symbol);
    if (!option || option->underlying != symbol) continue;
    halt(position.key.bot, "OPTION_NOT_ADJUSTED",
         fmt::format("{} splits, and the bot holds {} of {}: their strike and multiplier are not "
                     "adjusted here",
                     symbol, position.quantity.to_string(), held.symbol));
  }
}

bool Desk::is_involved(core::InstrumentId instrument) const {
  const auto& positions = ledger_.positions();
  const auto& orders = orders_.open_orders();
  return std::any_of(positions.begin(), positions.end(),
                     [&](const Position& position) {
                       return position.key.instrument == instrument && !position.is_flat();
                     }) ||
         std::any_of(orders.begin(), orders.end(), [&](const Order* order) {
           return order->intent.leg().instrument == instrument;
         });
}

/// For the nights until the next session, on what is short at the close.
void Desk::charge_borrow_fees() {
  borrow_fees_.clear();
  for (std::size_t i = 0; i < ledger_.positions().size(); ++i)
    charge_borrow_fee(ledger_.positions()[i], *session_);
}

/// Charges what was not charged for this close yet: a fill that is heard of after it changes what
/// is borrowed over night, and the difference is charged, or given back.
void Desk::charge_borrow_fee(const Position& position, const core::Session& session) {
  const LedgerKey key = position.key;
  if (!parts_.instruments[key.instrument].borrow_rate.is_positive()) return;
  core::Money fee = borrow_fee_of(position, session);
  for (const BorrowFee& charged : borrow_fees_)
    if (charged.position == key) fee -= charged.amount;
  if (fee.is_zero()) return;
  borrow_fees_.push_back({key, fee});
  ledger_.carry(key, -fee);
  enter_in_ledger(key, LedgerEntryKind::BorrowFee, session.date, position.quantity, -fee);
}

/// For the nights until the next session; nothing for what is not short.
core::Money Desk::borrow_fee_of(const Position& position, const core::Session& session) const {
  const auto next = core::ExchangeCalendar::xnys().next_session(session.date);
  if (!next || !position.quantity.is_negative()) return {};
  const std::int64_t nights =
      (std::chrono::sys_days{next->date} - std::chrono::sys_days{session.date}).count();
  const market::Instrument& instrument = parts_.instruments[position.key.instrument];
  const auto mark = parts_.market.mark(instrument.id);
  // Without a mark, by what the shares were sold for.
  const core::Money value =
      mark ? core::notional(*mark, position.quantity.abs(), instrument.multiplier)
           : position.cost.abs();
  return interest(value, instrument.borrow_rate, nights);
}

void Desk::expire_options() {
  for (const market::Instrument& instrument : parts_.instruments)
    if (instrument.asset_class == market::AssetClass::Option) expire(instrument);
}

/// After the close of its last day an option ends: worthless, or for its intrinsic value in cash.
void Desk::expire(const market::Instrument& option) {
  if (!is_involved(option.id)) return;
  const auto terms = parse_option_symbol(option.symbol);
  const auto last_day = option.expiry ? option.expiry
                        : terms       ? std::optional{terms->expiry}
                                      : std::nullopt;
  if (!last_day || *last_day > session_->date) return;
  for (const BotState& state : bots_) groups_->release(state.bot, option.id);
  const std::vector<const Order*> open = orders_.open_orders();
  for (const Order* order : open)
    if (order->intent.leg().instrument == option.id)
      cancel(order->intent.bot, order->intent.client_order_id, core::Code{"EXPIRED"});

  const market::Instrument* underlying =
      terms ? parts_.instruments.find(terms->underlying) : nullptr;
  const auto mark = underlying != nullptr ? parts_.market.mark(underlying->id) : std::nullopt;
  for (std::size_t i = 0; i < ledger_.positions().size(); ++i) {
    const Position& position = ledger_.positions()[i];
    if (position.key.instrument != option.id || position.is_flat()) continue;
    if (!mark) {
      alarm(position.key.bot, "EXPIRY_UNKNOWN",
            fmt::format("{} has expired with {} held, and the price of what it is an option on is "
                        "not known here: the position stays",
                        option.symbol, position.quantity.to_string()));
      continue;
    }
    const core::Money value =
        core::notional(terms->intrinsic(*mark), position.quantity, option.multiplier);
    close_out(position, position.quantity.abs(), value, LedgerEntryKind::Expiry);
  }
}

void Desk::mark_equity() {
  EquityMark mark;
  mark.time = now();
  mark.cash = cash();
  mark.settled_cash = settled_cash(session_ ? session_->date : core::to_new_york(mark.time).date);
  mark.long_value = mark.short_value = core::Money{};
  for (const Position& position : ledger_.positions()) {
    if (position.is_flat()) continue;
    auto& side = position.quantity.is_positive() ? mark.long_value : mark.short_value;
    const auto price = parts_.market.mark(position.key.instrument);
    if (!price)
      side.reset();
    else if (side)
      *side += core::notional(*price, position.quantity,
                              parts_.instruments[position.key.instrument].multiplier);
  }
  if (mark.long_value && mark.short_value)
    mark.equity = mark.cash + *mark.long_value + *mark.short_value;
  parts_.observer.on_equity_mark(mark);
}

}  // namespace st0ck::trading
