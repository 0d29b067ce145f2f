#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"

#include <optional>
#include <string>

namespace st0ck::alpaca {

/// Why an order is not sent.
struct LocalRefusal {
  core::Code code;
  std::string message;
};

/// What Alpaca would refuse for what the order and the time alone say: the rules of its body
/// (fractions, options, increments, groups, times in force), the hours of the auctions, and market
/// orders for options outside regular hours. Nothing where it may be sent.
///
/// The account, the market and other orders are the server's business: it answers with the same
/// codes.
std::optional<LocalRefusal> local_refusal(const NewOrder& order, core::Timestamp now,
                                          const OrderRules& rules = {});
std::optional<LocalRefusal> local_refusal(const ReplaceOrder& order);

}  // namespace st0ck::alpaca
