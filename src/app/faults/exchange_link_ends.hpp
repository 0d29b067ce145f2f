#pragma once

#include "src/app/faults/exchange_link.hpp"

#include <string_view>
#include <utility>

// What is at the two ends of a link: a request of a client, and the exchange's end of a WebSocket.
namespace st0ck::app::faults {

/// One request, whose client may be gone before it ends.
struct ExchangeLink::Call {
  net::HttpRequest request;
  std::function<void(net::HttpResult)> end;  ///< Of the client; empty once it has ended.
  bool is_reused = false;
  bool is_sent = true;     ///< Whether the exchange may have seen it.
  std::uint64_t cuts = 0;  ///< Restarts before it was sent.
};

/// The exchange's end of one WebSocket, as long as either side needs it.
struct ExchangeLink::ServerEnd {
  ServerEnd(net::MemoryPeer its_peer, bool is_of_market, net::WebSocketListener its_listener)
      : peer{std::move(its_peer)}, is_market{is_of_market}, listener{std::move(its_listener)} {}

  /// The owner is told once, and never after it has let go.
  void tell_closed(net::WebSocketEnd end, std::uint16_t code) {
    if (std::exchange(is_over, true)) return;
    const auto owner = std::exchange(listener, {});
    owner.on_closed({.end = end, .message = "closed", .was_open = true, .code = code});
  }

  net::MemoryPeer peer;
  bool is_market;
  net::WebSocketListener listener;
  bool is_frozen = false;
  bool is_over = false;
};

/// What a client is told of a request that went wrong.
net::HttpFailure link_failure(net::HttpFailureKind kind, const net::HttpRequest& request,
                              std::string_view what, bool is_timeout = false);

}  // namespace st0ck::app::faults
