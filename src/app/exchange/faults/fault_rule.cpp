#include "src/app/exchange/faults/fault_rule.hpp"

#include <algorithm>

namespace st0ck::app::exchange {

std::string_view name_of(FaultPoint point) {
  switch (point) {
    case FaultPoint::Submit:
    case FaultPoint::EnteredOrder: return "submit";
    case FaultPoint::Replace:
    case FaultPoint::ReplacedOrder: return "replace";
    case FaultPoint::Cancel:
    case FaultPoint::CancelledOrder: return "cancel";
    case FaultPoint::Orders: return "orders";
    case FaultPoint::Account: return "account";
    case FaultPoint::Clock: return "clock";
    case FaultPoint::Assets: return "assets";
    case FaultPoint::Trading: return "trading";
    case FaultPoint::Data: return "data";
    case FaultPoint::TradeUpdatesConnect: return "trade_updates_connect";
    case FaultPoint::MarketDataConnect: return "market_data_connect";
    case FaultPoint::TradeUpdates: return "trade_updates";
    case FaultPoint::MarketData: return "market_data";
  }
  return "";
}

std::string_view name_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::Lose: return "lose";
    case FaultKind::Delay: return "delay";
    case FaultKind::Duplicate: return "duplicate";
    case FaultKind::Truncate: return "truncate";
    case FaultKind::Hang: return "hang";
    case FaultKind::LoseReply: return "lose_reply";
    case FaultKind::DelayRequest: return "delay_request";
    case FaultKind::Status: return "status";
    case FaultKind::Overtake: return "overtake";
    case FaultKind::Close: return "close";
    case FaultKind::Forget: return "forget";
    case FaultKind::Reject: return "reject";
    case FaultKind::RejectLater: return "reject_later";
    case FaultKind::Halt: return "halt";
    case FaultKind::PartialFill: return "partial_fill";
    case FaultKind::Clock: return "clock";
    case FaultKind::Restart: return "restart";
  }
  return "";
}

std::string_view name_of(RejectReason reason) {
  switch (reason) {
    case RejectReason::BuyingPower: return "buying_power";
    case RejectReason::QuantityHeld: return "quantity_held";
    case RejectReason::WashTrade: return "wash_trade";
    case RejectReason::NotAllowedToShort: return "not_allowed_to_short";
    case RejectReason::NotShortable: return "not_shortable";
    case RejectReason::DayTrade: return "day_trade";
    case RejectReason::Restricted: return "restricted";
    case RejectReason::Suspended: return "suspended";
    case RejectReason::Fractional: return "fractional";
    case RejectReason::DuplicateId: return "duplicate_id";
    case RejectReason::MarketClosed: return "market_closed";
    case RejectReason::Halted: return "halted";
    case RejectReason::BadIncrement: return "bad_increment";
    case RejectReason::NotTradable: return "not_tradable";
    case RejectReason::PositionIntent: return "position_intent";
    case RejectReason::NotCancelable: return "not_cancelable";
    case RejectReason::NotReplaceable: return "not_replaceable";
    case RejectReason::Unchanged: return "unchanged";
    case RejectReason::NotFound: return "not_found";
    case RejectReason::Malformed: return "malformed";
    case RejectReason::Unauthorized: return "unauthorized";
    case RejectReason::Forbidden: return "forbidden";
  }
  return "";
}

bool can_happen(FaultKind kind, FaultPoint point) {
  const bool is_stream = point == FaultPoint::TradeUpdates || point == FaultPoint::MarketData;
  const bool is_order = point >= FaultPoint::EnteredOrder;
  const bool is_connect =
      point == FaultPoint::TradeUpdatesConnect || point == FaultPoint::MarketDataConnect;
  switch (kind) {
    case FaultKind::Lose:
    case FaultKind::Hang: return !is_order;
    case FaultKind::Delay:
    case FaultKind::Duplicate:
    case FaultKind::Truncate: return !is_order && !is_connect;
    case FaultKind::LoseReply:
    case FaultKind::DelayRequest: return !is_order && !is_connect && !is_stream;
    case FaultKind::Status: return !is_order && !is_stream;
    case FaultKind::Overtake:
    case FaultKind::Close:
    case FaultKind::Forget: return is_stream;
    case FaultKind::Reject: return point <= FaultPoint::Cancel;
    case FaultKind::RejectLater: return is_order;
    case FaultKind::Halt:
    case FaultKind::PartialFill:
    case FaultKind::Clock:
    case FaultKind::Restart: return false;
  }
  return false;
}

bool is_of_messages(FaultKind kind) { return kind < FaultKind::Halt; }

bool FaultRule::is_of(FaultPoint point) const {
  return std::ranges::find(where, point) != where.end();
}

bool FaultRule::is_of(const core::Symbol& symbol) const {
  return symbols.empty() || std::ranges::find(symbols, symbol) != symbols.end();
}

bool FaultRule::is_on_at(core::Duration time_of_day) const {
  if (!from) return true;
  const core::Duration begin = from->since_midnight;
  return time_of_day >= begin && (!lasts || time_of_day < begin + *lasts);
}

}  // namespace st0ck::app::exchange
