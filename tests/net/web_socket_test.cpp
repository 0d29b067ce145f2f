// The real client against the real server, on loopback.

#include "net/web_socket_stage.hpp"
#include "support/allocation_counter.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace st0ck::net {
namespace {

using loopback::RawListener;
using loopback::RawSocket;
using loopback::run_dry;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(WebSocketLoopback, EchoesTextAndBinaryInTheirOrder) {
  start();
  const auto connection = open();

  ASSERT_TRUE(connection->send(MessageKind::Text, "one"));
  ASSERT_TRUE(connection->send(MessageKind::Binary, std::string{"\0two", 4}));
  ASSERT_TRUE(connection->send(MessageKind::Text, ""));
  ASSERT_TRUE(run_until(io, [&] { return heard.messages.size() == 3; }));

  using Message = std::pair<MessageKind, std::string>;
  EXPECT_EQ(heard.messages[0], (Message{MessageKind::Text, "one"}));
  EXPECT_EQ(heard.messages[1], (Message{MessageKind::Binary, std::string{"\0two", 4}}));
  EXPECT_EQ(heard.messages[2], (Message{MessageKind::Text, ""}));
}

TEST_F(WebSocketLoopback, CarriesMessagesOfMegabytes) {
  start();
  const auto connection = open();
  const std::string large(3'000'000, 'x');

  ASSERT_TRUE(connection->send(MessageKind::Text, large));
  ASSERT_TRUE(run_until(io, [&] { return heard.messages.size() == 1; }));

  EXPECT_EQ(heard.messages[0].second, large);
}

TEST_F(WebSocketLoopback, SendsItsHeadersAndPath) {
  start();
  const auto connection =
      connect({.url = url("/v1%2Fx?token=a"), .headers = {{"APCA-API-KEY-ID", "PK1"}}});
  ASSERT_TRUE(run_until(io, [&] { return heard.opened == 1; }));

  EXPECT_EQ(path, "/v1/x");
  EXPECT_EQ(find_header(headers, "apca-api-key-id"), "PK1");
  EXPECT_EQ(find_header(headers, "host"), "127.0.0.1:" + std::to_string(server->port()));
}

TEST_F(WebSocketLoopback, ClosesInGoodOrderFromEitherSide) {
  start();
  auto connection = open();
  ASSERT_TRUE(connection->send(MessageKind::Text, "quiet"));
  connection->close(1000, "done");
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByUs);
  EXPECT_TRUE(heard.closed[0].was_open);
  ASSERT_TRUE(run_until(io, [&] { return !at_server.closed.empty(); }));
  EXPECT_EQ(at_server.messages.size(), 1u) << "what was queued leaves first";
  EXPECT_EQ(at_server.closed[0].end, WebSocketEnd::ClosedByPeer);
  EXPECT_EQ(at_server.closed[0].code, 1000);
  EXPECT_EQ(at_server.closed[0].close_reason, "done");

  heard = {};
  connection = open();
  server_ends.back()->close(4001, "bad key");
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByPeer);
  EXPECT_EQ(heard.closed[0].code, 4001);
  EXPECT_EQ(heard.closed[0].close_reason, "bad key");
}

TEST_F(WebSocketLoopback, SaysWhatItHasToSayBeforeItEndsAtTheHandshake) {
  start();
  const auto connection = connect({.url = url("/ended")});
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.opened, 1);
  ASSERT_EQ(heard.messages.size(), 2u);
  EXPECT_EQ(heard.messages[1].second, "why");
  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByPeer);
  EXPECT_EQ(heard.closed[0].code, 4002);
  EXPECT_EQ(heard.closed[0].close_reason, "ended");
  ASSERT_TRUE(run_until(io, [&] { return !at_server.closed.empty(); }));
  EXPECT_EQ(at_server.closed[0].end, WebSocketEnd::ClosedByUs);
}

TEST_F(WebSocketLoopback, TellsStatusAndWordsOfARefusedUpgrade) {
  start();
  const auto connection = connect({.url = url("/refused?key=secret")});
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Refused);
  EXPECT_EQ(heard.closed[0].http_status, 403);
  EXPECT_FALSE(heard.closed[0].was_open);
  EXPECT_EQ(heard.closed[0].message,
            url("/refused") + ": the server answered 403 Forbidden: no  key");
}

TEST_F(WebSocketLoopback, EndsOnAMessageAboveTheLimitOfEitherSide) {
  settings.web_socket.message_max = {100};
  start();
  auto connection = open({.message_max = {1000}});
  ASSERT_TRUE(connection->send(MessageKind::Text, std::string(101, 'x')));
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(at_server.end(), WebSocketEnd::TooLarge);
  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByPeer);
  EXPECT_EQ(heard.closed[0].code, 1009);

  heard = {};
  connection = open({.message_max = {10}});
  ASSERT_TRUE(server_ends.back()->send(MessageKind::Text, "longer than ten"));
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::TooLarge);
}

