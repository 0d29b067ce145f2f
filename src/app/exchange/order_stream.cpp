#include "src/app/exchange/order_stream.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace st0ck::app::exchange {

namespace {

constexpr std::string_view kTradeUpdates = "trade_updates";
constexpr int kUnavailable = 503;
constexpr std::uint16_t kTryAgainLater = 1013;
constexpr std::size_t kFrameMax = std::size_t{64} << 10U;

}  // namespace

OrderStream::OrderStream(Venue& venue, std::function<void()> before_request)
    : venue_{venue}, before_request_{std::move(before_request)}, reader_{kFrameMax} {
  venue_.listen(
      [this](Account& account, const alpaca::TradeUpdate& update) { tell(account, update); });
}

OrderStream::~OrderStream() { venue_.listen({}); }

bool OrderStream::handles(const net::ServerRequest& request) const {
  return request.target.path == "/stream" || request.target.path == "/stream/";
}

void OrderStream::upgrade(const net::ServerRequest&, const net::WebSocketUpgrade& upgrade) {
  if (clients_.size() == kClientsMax)
    return upgrade.refuse(
        {.status = kUnavailable, .body = R"({"message":"too many connections"})"});
  const ClientId id = ++last_id_;
  net::WebSocketListener listener;
  listener.on_message = [this, id](net::MessageKind, std::string_view frame) { read(id, frame); };
  listener.on_closed = [this, id](const net::WebSocketClosed&) { clients_.erase(id); };
  clients_[id].socket = upgrade.accept(std::move(listener));
}

void OrderStream::read(ClientId id, std::string_view frame) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  before_request_();
  const auto request = reader_.read_request(frame);
  if (request) return answer(found->second, *request);
  send(found->second, alpaca::StreamError{"invalid message: " + request.error().message});
}

void OrderStream::answer(Client& client, const alpaca::OrderStreamRequest& request) {
  if (const auto* login = std::get_if<alpaca::Authenticate>(&request)) {
    client.account = venue_.find(login->key, login->secret);
    client.listens = client.listens && client.account;
    return send(client, alpaca::Authorization{.is_authorized = client.account != nullptr});
  }
  if (client.account == nullptr)
    return send(client, alpaca::Authorization{.is_authorized = false, .action = "listen"});
  const auto& streams = std::get<alpaca::Listen>(request).streams;
  client.listens = std::ranges::find(streams, kTradeUpdates) != streams.end();
  alpaca::Listening listening;
  if (client.listens) listening.streams.emplace_back(kTradeUpdates);
  send(client, listening);
}

void OrderStream::tell(Account& account, const alpaca::TradeUpdate& update) {
  std::string frame;
  for (auto& [id, client] : clients_) {
    if (client.account != &account || !client.listens) continue;
    if (frame.empty()) frame = alpaca::to_frame(alpaca::OrderStreamMessage{update});
    if (!client.socket->send(net::MessageKind::Binary, frame)) {
      // It would miss what happens to its orders: better that it connects again and asks.
      client.listens = false;
      client.socket->close(kTryAgainLater, "slow client");
    }
  }
}

void OrderStream::send(Client& client, const alpaca::OrderStreamMessage& message) {
  if (!client.socket->send(net::MessageKind::Binary, alpaca::to_frame(message)))
    client.socket->close(kTryAgainLater, "slow client");
}

}  // namespace st0ck::app::exchange
