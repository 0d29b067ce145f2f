#pragma once

#include "src/app/exchange/faults/fault_parts.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_server.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

class FaultyLink;

/// Stands between the exchange's streams and their sockets: what a stream sends meets the plan's
/// faults on its way. Messages are frames; those that only speak of the connection itself (a
/// greeting, a login, a subscription) pass.
class StreamFaults {
 public:
  explicit StreamFaults(FaultParts parts) : parts_{std::move(parts)} {}

  /// An upgrade whose connection has the faults of that place. It must be decided while this lives.
  net::WebSocketUpgrade wrap(FaultPoint point, const net::ServerRequest& request,
                             const net::WebSocketUpgrade& upgrade);

  /// Time has gone on: what befalls streams on which nothing is said.
  void look(core::Timestamp before, core::Timestamp now);

 private:
  FaultParts parts_;
  std::vector<std::weak_ptr<FaultyLink>> links_;
};

/// Whether a frame of a stream speaks of the connection and not of orders or the market.
bool is_about_connection(FaultPoint point, std::string_view frame);

}  // namespace st0ck::app::exchange
