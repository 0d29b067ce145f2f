#pragma once

#include "net/loopback.hpp"
#include "net/test_certificates.hpp"
#include "st0ck/net/beast_web_socket.hpp"
#include "st0ck/net/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::net {

using loopback::Heard;
using loopback::run_until;

/// A server that takes every WebSocket and sends back what comes, and a client.
class WebSocketLoopback : public testing::Test {
 protected:
  HttpServerSettings settings;
  boost::asio::io_context io;
  std::vector<std::unique_ptr<WebSocketConnection>> server_ends;
  Heard at_server;
  std::string path;
  HeaderFields headers;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<BeastWebSocketTransport> transport =
      *BeastWebSocketTransport::create(io, {.ca_file = authority().file()});
  Heard heard;

  // Read for each transport; the system's store takes thirty times as long.
  static const loopback::TestAuthority& authority() {
    static const loopback::TestAuthority made_once;
    return made_once;
  }

  void start() {
    auto listening = HttpServer::listen(
        io, settings,
        {.on_request = [](const ServerRequest&, Responder respond) { respond({.status = 404}); },
         .on_upgrade =
             [this](const ServerRequest& request, WebSocketUpgrade upgrade) {
               path = request.target.path;
               headers = request.headers;
               if (path == "/refused") {
                 return upgrade.refuse(
                     {.status = 403, .body = "no \x01key", .content_type = "text/plain"});
               }
               server_ends.push_back(upgrade.accept(server_listener()));
               if (path != "/ended") return;
               EXPECT_TRUE(server_ends.back()->send(MessageKind::Text, "hello"));
               EXPECT_TRUE(server_ends.back()->send(MessageKind::Text, "why"));
               server_ends.back()->close(4002, "ended");
               EXPECT_FALSE(server_ends.back()->send(MessageKind::Text, "too late"));
             }});
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }

  WebSocketListener server_listener() {
    WebSocketListener listener = at_server.listener();
    listener.on_message = [this, end = server_ends.size()](MessageKind kind,
                                                           std::string_view bytes) {
      at_server.messages.emplace_back(kind, bytes.substr(0, 100));
      if (bytes != "quiet") EXPECT_TRUE(server_ends[end]->send(kind, bytes));
    };
    return listener;
  }

  std::string url(const std::string& target = "/stream") const {
    return "ws://127.0.0.1:" + std::to_string(server->port()) + target;
  }

  std::unique_ptr<WebSocketConnection> connect(WebSocketRequest request) {
    return transport->connect(std::move(request), heard.listener());
  }

  std::unique_ptr<WebSocketConnection> open(const WebSocketLimits& limits = {}) {
    auto connection = connect({.url = url(), .limits = limits});
    EXPECT_EQ(heard.opened, 0) << "never inside the call";
    EXPECT_TRUE(run_until(io, [&] { return heard.opened == 1; }));
    return connection;
  }

  bool run_until_closed() {
    return run_until(io, [&] { return !heard.closed.empty(); });
  }
};

}  // namespace st0ck::net
