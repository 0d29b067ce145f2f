#include "adapters/alpaca/memory_exchange.hpp"

#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/adapters/alpaca/wire/time.hpp"
#include "st0ck/adapters/alpaca/wire/trading/account.hpp"
#include "st0ck/adapters/alpaca/wire/trading/position.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace st0ck::alpaca::test {

namespace {

using net::HttpMethod;
using net::HttpResponse;
using trading::OrderType;
using trading::Side;

HttpResponse ok(std::string body) { return {.status = 200, .body = std::move(body)}; }

HttpResponse refused(const ApiError& error) {
  return {.status = static_cast<int>(error.http_status), .body = to_json(error)};
}

HttpResponse refused(std::uint32_t status, std::uint64_t code, std::string message) {
  return refused(ApiError{.http_status = status, .code = code, .message = std::move(message)});
}

HttpResponse not_found() { return refused(404, api_code::kNotFound, "order not found"); }

bool is_live(const Order& order) {
  return order.status == OrderStatus::New || order.status == OrderStatus::PartiallyFilled;
}

}  // namespace

core::Timestamp MemoryExchange::now() {
  last_time_ = std::max(clock_.now(), last_time_ + std::chrono::nanoseconds{1});
  return last_time_;
}

HttpResponse MemoryExchange::serve(const net::HttpRequest& request) {
  const auto target = net::parse_request_target(request.url);
  if (!target) return refused(400, api_code::kMalformed, target.error().message);
  ++requests_[fmt::format("{} {}", net::name_of(request.method), target->path)];
  if (request.headers.find("APCA-API-KEY-ID") != std::string_view{key} ||
      request.headers.find("APCA-API-SECRET-KEY") != std::string_view{secret})
    return refused(401, api_code::kUnauthorized, "unauthorized.");
  return route(request, *target);
}

HttpResponse MemoryExchange::route(const net::HttpRequest& request,
                                   const net::RequestTarget& target) {
  if (target.path == "/v2/account") return ok(account());
  if (target.path == "/v2/positions") return ok(positions());
  if (target.path == "/v2/calendar") return calendar(target);
  if (target.path == "/v2/clock")
    return ok(to_json(MarketClock{clock_.now() + clock_ahead, settings.is_open, {}, {}}));
  if (target.path == "/v2/orders")
    return request.method == HttpMethod::Post ? post(request.body) : list(target);
  if (target.path == "/v2/orders:by_client_order_id") {
    const Order* order = find(target.find("client_order_id").value_or(""));
    return order == nullptr ? not_found() : ok(to_json(*order));
  }
  constexpr std::string_view kOrders = "/v2/orders/";
  if (!target.path.starts_with(kOrders)) return not_found();
  return route_order(request, std::string_view{target.path}.substr(kOrders.size()),
                     target.find("nested") == "true");
}

HttpResponse MemoryExchange::route_order(const net::HttpRequest& request, std::string_view id,
                                         bool is_nested) {
  Row* row = row_of(id);
  if (row == nullptr) return not_found();
  if (request.method == HttpMethod::Patch) return patch(*row, request.body);
  if (request.method == HttpMethod::Delete) return remove(*row);
  return ok(to_json(is_nested ? nested(*row) : row->order));
}

HttpResponse MemoryExchange::post(const std::string& body) {
  const auto order = read_new_order(body);
  if (!order) return refused(order.error());
  ++sent_[order->client_order_id.value_or("")];
  if (refusal_) return refused(*std::exchange(refusal_, std::nullopt));
  if (const auto error = refusal_of(*order)) return refused(*error);
  if (order->client_order_id && is_used(*order->client_order_id))
    return refused(422, api_code::kInvalidField, "client_order_id must be unique");
  Row& row = enter(*order);
  const std::string reply = to_json(nested(row));
  if (settings.is_open) {
    set_status(row, OrderStatus::New, TradeEvent::New);
    match();
  }
  return ok(reply);
}

MemoryExchange::Row& MemoryExchange::enter(const NewOrder& body) {
  Order order;
  order.id = fmt::format("00000000-0000-4000-8000-{:012}", ++last_id_);
  order.client_order_id = body.client_order_id.value_or(order.id);
  order.created_at = order.updated_at = order.submitted_at = now();
  order.symbol = body.symbol.value_or("");
  order.asset_class = AssetClass::UsEquity;
  order.quantity = body.quantity;
  order.order_class = body.order_class;
  order.type = body.type;
  order.side = body.side;
  order.position_intent = body.position_intent;
  order.time_in_force = body.time_in_force;
  order.limit_price = body.limit_price;
  order.stop_price = body.stop_price;
  order.trail_price = body.trail_price;
  order.trail_percent = body.trail_percent;
  if (body.order_class == OrderClass::Oco) order.limit_price = body.take_profit->limit_price;
  order.status = settings.is_open ? OrderStatus::PendingNew : OrderStatus::Accepted;
  Row& row = add_row(order, order.client_order_id, {});
  add_legs(row, body);
  return row;
}

