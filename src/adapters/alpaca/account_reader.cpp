#include "st0ck/adapters/alpaca/account_reader.hpp"

#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/adapters/alpaca/wire/trading/position.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace st0ck::alpaca {

namespace {

using trading::AccountReport;
using trading::ReportedOrder;
using trading::ReportedPosition;

template <typename Text>
Text cut(std::string_view text) {
  return Text{text.substr(0, Text::kCapacity)};
}

ReportedOrder reported(const Order& order, const OrderNaming& naming) {
  ReportedOrder report;
  const auto ours = naming(order);
  report.client_order_id = ours ? *ours : cut<core::ClientOrderId>(order.client_order_id);
  report.venue_order_id = cut<core::VenueOrderId>(order.id);
  report.symbol = cut<core::Symbol>(order.symbol);
  report.side = order.side;
  report.quantity = order.quantity;
  report.filled = order.filled_quantity;
  return report;
}

void report_orders(const std::vector<Order>& orders, const OrderNaming& naming,
                   std::vector<ReportedOrder>& reports) {
  for (const Order& order : orders) {
    if (!is_final(order.status)) reports.push_back(reported(order, naming));
    report_orders(order.legs, naming, reports);
  }
}

/// A broker that answers something else than it should.
core::Error unreadable(std::string_view what, const core::Error& error) {
  return {core::Errc::Broker, fmt::format("{} of the broker: {}", what, error.message),
          core::Retry::Yes};
}

struct Reading : std::enable_shared_from_this<Reading> {
  Reading(TradingApi& its_api, const core::Clock& its_clock, const OrderPagesSettings& its_pages,
          OrderNaming its_naming, trading::RemoteBroker::Connected its_done)
      : api{its_api},
        clock{its_clock},
        pages{its_pages},
        naming{std::move(its_naming)},
        done{std::move(its_done)} {}

  /// Reads an answer by `read` and goes on with `next`, or ends with what was wrong.
  template <typename Read, typename Next>
  TradingApi::Done then(std::string_view what, Read read, Next next) {
    return [self = shared_from_this(), what, read, next](const ApiAnswer& answer) {
      if (!answer.is_done()) return self->done(tl::unexpected(answer.to_error()));
      const auto value = read(answer.body);
      if (!value) return self->done(tl::unexpected(unreadable(what, value.error())));
      next(*self, *value);
    };
  }

  void ask_account() {
    api.account(then("account", &read_account, [](Reading& self, const Account& account) {
      self.report.account = account.account_number.empty() ? account.id : account.account_number;
      self.report.cash = account.cash;
      self.report.equity = account.equity;
      self.report.buying_power = account.buying_power;
      self.report.blocked_reason = blocked_reason(account);
      self.report.may_trade = self.report.blocked_reason.empty();
      self.ask_clock();
    }));
  }

  void ask_clock() {
    report.asked = clock.now();
    api.clock(then("clock", &read_clock, [](Reading& self, const MarketClock& theirs) {
      self.report.answered = self.clock.now();
      self.report.broker_time = theirs.time;
      self.ask_positions();
    }));
  }

  void ask_positions() {
    api.positions(
        then("positions", &read_positions, [](Reading& self, const std::vector<Position>& all) {
          for (const Position& position : all)
            self.report.positions.push_back({cut<core::Symbol>(position.symbol), position.quantity,
                                             position.average_entry_price});
          self.ask_orders();
        }));
  }

  void ask_orders() {
    OrdersQuery query;
    query.status = OrderFilter::Open;
    query.nested = false;  // An exit at work may belong to an entry that has filled.
    list_orders(api, query, pages,
                [self = shared_from_this()](core::Result<std::vector<Order>> orders) {
                  if (!orders) return self->done(tl::unexpected<core::Error>(orders.error()));
                  report_orders(*orders, self->naming, self->report.open_orders);
                  self->done(std::move(self->report));
                });
  }

  TradingApi& api;
  const core::Clock& clock;
  OrderPagesSettings pages;
  OrderNaming naming;
  trading::RemoteBroker::Connected done;
  AccountReport report;
};

}  // namespace

std::string blocked_reason(const Account& account) {
  if (account.status != AccountStatus::Active) return "its status is not ACTIVE";
  if (account.account_blocked) return "it is blocked";
  if (account.trading_blocked) return "trading is blocked";
  if (account.trade_suspended_by_user) return "trading is suspended by its owner";
  return {};
}

void read_account_report(TradingApi& api, const core::Clock& clock, const OrderPagesSettings& pages,
                         OrderNaming naming, trading::RemoteBroker::Connected done) {
  std::make_shared<Reading>(api, clock, pages, std::move(naming), std::move(done))->ask_account();
}

}  // namespace st0ck::alpaca
