#include "src/app/exchange/faults/reject_answer.hpp"

#include "src/app/exchange/api.hpp"

#include <string>
#include <utility>

namespace st0ck::app::exchange {

namespace {

namespace api_code = alpaca::api_code;
using alpaca::ApiError;

// Of an order that nobody has.
constexpr std::string_view kNoOrder = "00000000-0000-4000-8000-000000000000";

ApiError forbidden(std::string message) {
  return refusal(api_code::kForbidden, std::move(message));
}

ApiError rule(std::string message) { return refusal(api_code::kUnprocessable, std::move(message)); }

ApiError buying_power() {
  auto error = forbidden("insufficient buying power");
  error.buying_power = core::Money{};
  error.cost_basis = core::Money::whole(1000);
  return error;
}

ApiError quantity_held(std::string_view symbol) {
  auto error = forbidden("insufficient qty available for order (requested: 1, available: 0)");
  error.symbol = symbol;
  error.available = core::Quantity{};
  error.existing_quantity = core::Quantity::whole(1);
  error.held_for_orders = core::Quantity::whole(1);
  error.related_orders = {std::string{kNoOrder}};
  return error;
}

ApiError wash_trade() {
  auto error = forbidden("potential wash trade detected. use complex orders");
  error.existing_order_id = kNoOrder;
  error.reject_reason = "opposite side limit order exists";
  return error;
}

ApiError duplicate_id() {
  auto error = refusal(api_code::kInvalidField, "client_order_id must be unique");
  error.http_status = 422;
  return error;
}

ApiError position_intent(std::string_view symbol) {
  auto error = rule("position intent mismatch, inferred: buy_to_open, specified: buy_to_close");
  error.symbol = symbol;
  return error;
}

ApiError error_of(RejectReason reason, const std::string& symbol) {
  switch (reason) {
    case RejectReason::BuyingPower: return buying_power();
    case RejectReason::QuantityHeld: return quantity_held(symbol);
    case RejectReason::WashTrade: return wash_trade();
    case RejectReason::NotAllowedToShort: return forbidden("account is not allowed to short");
    case RejectReason::NotShortable: return rule("asset \"" + symbol + "\" cannot be sold short");
    case RejectReason::DayTrade:
      return refusal(api_code::kDayTradeProtection,
                     "trade denied due to pattern day trading protection");
    case RejectReason::Restricted: return forbidden("account is restricted to liquidation only");
    case RejectReason::Suspended: return forbidden("new orders are rejected by user request");
    case RejectReason::Fractional: return forbidden("fractional trading is disabled");
    case RejectReason::DuplicateId: return duplicate_id();
    case RejectReason::MarketClosed: return rule("market is closed");
    case RejectReason::Halted: return rule("asset " + symbol + " is halted");
    case RejectReason::BadIncrement:
      return rule("sub-penny increment does not fulfill minimum pricing criteria");
    case RejectReason::NotTradable: return rule("asset " + symbol + " is not tradable");
    case RejectReason::PositionIntent: return position_intent(symbol);
    case RejectReason::NotCancelable: return rule("order is not cancelable");
    case RejectReason::NotReplaceable: return rule("cannot replace order in accepted status");
    case RejectReason::Unchanged: return rule("order parameters are not changed");
    case RejectReason::NotFound:
      return refusal(api_code::kNotFound, "order not found for " + std::string{kNoOrder});
    case RejectReason::Malformed:
      return refusal(api_code::kMalformed, "request body format is invalid");
    case RejectReason::Unauthorized:
      return refusal(api_code::kUnauthorized, "request is not authorized");
    case RejectReason::Forbidden: break;
  }
  // A gateway's, which has no code.
  return {.http_status = 403, .message = "forbidden."};
}

}  // namespace

net::ServerResponse reject_answer(RejectReason reason, std::string_view symbol) {
  return error_answer(error_of(reason, symbol.empty() ? "SPY" : std::string{symbol}));
}

}  // namespace st0ck::app::exchange