void MemoryExchange::add_legs(Row& parent, const NewOrder& body) {
  const auto leg = [&](OrderType type, std::optional<core::Price> limit,
                       std::optional<core::Price> stop) {
    Order order = parent.order;
    order.id = fmt::format("00000000-0000-4000-8000-{:012}", ++last_id_);
    order.client_order_id = order.id;
    order.type = type;
    order.limit_price = limit;
    order.stop_price = stop;
    order.status = OrderStatus::Held;
    if (body.order_class != OrderClass::Oco) order.side = trading::opposite(*parent.order.side);
    add_row(order, order.client_order_id, parent.order.id);
  };
  if (body.take_profit && body.order_class != OrderClass::Oco)
    leg(OrderType::Limit, body.take_profit->limit_price, std::nullopt);
  if (body.stop_loss)
    leg(body.stop_loss->limit_price ? OrderType::StopLimit : OrderType::Stop,
        body.stop_loss->limit_price, body.stop_loss->stop_price);
}

MemoryExchange::Row& MemoryExchange::add_row(Order order, std::string root, std::string parent) {
  rows_.push_back(std::make_unique<Row>(
      Row{std::move(order), std::move(root), std::move(parent), core::Money{}}));
  return *rows_.back();
}

HttpResponse MemoryExchange::patch(Row& row, const std::string& body) {
  const auto change = read_replace_order(body);
  if (!change) return refused(change.error());
  ++sent_[change->client_order_id.value_or("")];
  if (refusal_) return refused(*std::exchange(refusal_, std::nullopt));
  if (const auto error = refusal_of(*change)) return refused(*error);
  if (!is_live(row.order) && row.order.status != OrderStatus::Held)
    return refused(422, api_code::kUnprocessable, "order is not replaceable");
  if (change->quantity && *change->quantity <= row.order.filled_quantity)
    return refused(422, api_code::kUnprocessable, "qty must exceed filled_qty");
  if (change->client_order_id && is_used(*change->client_order_id))
    return refused(422, api_code::kInvalidField, "client_order_id must be unique");

  Order next = row.order;
  next.id = fmt::format("00000000-0000-4000-8000-{:012}", ++last_id_);
  next.client_order_id = change->client_order_id.value_or(next.id);
  next.replaces = row.order.id;
  next.created_at = next.updated_at = next.submitted_at = now();
  if (change->limit_price) next.limit_price = change->limit_price;
  if (change->stop_price) next.stop_price = change->stop_price;
  if (change->quantity) next.quantity = change->quantity;
  if (settings.refuses_replaces_late) {
    next.status = settings.answer_to_refused_replace;
    publish(TradeEvent::OrderReplaceRejected, row.order);
    return ok(to_json(next));
  }
  core::Money carried = row.notional;
  if (!settings.carries_fills) {
    next.quantity = *next.quantity - row.order.filled_quantity;
    next.filled_quantity = {};
    next.filled_average_price.reset();
    carried = {};
  }
  next.status = OrderStatus::PendingNew;
  row.order.replaced_by = next.id;
  const bool was_held = row.order.status == OrderStatus::Held;
  Row& added = add_row(next, row.root, row.parent);
  for (const auto& leg : rows_)
    if (leg->parent == row.order.id) leg->parent = next.id;
  added.notional = carried;
  const std::string reply = to_json(next);
  set_status(row, OrderStatus::Replaced, TradeEvent::Replaced);
  if (was_held)
    added.order.status = OrderStatus::Held;
  else
    set_status(added, OrderStatus::New, TradeEvent::New);
  match();
  return ok(reply);
}

HttpResponse MemoryExchange::remove(Row& row) {
  if (is_final(row.order.status))
    return refused(422, api_code::kUnprocessable, "order is not cancelable");
  set_status(row, OrderStatus::Canceled, TradeEvent::Canceled);
  cancel_group(row);
  return {.status = 204};
}

HttpResponse MemoryExchange::list(const net::RequestTarget& target) {
  const std::string_view status = target.find("status").value_or("open");
  const auto after = read_time(target.find("after").value_or(""));
  const auto limit = std::stoul(std::string{target.find("limit").value_or("50")});
  const bool is_nested = target.find("nested") == "true";
  std::vector<Order> found;
  for (const auto& row : rows_) {
    const bool is_open_order = !is_final(row->order.status);
    if ((is_nested && !row->parent.empty()) || (status == "open" && !is_open_order)) continue;
    if (after && row->order.submitted_at <= *after) continue;
    if (found.size() < limit) found.push_back(is_nested ? nested(*row) : row->order);
  }
  return ok(to_json(found));
}