TEST_F(WebSocketLoopback, RefusesMoreThanItsQueueHolds) {
  start();
  const auto connection = open({.send_queue_max = {1000}});
  core::Status sent;
  // One message may be on its way already.
  for (int i = 0; i < 3 && sent; ++i)
    sent = connection->send(MessageKind::Text, std::string(400, 'x'));

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, core::Errc::Refused);
}

TEST_F(WebSocketLoopback, LetsAServerDropAClientThatDoesNotRead) {
  settings.web_socket.send_queue_max = core::kibibytes(64);
  start();
  auto slow = RawSocket::to(server->port());
  slow.send(loopback::upgrade_request("/"));
  ASSERT_TRUE(run_until(io, [&] { return at_server.opened == 1; }));
  const std::string chunk(16'384, 'x');

  core::Status sent;
  for (int i = 0; i < 10'000 && sent; ++i) {
    sent = server_ends[0]->send(MessageKind::Binary, chunk);
    io.poll();
  }

  EXPECT_EQ(sent.error().code, core::Errc::Refused);
  server_ends[0].reset();
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(WebSocketLoopback, AnswersPingsAndOutlivesManyOfItsOwn) {
  settings.web_socket.ping_interval = milliseconds{1};
  start();
  const auto connection = open({.ping_interval = milliseconds{1}});
  const auto before = at_server.messages.size();

  // Each echo is a round trip; the pings go between them.
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(connection->send(MessageKind::Text, "x"));
    ASSERT_TRUE(
        run_until(io, [&] { return heard.messages.size() == static_cast<std::size_t>(i) + 1; }));
  }

  EXPECT_EQ(at_server.messages.size(), before + 50);
  EXPECT_TRUE(heard.closed.empty());
}

TEST_F(WebSocketLoopback, AnswersNotEvenPingsOnceItIsFrozen) {
  start();
  const auto connection =
      open({.ping_interval = milliseconds{20}, .pong_deadline = milliseconds{10}});
  ASSERT_EQ(server_ends.size(), 1U);

  server_ends[0]->freeze();

  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Silent);
  EXPECT_TRUE(at_server.closed.empty()) << "who is frozen does not notice";
}

TEST_F(WebSocketLoopback, KeepsWhatAClientSendsBeforeItWasGreeted) {
  start();
  auto raw = RawSocket::to(server->port());
  raw.send(loopback::upgrade_request("/") + loopback::client_frame(0x81, "first") +
           loopback::client_frame(0x81, "second"));

  ASSERT_TRUE(run_until(io, [&] { return raw.has("second"); }));

  EXPECT_EQ(at_server.messages.size(), 2u);
  EXPECT_EQ(at_server.messages[0].second, "first");
}

TEST_F(WebSocketLoopback, PutsFragmentsTogether) {
  start();
  auto raw = RawSocket::to(server->port());
  raw.send(loopback::upgrade_request("/") + loopback::client_frame(0x01, "ab") +
           loopback::client_frame(0x89, "ping between") + loopback::client_frame(0x00, "cd") +
           loopback::client_frame(0x80, "ef"));

  ASSERT_TRUE(run_until(io, [&] { return raw.has("abcdef"); }));

  EXPECT_EQ(at_server.messages.size(), 1u);
}

