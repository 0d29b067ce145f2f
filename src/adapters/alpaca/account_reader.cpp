#include "st0ck/adapters/alpaca/account_reader.hpp"

#include "st0ck/adapters/alpaca/client_ids.hpp"
#include "st0ck/adapters/alpaca/order_bodies.hpp"
#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/adapters/alpaca/wire/trading/position.hpp"

#include <fmt/format.h>

#include <algorithm>
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

bool closes(const Order& order) {
  return order.position_intent == PositionIntent::BuyToClose ||
         order.position_intent == PositionIntent::SellToClose;
}

/// The stop of a pair has no name of ours at the venue: it is the leg after its target.
std::optional<core::ClientOrderId> id_of_pairs_stop(const core::ClientOrderId& target) {
  const auto number = leg_number(target);
  if (!number) return std::nullopt;
  const std::string_view group = target.view().substr(0, target.view().rfind('-'));
  const std::string id = fmt::format("{}-{}", group, *number + 1);
  if (!core::ClientOrderId::fits(id)) return std::nullopt;
  return core::ClientOrderId{id};
}

std::optional<trading::PairStop> pair_stop_of(const Order& order,
                                              const core::ClientOrderId& target) {
  const auto id = order.order_class == OrderClass::Oco ? id_of_pairs_stop(target) : std::nullopt;
  const auto stop = std::ranges::find_if(
      order.legs, [](const Order& leg) { return leg.type != trading::OrderType::Limit; });
  if (!id || stop == order.legs.end()) return std::nullopt;
  return trading::PairStop{*id, stop->type, stop->time_in_force, terms_of(*stop)};
}

bool is_spent(const Order& order) {
  return is_final(order.status) && order.filled_quantity.is_zero();
}

/// Those that were made under a name of ours; what has replaced one is no order of its own.
void report_named(const std::vector<Order>& orders, const OrderNaming& naming,
                  AccountReport& report) {
  for (const Order& order : orders) {
    const auto id = naming(order);
    if (!id || id->view() != order.client_order_id) continue;
    const bool is_whole = order.side && order.quantity && core::Symbol::fits(order.symbol);
    if (!closes(order))
      report.entries.push_back(*id);
    else if (is_whole)
      report.exits.push_back({*id, core::Symbol{order.symbol}, *order.side, order.type,
                              order.time_in_force, terms_of(order), pair_stop_of(order, *id),
                              is_spent(order)});
  }
}

/// A broker that answers something else than it should.
core::Error unreadable(std::string_view what, const core::Error& error) {
  return {core::Errc::Broker, fmt::format("{} of the broker: {}", what, error.message),
          core::Retry::Yes};
}

struct Reading : std::enable_shared_from_this<Reading> {
  Reading(TradingApi& its_api, const core::Clock& its_clock, const OrderPagesSettings& its_pages,
          OrderNaming its_naming, const std::optional<core::Timestamp>& its_named_since,
          trading::RemoteBroker::Connected its_done)
      : api{its_api},
        clock{its_clock},
        pages{its_pages},
        naming{std::move(its_naming)},
        named_since{its_named_since},
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
                  self->ask_named();
                });
  }

  void ask_named() {
    if (!named_since) return done(std::move(report));
    OrdersQuery query;
    query.status = OrderFilter::All;
    query.after = *named_since;
    list_orders(api, query, pages,
                [self = shared_from_this()](core::Result<std::vector<Order>> orders) {
                  if (!orders) return self->done(tl::unexpected<core::Error>(orders.error()));
                  report_named(*orders, self->naming, self->report);
                  self->done(std::move(self->report));
                });
  }

  TradingApi& api;
  const core::Clock& clock;
  OrderPagesSettings pages;
  OrderNaming naming;
  std::optional<core::Timestamp> named_since;
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
                         OrderNaming naming, const std::optional<core::Timestamp>& named_since,
                         trading::RemoteBroker::Connected done) {
  std::make_shared<Reading>(api, clock, pages, std::move(naming), named_since, std::move(done))
      ->ask_account();
}

}  // namespace st0ck::alpaca