HttpResponse MemoryExchange::calendar(const net::RequestTarget& target) {
  const auto from = read_date_part(target.find("start").value_or(""));
  const auto to = read_date_part(target.find("end").value_or(""));
  std::vector<CalendarDay> days;
  const auto sessions = core::ExchangeCalendar::xnys().sessions_between(*from, *to).value();
  for (const core::Session& session : sessions) {
    const auto close = std::chrono::hours{session.is_early_close() ? 13 : 16};
    days.push_back({session.date, std::chrono::minutes{9 * 60 + 30}, close});
  }
  if (is_calendar_wrong) days.pop_back();
  return ok(to_json(days));
}

std::string MemoryExchange::account() const {
  Account account;
  account.id = "account";
  account.account_number = "PA1";
  account.cash = account.equity = account.buying_power = core::Money::whole(100'000);
  return to_json(account);
}

std::string MemoryExchange::positions() const {
  std::vector<Position> all;
  for (const auto& [symbol, quantity] : held_) {
    if (quantity.is_zero()) continue;
    Position position;
    position.asset_id = position.symbol = symbol;
    position.quantity = quantity;
    position.side = quantity.is_negative() ? PositionSide::Short : PositionSide::Long;
    all.push_back(position);
  }
  return to_json(all);
}

void MemoryExchange::trade_at(std::string_view symbol, core::Price price,
                              std::optional<core::Quantity> depth) {
  prices_[std::string{symbol}] = price;
  depth_ = depth;
  match();
}

bool MemoryExchange::is_reached(const Order& order) const {
  const auto found = prices_.find(order.symbol);
  if (found == prices_.end()) return false;
  const core::Price price = found->second;
  const bool buys = order.side == Side::Buy;
  if (order.stop_price && !(buys ? price >= *order.stop_price : price <= *order.stop_price))
    return false;
  return !order.limit_price || (buys ? price <= *order.limit_price : price >= *order.limit_price);
}

void MemoryExchange::match() {
  // By number: what a fill changes may add rows.
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Row& row = *rows_[i];
    const bool waits_for_entry =
        row.order.status == OrderStatus::Held &&
        (row.parent.empty() || row_of(row.parent)->order.order_class != OrderClass::Oco);
    if ((!is_live(row.order) && row.order.status != OrderStatus::Held) || waits_for_entry) continue;
    if (!is_reached(row.order)) continue;
    const core::Quantity rest = *row.order.quantity - row.order.filled_quantity;
    fill(row, prices_[row.order.symbol], depth_ ? std::min(rest, *depth_) : rest);
  }
}

void MemoryExchange::fill(Row& row, core::Price price, core::Quantity quantity) {
  const core::Money notional = core::notional(price, quantity, core::kUnitMultiplier);
  Order& order = row.order;
  order.filled_quantity += quantity;
  row.notional += notional;
  order.filled_average_price =
      core::average_price(row.notional, order.filled_quantity, core::kUnitMultiplier);
  held_[order.symbol] += trading::signed_quantity(*order.side, quantity);
  const bool is_whole = order.filled_quantity == *order.quantity;
  order.status = is_whole ? OrderStatus::Filled : OrderStatus::PartiallyFilled;
  order.updated_at = now();
  const Execution execution{fmt::format("x{}", executions_.size() + 1), row.root, quantity,
                            notional};
  executions_.push_back(execution);
  publish(is_whole ? TradeEvent::Fill : TradeEvent::PartialFill, order, execution, price);
  if (is_whole)
    after_fill(row);
  else
    shrink_siblings(row);
}

/// What an exit has filled in part is not the other's to sell any more.
void MemoryExchange::shrink_siblings(const Row& row) {
  const bool is_pair = row.order.order_class == OrderClass::Oco;
  if (row.parent.empty() && !is_pair) return;
  const std::string group = row.parent.empty() ? row.order.id : row.parent;
  for (const auto& other : rows_) {
    const bool belongs = other->parent == group || (is_pair && other->order.id == group);
    if (other.get() != &row && belongs && !is_final(other->order.status))
      other->order.quantity =
          other->order.filled_quantity + (*row.order.quantity - row.order.filled_quantity);
  }
}

