#pragma once

#include "st0ck/adapters/alpaca/trading_api.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order.hpp"
#include "st0ck/core/result.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace st0ck::alpaca {

struct OrderPagesSettings {
  std::uint32_t page_size = 500;  ///< The venue's own most.
  int pages_max = 20;
};

/// Lists orders page by page, the oldest first, and gives all of them at once, legs within their
/// parents unless `query` says otherwise. It says which; limit and direction are set here. Fails as
/// a whole, also with more pages than allowed: half a list would pass for the truth.
void list_orders(TradingApi& api, OrdersQuery query, const OrderPagesSettings& settings,
                 std::function<void(core::Result<std::vector<Order>>)> done);

}  // namespace st0ck::alpaca
