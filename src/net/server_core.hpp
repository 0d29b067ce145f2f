#pragma once

#include "src/net/channel.hpp"
#include "src/net/connection_list.hpp"
#include "src/net/peer_rate.hpp"
#include "st0ck/net/http_server.hpp"

#include <memory>
#include <optional>

namespace st0ck::net {

/// What the connections of one server share; outlives the server as long as one of them ends.
struct ServerCore {
  asio::io_context& io;
  HttpServerSettings settings;
  HttpServerHandlers handlers;
  std::shared_ptr<asio::ssl::context> tls{};
  std::optional<PeerRate> rate{};
  std::shared_ptr<ConnectionList> connections = std::make_shared<ConnectionList>();
};

/// Serves one accepted socket until it ends.
void serve(std::shared_ptr<ServerCore> core, Socket socket, std::string peer);

}  // namespace st0ck::net
