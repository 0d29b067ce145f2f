#pragma once

#include "st0ck/net/web_socket_transport.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace st0ck::test {

/// A socket whose far end is called by hand, so that nothing but the near one is measured.
class HandWebSocket final : public net::WebSocketTransport {
 public:
  std::unique_ptr<net::WebSocketConnection> connect(net::WebSocketRequest,
                                                    net::WebSocketListener wanted) override {
    listener = std::move(wanted);
    return std::make_unique<Connection>();
  }

  net::WebSocketListener listener;

 private:
  class Connection final : public net::WebSocketConnection {
   public:
    core::Status send(net::MessageKind, std::string_view) override { return {}; }
    void close(std::uint16_t, std::string_view) override {}
  };
};

}  // namespace st0ck::test
