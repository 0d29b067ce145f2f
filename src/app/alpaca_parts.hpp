#pragma once

#include "src/app/live_parts.hpp"
#include "st0ck/adapters/alpaca/credentials.hpp"
#include "st0ck/net/http_transport.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace st0ck::app {

/// What connections are made of.
struct AlpacaTransports {
  std::unique_ptr<net::WebSocketTransport> sockets;
  /// Makes one for each purpose, so that none holds up another.
  std::function<std::unique_ptr<net::HttpTransport>()> make_http;
  /// Of jitter, which no decision hangs on; asked for each time anew.
  std::function<std::uint64_t()> seed;
};

/// Alpaca's data stream, and Alpaca as the broker where the configuration chooses it. Errc::Broker
/// where credentials are missing, Errc::BadInput for authorities that cannot be read.
core::Result<LiveParts> open_alpaca(const Configuration& configuration,
                                    const LiveSurroundings& around);

/// The same over transports that are there already, for campaigns without a network.
LiveParts open_alpaca_over(const Configuration& configuration, const LiveSurroundings& around,
                           const alpaca::Credentials& keys, AlpacaTransports transports);

}  // namespace st0ck::app
