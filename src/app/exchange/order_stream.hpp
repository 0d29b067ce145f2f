#pragma once

#include "src/app/exchange/venue.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"
#include "st0ck/net/http_server.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string_view>

namespace st0ck::app::exchange {

/// `/stream`, the events of orders (the reference, section 7): no greeting, JSON in binary frames
/// as the paper host sends it. A client that does not keep up, or sends what it may not, is cut
/// off.
class OrderStream {
 public:
  static constexpr std::size_t kClientsMax = 64;

  /// `before_request` brings the market up to the moment. All outlives the stream.
  OrderStream(Venue& venue, std::function<void()> before_request);
  ~OrderStream();
  OrderStream(const OrderStream&) = delete;
  OrderStream& operator=(const OrderStream&) = delete;

  /// Whether the path is `/stream`, with or without a slash at its end.
  bool handles(const net::ServerRequest& request) const;
  void upgrade(const net::ServerRequest& request, const net::WebSocketUpgrade& upgrade);

  std::size_t clients() const { return clients_.size(); }

 private:
  struct Client {
    std::unique_ptr<net::WebSocketConnection> socket;
    Account* account = nullptr;  ///< Once it has logged in.
    bool listens = false;
  };
  using ClientId = std::uint64_t;

  void read(ClientId id, std::string_view frame);
  void answer(Client& client, const alpaca::OrderStreamRequest& request);
  void tell(Account& account, const alpaca::TradeUpdate& update);
  void send(Client& client, const alpaca::OrderStreamMessage& message);

  Venue& venue_;
  std::function<void()> before_request_;
  alpaca::OrderStreamReader reader_;
  std::map<ClientId, Client> clients_;
  ClientId last_id_ = 0;
};

}  // namespace st0ck::app::exchange