TEST_F(WebSocketLoopback, EndsOnFramesThatBreakTheProtocol) {
  start();
  auto raw = RawSocket::to(server->port());
  raw.send(loopback::upgrade_request("/") + loopback::server_frame(0x81, "not masked"));

  ASSERT_TRUE(run_until(io, [&] { return !at_server.closed.empty() && raw.is_closed(); }));

  EXPECT_EQ(at_server.end(), WebSocketEnd::Broken);
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(WebSocketLoopback, SendsAGreetingThatWasQueuedBeforeItWasOpen) {
  auto listening = HttpServer::listen(
      io, settings, {.on_request = {}, .on_upgrade = [this](const auto&, WebSocketUpgrade upgrade) {
                       server_ends.push_back(upgrade.accept(at_server.listener()));
                       EXPECT_TRUE(server_ends[0]->send(MessageKind::Text, "welcome"));
                     }});
  server = std::move(*listening);

  const auto connection = open();

  ASSERT_TRUE(run_until(io, [&] { return !heard.messages.empty(); }));
  EXPECT_EQ(heard.messages[0].second, "welcome");
}

TEST_F(WebSocketLoopback, SendsItsGreetingBeforeAnEarlyClose) {
  auto listening = HttpServer::listen(
      io, settings, {.on_request = {}, .on_upgrade = [this](const auto&, WebSocketUpgrade upgrade) {
                       server_ends.push_back(
                           upgrade.accept({.on_open = [this] { server_ends[0]->close(1013); }}));
                       EXPECT_TRUE(server_ends[0]->send(MessageKind::Text, "full, come back"));
                     }});
  server = std::move(*listening);

  const auto connection = open();
  ASSERT_TRUE(run_until_closed());

  ASSERT_EQ(heard.messages.size(), 1u);
  EXPECT_EQ(heard.closed[0].code, 1013);
}

TEST_F(WebSocketLoopback, CanBeAcceptedLaterAndTellsWhenTheClientIsGoneByThen) {
  std::vector<WebSocketUpgrade> upgrades;
  auto listening = HttpServer::listen(
      io, settings, {.on_request = {}, .on_upgrade = [&](const auto&, WebSocketUpgrade upgrade) {
                       upgrades.push_back(std::move(upgrade));
                     }});
  server = std::move(*listening);
  const auto connection = connect({.url = url()});
  ASSERT_TRUE(run_until(io, [&] { return upgrades.size() == 1; }));
  server_ends.push_back(upgrades[0].accept(at_server.listener()));
  ASSERT_TRUE(run_until(io, [&] { return heard.opened == 1 && at_server.opened == 1; }));

  const auto second = connect({.url = url()});
  ASSERT_TRUE(run_until(io, [&] { return upgrades.size() == 2; }));
  server.reset();
  Heard too_late;
  const auto dead = upgrades[1].accept(too_late.listener());
  ASSERT_TRUE(run_until(io, [&] { return !too_late.closed.empty(); }));

  EXPECT_EQ(too_late.opened, 0);
  EXPECT_EQ(too_late.end(), WebSocketEnd::Lost);
  EXPECT_EQ(at_server.end(), WebSocketEnd::ClosedByUs);
}

TEST_F(WebSocketLoopback, IsSilentOnceDestroyedAlsoInsideItsCallbacks) {
  start();
  auto connection = open();
  connection.reset();
  ASSERT_TRUE(run_until(io, [&] { return !at_server.closed.empty(); }));
  EXPECT_TRUE(heard.closed.empty());

  std::unique_ptr<WebSocketConnection> mine;
  bool is_opened = false;
  mine = transport->connect({.url = url()}, {.on_open = [&] {
                              is_opened = true;
                              mine.reset();
                            }});
  ASSERT_TRUE(run_until(io, [&] { return is_opened; }));

  int messages = 0;
  mine = transport->connect({.url = url()}, {.on_open =
                                                 [&] {
                                                   EXPECT_TRUE(mine->send(MessageKind::Text, "1"));
                                                   EXPECT_TRUE(mine->send(MessageKind::Text, "2"));
                                                 },
                                             .on_message =
                                                 [&](auto, auto) {
                                                   ++messages;
                                                   mine.reset();
                                                 }});
  ASSERT_TRUE(run_until(io, [&] { return messages > 0; }));

  bool is_closed = false;
  mine = transport->connect({.url = url("/refused")}, {.on_closed = [&](const auto&) {
                              is_closed = true;
                              mine.reset();
                            }});
  ASSERT_TRUE(run_until(io, [&] { return is_closed; }));
  server.reset();
  EXPECT_TRUE(run_dry(io));
  EXPECT_EQ(messages, 1);
}

TEST_F(WebSocketLoopback, LetsAServersEndGoInsideItsCallback) {
  start();
  const auto connection = open();
  bool is_dropped = false;
  at_server = {};
  server_ends.clear();
  heard = {};
  auto listening = HttpServer::listen(
      io, settings, {.on_request = {}, .on_upgrade = [&](const auto&, WebSocketUpgrade upgrade) {
                       server_ends.push_back(upgrade.accept({.on_message = [&](auto, auto) {
                         is_dropped = true;
                         server_ends.clear();
                         server.reset();
                       }}));
                     }});
  server = std::move(*listening);
  const auto second = open();
  ASSERT_TRUE(second->send(MessageKind::Text, "x"));

  ASSERT_TRUE(run_until(io, [&] { return is_dropped && !heard.closed.empty(); }));

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Lost);
}