void MemoryExchange::after_fill(Row& row) {
  const std::string id = row.order.id;
  if (!row.parent.empty() || row.order.order_class == OrderClass::Oco) return cancel_group(row);
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i]->parent == id && rows_[i]->order.status == OrderStatus::Held)
      set_status(*rows_[i], OrderStatus::New, TradeEvent::New);
}

void MemoryExchange::cancel_group(Row& row) {
  const std::string group = row.parent.empty() ? row.order.id : row.parent;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Row& other = *rows_[i];
    const bool belongs = other.parent == group || other.order.id == group;
    if (&other != &row && belongs && !is_final(other.order.status))
      set_status(other, OrderStatus::Canceled, TradeEvent::Canceled);
  }
}

void MemoryExchange::end(std::string_view client_order_id, OrderStatus status) {
  for (const auto& row : rows_)
    if (row->order.client_order_id == client_order_id)
      set_status(*row, status,
                 status == OrderStatus::Expired ? TradeEvent::Expired : TradeEvent::Rejected);
}

void MemoryExchange::set_status(Row& row, OrderStatus status, TradeEvent event) {
  row.order.status = status;
  row.order.updated_at = now();
  publish(event, row.order);
}

MemoryExchange::Row* MemoryExchange::row_of(std::string_view id) {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const auto& row) { return row->order.id == id; });
  return found == rows_.end() ? nullptr : found->get();
}

bool MemoryExchange::is_used(std::string_view client_order_id) const {
  return find(client_order_id) != nullptr;
}

Order MemoryExchange::nested(const Row& row) const {
  Order order = row.order;
  for (const auto& other : rows_)
    if (other->parent == order.id) order.legs.push_back(other->order);
  return order;
}

const Order* MemoryExchange::find(std::string_view client_order_id) const {
  for (const auto& row : rows_)
    if (row->order.client_order_id == client_order_id) return &row->order;
  return nullptr;
}

const Order& MemoryExchange::last_of(std::string_view root) const {
  const Order* last = nullptr;
  for (const auto& row : rows_)
    if (row->root == root) last = &row->order;
  return *last;
}

int MemoryExchange::times_sent(std::string_view client_order_id) const {
  const auto found = sent_.find(client_order_id);
  return found == sent_.end() ? 0 : found->second;
}

int MemoryExchange::requests(std::string_view method_and_path) const {
  const auto found = requests_.find(method_and_path);
  return found == requests_.end() ? 0 : found->second;
}

void MemoryExchange::serve_stream(net::MemoryPeer peer) {
  std::erase_if(clients_, [](const Client& client) { return !client.peer.is_alive(); });
  clients_.push_back({peer});
  peer.on_message([this, number = clients_.size() - 1](net::MemoryPeer from, net::MessageKind,
                                                       std::string_view bytes) {
    OrderStreamReader reader;
    const auto request = reader.read_request(bytes);
    if (!request) return;
    if (const auto* login = std::get_if<Authenticate>(&*request)) {
      const bool is_good = login->key == key && login->secret == secret && !refuses_logins;
      return from.deliver(net::MessageKind::Binary,
                          to_frame(OrderStreamMessage{Authorization{is_good}}));
    }
    if (number < clients_.size()) clients_[number].is_listening = true;
    from.deliver(net::MessageKind::Binary,
                 to_frame(OrderStreamMessage{Listening{{"trade_updates"}}}));
  });
  peer.accept();
}

void MemoryExchange::break_streams() {
  const std::vector<Client> clients = std::exchange(clients_, {});
  for (Client client : clients) client.peer.drop();
}

std::size_t MemoryExchange::listeners() const {
  return static_cast<std::size_t>(std::count_if(
      clients_.begin(), clients_.end(),
      [](const Client& client) { return client.is_listening && client.peer.is_alive(); }));
}

void MemoryExchange::publish(TradeEvent event, const Order& order,
                             const std::optional<Execution>& execution, core::Price price) {
  TradeUpdate update;
  update.event = event;
  update.time = now();
  update.order = order;
  update.execution_id = execution ? execution->id : fmt::format("e{}", ++last_id_);
  if (execution) {
    update.price = price;
    update.quantity = execution->quantity;
    update.position_quantity = held_[order.symbol];
  }
  say(update);
}

void MemoryExchange::say(const TradeUpdate& update) { send(to_frame(OrderStreamMessage{update})); }

void MemoryExchange::say_garbage() { send("{\"stream\":\"trade_updates\",\"data\":{}}"); }

void MemoryExchange::send(const std::string& frame) {
  const int copies = copies_ ? copies_() : 1;
  for (Client& client : clients_)
    for (int i = 0; i < copies && client.is_listening; ++i)
      client.peer.deliver(net::MessageKind::Binary, frame);
}

}  // namespace st0ck::alpaca::test
