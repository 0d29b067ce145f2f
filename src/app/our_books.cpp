#include "src/app/our_books.hpp"

#include <algorithm>

namespace st0ck::app {

namespace {

using trading::OrderState;

constexpr bool is_at_work(OrderState state) {
  return state == OrderState::Working || state == OrderState::PendingCancel ||
         state == OrderState::PendingReplace;
}

trading::BookedOrder booked(const trading::Order& order,
                            const market::InstrumentTable& instruments) {
  trading::BookedOrder booked;
  booked.client_order_id = order.intent.client_order_id;
  booked.symbol = instruments[order.intent.leg().instrument].symbol;
  booked.side = order.intent.leg().side;
  booked.quantity = order.intent.terms.quantity;
  booked.filled = order.filled;
  booked.is_open = order.is_open() && order.state != OrderState::Armed;  // Else it never left.
  booked.is_id_taken = order.state_reason == core::Code{"ID_TAKEN"};
  return booked;
}

core::Quantity position_in(const trading::Ledger& ledger, core::InstrumentId instrument) {
  core::Quantity sum;
  for (const trading::Position& position : ledger.positions())
    if (position.key.instrument == instrument) sum += position.quantity;
  return sum;
}

bool is_listed(const trading::AccountReport& report, const core::ClientOrderId& id) {
  return std::ranges::find(report.open_orders, id, &trading::ReportedOrder::client_order_id) !=
         report.open_orders.end();
}

}  // namespace

OpenOrders open_orders(const trading::Desk& desk) {
  OpenOrders open;
  for (const trading::Order* order : desk.orders().open_orders()) {
    open.all.insert(order->intent.client_order_id);
    if (is_at_work(order->state)) open.at_work.insert(order->intent.client_order_id);
  }
  return open;
}

trading::OurBooks our_books(const trading::Desk& desk, const market::InstrumentTable& instruments,
                            const trading::AccountReport& report, const OpenOrders& asked,
                            bool is_first) {
  trading::OurBooks books;
  books.bots = desk.bots();
  for (const market::Instrument& instrument : instruments)
    books.positions.push_back({instrument.symbol, position_in(desk.ledger(), instrument.id)});
  for (const trading::Order* order : desk.orders().open_orders()) {
    trading::BookedOrder& row = books.orders.emplace_back(booked(*order, instruments));
    const bool is_ours_alone = order->state == OrderState::Armed;
    row.is_due =
        !is_first && is_at_work(order->state) && asked.at_work.contains(row.client_order_id);
    // One that was accepted while the report was made and has left the list may have filled.
    const bool has_come_and_gone = !row.is_due && !is_listed(report, row.client_order_id);
    row.is_unknown = order->state == OrderState::Unknown;
    row.is_unproven = !is_ours_alone && (is_first || has_come_and_gone ||
                                         order->state == OrderState::Submitted || row.is_unknown);
  }
  for (const trading::ReportedOrder& listed : report.open_orders) {
    const trading::Order* order = desk.orders().find(listed.client_order_id);
    if (order == nullptr || order->is_open()) continue;
    trading::BookedOrder& row = books.orders.emplace_back(booked(*order, instruments));
    // One that was given up is looked up until somebody says that it lives.
    row.is_over = !is_first && !order->is_given_up && !asked.all.contains(row.client_order_id);
  }
  return books;
}

}  // namespace st0ck::app