TEST_F(WebSocketLoopback, LeavesNothingOnTheContextAfterAStop) {
  start();
  const auto connection = open();
  auto idle = RawSocket::to(server->port());
  ASSERT_TRUE(run_until(io, [&] { return server->connections() == 2; }));

  server->stop();

  EXPECT_TRUE(run_dry(io));
  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByPeer);
  EXPECT_EQ(heard.closed[0].code, 1001);
  EXPECT_EQ(at_server.end(), WebSocketEnd::ClosedByUs);
  EXPECT_TRUE(idle.is_closed());
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(WebSocketLoopback, TellsItsListenersWhenTheServerIsDestroyed) {
  start();
  const auto connection = open();

  server.reset();

  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Lost);
  EXPECT_EQ(at_server.end(), WebSocketEnd::ClosedByUs);
  EXPECT_EQ(server_ends[0]->send(MessageKind::Text, "x").error().code, core::Errc::Unavailable);
}

TEST_F(WebSocketLoopback, AllocatesNothingPerMessageOnceWarm) {
  int messages = 0;
  auto listening = HttpServer::listen(
      io, settings,
      {.on_request = {}, .on_upgrade = [&](const auto&, WebSocketUpgrade upgrade) {
         server_ends.push_back(upgrade.accept({.on_message = [&](auto kind, auto bytes) {
           EXPECT_TRUE(server_ends[0]->send(kind, bytes));
         }}));
       }});
  server = std::move(*listening);
  std::unique_ptr<WebSocketConnection> connection;
  const std::string quote(200, 'q');
  const auto ask = [&] { EXPECT_TRUE(connection->send(MessageKind::Text, quote)); };
  connection = transport->connect({.url = url()}, {.on_open = ask, .on_message = [&](auto, auto) {
                                                     ++messages;
                                                     ask();
                                                   }});
  ASSERT_TRUE(run_until(io, [&] { return messages > 100; }));
  const int warm = messages;
  const auto before = st0ck::test::allocations_of_this_thread();

  while (messages < warm + 1000) io.poll_one();

  EXPECT_EQ(st0ck::test::allocations_of_this_thread() - before, 0u);
}

TEST_F(WebSocketLoopback, ReportsWhatIsWrongWithTheRequest) {
  for (const WebSocketRequest& request :
       {WebSocketRequest{.url = "http://127.0.0.1/"},
        WebSocketRequest{.url = "ws://127.0.0.1/", .headers = {{"a b", "c"}}},
        WebSocketRequest{.url = "ws://127.0.0.1/", .headers = {{"a", "c\r\nd: e"}}},
        WebSocketRequest{.url = "ws://127.0.0.1/", .headers = {{"host", "elsewhere"}}}}) {
    heard = {};
    const auto connection = connect(request);
    EXPECT_TRUE(heard.closed.empty());
    ASSERT_TRUE(run_until_closed());
    EXPECT_EQ(heard.closed[0].end, WebSocketEnd::BadRequest);
  }
}

TEST_F(WebSocketLoopback, ReportsThatNobodyListens) {
  std::uint16_t free_port = 0;
  {
    RawListener listener;
    free_port = listener.port();
  }
  const auto connection = connect({.url = "ws://127.0.0.1:" + std::to_string(free_port)});
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Unreachable);
  EXPECT_NE(heard.closed[0].message.find("refused"), std::string::npos) << heard.closed[0].message;
}

TEST_F(WebSocketLoopback, ReportsAHostWithoutAnAddress) {
  // A label of more than 63 letters: no resolver needs to ask anybody.
  const auto connection = connect({.url = "ws://" + std::string(64, 'a') + "/"});
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Unresolved);
}

TEST_F(WebSocketLoopback, RunsIntoItsDeadlineWithAServerThatSaysNothing) {
  RawListener listener;
  const auto connection = connect({.url = "ws://127.0.0.1:" + std::to_string(listener.port()),
                                   .limits = {.handshake_deadline = milliseconds{20}}});
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::TimedOut);
  EXPECT_NE(heard.closed[0].message.find("not open after 0.02 s"), std::string::npos);
}

TEST(WebSocketContext, MayGoWhileConnectionsAreOpen) {
  Heard heard;
  auto io = std::make_unique<boost::asio::io_context>();
  std::vector<std::unique_ptr<WebSocketConnection>> ends;
  auto server = *HttpServer::listen(
      *io, {}, {.on_request = {}, .on_upgrade = [&](const auto&, WebSocketUpgrade upgrade) {
                  ends.push_back(upgrade.accept({}));
                }});
  auto transport = *BeastWebSocketTransport::create(*io);
  auto connection = transport->connect({.url = "ws://127.0.0.1:" + std::to_string(server->port())},
                                       heard.listener());
  ASSERT_TRUE(run_until(*io, [&] { return heard.opened == 1; }));

  // The owners first, as they must; what their operations held goes with the context.
  connection.reset();
  ends.clear();
  server.reset();
  transport.reset();
  io.reset();

  EXPECT_TRUE(heard.closed.empty());
}

}  // namespace
}  // namespace st0ck::net
