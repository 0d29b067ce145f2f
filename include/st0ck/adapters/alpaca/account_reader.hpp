#pragma once

#include "st0ck/adapters/alpaca/order_pages.hpp"
#include "st0ck/adapters/alpaca/trading_api.hpp"
#include "st0ck/adapters/alpaca/wire/trading/account.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <functional>

namespace st0ck::alpaca {

/// Why the account may not trade; empty where it may.
std::string blocked_reason(const Account& account);

/// Reads what the account is and holds: account, clock, positions, open orders, one after the
/// other. The first that fails is the answer; refused keys say what to check and that a retry is no
/// help.
void read_account_report(TradingApi& api, const core::Clock& clock, const OrderPagesSettings& pages,
                         trading::RemoteBroker::Connected done);

}  // namespace st0ck::alpaca
