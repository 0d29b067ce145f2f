#pragma once

#include "st0ck/adapters/alpaca/order_pages.hpp"
#include "st0ck/adapters/alpaca/trading_api.hpp"
#include "st0ck/adapters/alpaca/wire/trading/account.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <functional>
#include <optional>

namespace st0ck::alpaca {

/// Why the account may not trade; empty where it may.
std::string blocked_reason(const Account& account);

/// Our id of an order of ours, whatever the venue calls it by now; nothing for one of somebody
/// else.
using OrderNaming = std::function<std::optional<core::ClientOrderId>(const Order& order)>;

/// Reads what the account is and holds: account, clock, positions, open orders, one after the
/// other; then, with `named_since`, the orders that were made since then under names of ours. The
/// first that fails is the answer; refused keys say what to check and that a retry is no
/// help.
void read_account_report(TradingApi& api, const core::Clock& clock, const OrderPagesSettings& pages,
                         OrderNaming naming, const std::optional<core::Timestamp>& named_since,
                         trading::RemoteBroker::Connected done);

}  // namespace st0ck::alpaca
