// Feeds arbitrary text to every reader of REST bodies, of both sides: each gives its objects or one
// refusal. An order that a client could send is written and read equal.

#include "st0ck/adapters/alpaca/wire/data/history.hpp"
#include "st0ck/adapters/alpaca/wire/data/snapshot.hpp"
#include "st0ck/adapters/alpaca/wire/reference/activity.hpp"
#include "st0ck/adapters/alpaca/wire/reference/asset.hpp"
#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/adapters/alpaca/wire/reference/corporate_action.hpp"
#include "st0ck/adapters/alpaca/wire/trading/account.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
#include "st0ck/adapters/alpaca/wire/trading/position.hpp"
#include "st0ck/core/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace st0ck::alpaca;

void check_order_bodies(std::string_view bytes) {
  if (const auto order = read_new_order(bytes)) {
    static_cast<void>(refusal_of(*order));
    if (order->order_class != OrderClass::Other)
      ST0CK_ASSERT(read_new_order(to_json(*order)) == *order, "an order body is read equal");
  }
  if (const auto order = read_replace_order(bytes)) {
    static_cast<void>(refusal_of(*order));
    ST0CK_ASSERT(read_replace_order(to_json(*order)) == *order, "a replacement is read equal");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  check_order_bodies(bytes);
  static_cast<void>(read_api_error(403, bytes));
  static_cast<void>(read_order(bytes).has_value());
  static_cast<void>(read_orders(bytes).has_value());
  static_cast<void>(read_bulk_results(bytes).has_value());
  static_cast<void>(read_account(bytes).has_value());
  static_cast<void>(read_positions(bytes).has_value());
  static_cast<void>(read_assets(bytes).has_value());
  static_cast<void>(read_option_contracts(bytes).has_value());
  static_cast<void>(read_clock(bytes).has_value());
  static_cast<void>(read_calendar(bytes).has_value());
  static_cast<void>(read_activities(bytes).has_value());
  static_cast<void>(read_corporate_actions(bytes).has_value());
  static_cast<void>(read_bars_page(bytes).has_value());
  static_cast<void>(read_latest_quotes(bytes).has_value());
  static_cast<void>(read_stock_snapshots(bytes).has_value());
  static_cast<void>(read_option_snapshots(bytes).has_value());
  static_cast<void>(read_most_actives(bytes).has_value());
  return 0;
}
