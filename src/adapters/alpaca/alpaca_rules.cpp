#include "st0ck/adapters/alpaca/alpaca_rules.hpp"

#include "st0ck/adapters/alpaca/refusal_code.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/trading/option_symbol.hpp"

#include <chrono>

namespace st0ck::alpaca {

namespace {

using namespace std::chrono_literals;
using trading::OrderType;
using trading::TimeInForce;

// Orders for an auction that is over are taken for the next one from this time on (3.3).
constexpr core::Duration kNextAuctionFrom = 19h;
constexpr core::Duration kOpeningCutOff = 2min;   // 09:28.
constexpr core::Duration kClosingCutOff = 10min;  // 15:50, and as long before an early close.

std::optional<LocalRefusal> refused(std::string_view code, std::string message) {
  return LocalRefusal{core::Code{code}, std::move(message)};
}

std::optional<LocalRefusal> check_auction(TimeInForce time_in_force, core::Timestamp now) {
  if (time_in_force != TimeInForce::Opg && time_in_force != TimeInForce::Cls) return std::nullopt;
  const core::NewYorkTime local = core::to_new_york(now);
  const auto calendar = core::ExchangeCalendar::xnys();
  if (!calendar.check(local.date)) return std::nullopt;
  const auto session = calendar.session_on(local.date);
  if (!session || local.time_of_day >= kNextAuctionFrom) return std::nullopt;
  const bool is_opening = time_in_force == TimeInForce::Opg;
  const core::Timestamp cut_off =
      is_opening ? session->open - kOpeningCutOff : session->close - kClosingCutOff;
  if (now < cut_off) return std::nullopt;
  return refused("TOO_LATE", is_opening
                                 ? "opg orders are taken until 09:28 and from 19:00 New York"
                                 : "cls orders are taken until 15:50 and from 19:00 New York");
}

bool is_option(const NewOrder& order) {
  return order.symbol && core::Symbol::fits(*order.symbol) &&
         trading::parse_option_symbol(core::Symbol{*order.symbol});
}

std::optional<LocalRefusal> check_option_hours(const NewOrder& order, core::Timestamp now) {
  if (order.type != OrderType::Market || !is_option(order)) return std::nullopt;
  if (core::ExchangeCalendar::xnys().session_at(now)) return std::nullopt;
  return refused("OPTION_RULE", "market orders for options are taken in regular hours only");
}

template <typename Verdict>
std::optional<LocalRefusal> from(const Verdict& verdict) {
  if (!verdict) return std::nullopt;
  return LocalRefusal{refusal_code(*verdict), verdict->message};
}

}  // namespace

std::optional<LocalRefusal> local_refusal(const NewOrder& order, core::Timestamp now,
                                          const OrderRules& rules) {
  if (auto refusal = from(refusal_of(order, rules))) return refusal;
  if (auto refusal = check_auction(order.time_in_force, now)) return refusal;
  return check_option_hours(order, now);
}

std::optional<LocalRefusal> local_refusal(const ReplaceOrder& order) {
  return from(refusal_of(order));
}

}  // namespace st0ck::alpaca
