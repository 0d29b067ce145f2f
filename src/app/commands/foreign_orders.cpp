#include "src/app/commands/foreign_orders.hpp"

#include "src/app/commands/row_json.hpp"
#include "src/app/console/table.hpp"
#include "src/app/console/time_columns.hpp"
#include "st0ck/trading/reconciliation.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace st0ck::app {

namespace {

using Rows = std::vector<kernel::DifferenceRow>;
using trading::DifferenceKind;

bool is_wanted(const kernel::DifferenceRow& row, const RowFilter& filter, bool is_open) {
  const trading::Difference& order = row.difference;
  if (order.kind != DifferenceKind::ForeignOrder && order.kind != DifferenceKind::OrderUnbooked)
    return false;
  if (is_open && row.ended) return false;
  return (filter.symbol.empty() || order.symbol.view() == filter.symbol) &&
         (filter.bot.empty() || trading::bot_named_in(order.client_order_id) == filter.bot);
}

template <typename Amount>
std::string text_of(const std::optional<Amount>& amount) {
  return amount ? amount->to_string() : "";
}

void print_rows(Console& console, const Rows& rows) {
  std::vector<core::Timestamp> seen;
  for (const auto& row : rows) seen.push_back(row.first_seen);
  const NewYorkTimes times{seen};
  Table table{{{"order"},
               {"whose"},
               {"symbol"},
               {"side"},
               {"qty", Align::Right},
               {"filled", Align::Right},
               {times.title("first seen"), Align::Left, 2},
               {"gone", Align::Left, 1}}};
  for (const auto& row : rows) {
    const trading::Difference& order = row.difference;
    const bool is_unbooked = order.kind == DifferenceKind::OrderUnbooked;
    table.add(
        {order.client_order_id.empty() ? order.venue_order_id.str() : order.client_order_id.str(),
         Cell{is_unbooked ? "unbooked" : "foreign", is_unbooked ? Tone::Bad : Tone::Plain},
         order.symbol.str(), order.side ? std::string{trading::name_of(*order.side)} : "",
         text_of(order.theirs), text_of(order.filled), times.text(row.first_seen),
         row.ended ? times.text_beside(row.first_seen, *row.ended) : ""});
  }
  table.print(console);
}

}  // namespace

core::Result<ExitCode> print_foreign_orders(storage::TradeLogReader& log, Console& console,
                                            const RowFilter& filter,
                                            const ForeignOrdersView& view) {
  const auto logged = log.differences();
  if (!logged) return tl::unexpected(logged.error());
  Rows rows;
  for (const auto& difference : *logged)
    if (is_wanted(difference.row, filter, view.is_open)) rows.push_back(difference.row);
  if (view.is_json) {
    auto json = nlohmann::ordered_json::array();
    for (const auto& row : rows) json.push_back(json_of(row));
    print_json(console, json);
  } else if (rows.empty()) {
    console.print("no order of anybody else was seen{}\n", view.is_open ? " at the last look" : "");
  } else {
    print_rows(console, rows);
  }
  return kExitFine;
}

}  // namespace st0ck::app
