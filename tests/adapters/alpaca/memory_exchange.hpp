#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/net/http_transport.hpp"
#include "st0ck/net/memory_web_socket.hpp"
#include "st0ck/net/request_target.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca::test {

/// A small Alpaca in memory: enough of the trading interface and the order stream to trade against,
/// written with the wire's server side. One price per symbol, at which everything fills.
class MemoryExchange {
 public:
  struct Settings {
    /// What a replacement counts: only its own fills, and the rest as its quantity, or all.
    bool carries_fills = false;
    /// A replacement is taken and refused afterwards.
    bool refuses_replaces_late = false;
    OrderStatus answer_to_refused_replace = OrderStatus::PendingNew;  ///< Before that.
    bool is_open = true;
  };
  struct Execution {
    std::string id;
    std::string root;  ///< The client order id of the first order of the chain.
    core::Quantity quantity;
    core::Money notional;
  };

  explicit MemoryExchange(const core::Clock& clock) : clock_{clock} {}

  net::HttpResponse serve(const net::HttpRequest& request);
  void serve_stream(net::MemoryPeer peer);

  /// The market is there now; each order fills at most `depth`, all of it without one.
  void trade_at(std::string_view symbol, core::Price price,
                std::optional<core::Quantity> depth = std::nullopt);

  /// The next request for a new order or a change of one is refused so.
  void refuse_next(ApiError error) { refusal_ = std::move(error); }

  /// How often each message of the stream is sent; once without.
  void set_copies(std::function<int()> copies) { copies_ = std::move(copies); }

  void break_streams();
  void say(const TradeUpdate& update);
  void say_garbage();

  /// An order that somebody else has sent.
  std::string add_foreign(const NewOrder& order) { return enter(order).order.id; }
  void end(std::string_view client_order_id, OrderStatus status);

  // What is true.
  const Order* find(std::string_view client_order_id) const;
  /// The order that stands for a chain now.
  const Order& last_of(std::string_view root) const;
  const std::vector<Execution>& executions() const { return executions_; }
  /// How often an order with that client order id was asked for.
  int times_sent(std::string_view client_order_id) const;
  int requests(std::string_view method_and_path) const;
  std::size_t listeners() const;

  Settings settings;
  std::string key = "test";
  std::string secret = "secret";
  bool is_calendar_wrong = false;
  bool refuses_logins = false;
  core::Duration clock_ahead{};

 private:
  struct Row {
    Order order;
    std::string root;
    std::string parent;  ///< Id of the order that it is a leg of.
    core::Money notional;
  };
  struct Client {
    net::MemoryPeer peer;
    bool is_listening = false;
  };

  net::HttpResponse route(const net::HttpRequest& request, const net::RequestTarget& target);
  net::HttpResponse route_order(const net::HttpRequest& request, std::string_view id, bool nested);
  net::HttpResponse post(const std::string& body);
  net::HttpResponse patch(Row& row, const std::string& body);
  net::HttpResponse remove(Row& row);
  net::HttpResponse list(const net::RequestTarget& target);
  net::HttpResponse calendar(const net::RequestTarget& target);
  std::string account() const;
  std::string positions() const;

  Row& enter(const NewOrder& body);
  void add_legs(Row& parent, const NewOrder& body);
  Row& add_row(Order order, std::string root, std::string parent);
  Row* row_of(std::string_view id);
  bool is_used(std::string_view client_order_id) const;
  Order nested(const Row& row) const;
  void match();
  bool is_reached(const Order& order) const;
  void fill(Row& row, core::Price price, core::Quantity quantity);
  void after_fill(Row& row);
  void cancel_group(Row& row);
  void shrink_siblings(const Row& row);
  void set_status(Row& row, OrderStatus status, TradeEvent event);
  void publish(TradeEvent event, const Order& order,
               const std::optional<Execution>& execution = std::nullopt, core::Price price = {});
  void send(const std::string& frame);
  core::Timestamp now();

  const core::Clock& clock_;
  std::vector<std::unique_ptr<Row>> rows_;
  std::vector<Execution> executions_;
  std::map<std::string, core::Price, std::less<>> prices_;
  std::map<std::string, core::Quantity, std::less<>> held_;
  std::map<std::string, int, std::less<>> sent_;
  std::map<std::string, int, std::less<>> requests_;
  std::optional<core::Quantity> depth_;
  std::optional<ApiError> refusal_;
  std::function<int()> copies_;
  std::vector<Client> clients_;
  core::Timestamp last_time_{};
  std::uint64_t last_id_ = 0;
};

}  // namespace st0ck::alpaca::test
