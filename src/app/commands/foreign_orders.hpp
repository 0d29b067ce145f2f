#pragma once

#include "src/app/commands/row_filter.hpp"
#include "src/app/console/console.hpp"
#include "src/app/exit_code.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

namespace st0ck::app {

struct ForeignOrdersView {
  bool is_open = false;  ///< Only those that were there at the last look.
  bool is_json = false;
};

/// Prints the orders that the broker had and our books had not: those of others, and those under
/// the names of our bots.
core::Result<ExitCode> print_foreign_orders(storage::TradeLogReader& log, Console& console,
                                            const RowFilter& filter, const ForeignOrdersView& view);

}  // namespace st0ck::app
