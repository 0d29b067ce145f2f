// The real client against servers that misbehave, on loopback.

#include "net/web_socket_stage.hpp"

namespace st0ck::net {
namespace {

using loopback::RawListener;
using loopback::RawSocket;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A client that a socket of the test's has taken.
class ScriptedServer : public WebSocketLoopback {
 protected:
  RawListener listener;
  std::optional<RawSocket> peer;
  std::unique_ptr<WebSocketConnection> connection;

  void open_to_script(const WebSocketLimits& limits, const std::string& early = {}) {
    connection =
        connect({.url = "ws://127.0.0.1:" + std::to_string(listener.port()), .limits = limits});
    ASSERT_TRUE(run_until(io, [&] {
      auto accepted = listener.accept();
      if (accepted) peer.emplace(std::move(*accepted));
      return accepted.has_value();
    }));
    ASSERT_TRUE(run_until(io, [&] { return peer->has("\r\n\r\n"); }));
    peer->send(loopback::upgrade_answer(peer->received()) + early);
    peer->forget();
    ASSERT_TRUE(run_until(io, [&] { return heard.opened == 1; }));
  }
};

TEST_F(ScriptedServer, IsDroppedWhenItSendsNoPongInTime) {
  open_to_script({.ping_interval = milliseconds{5}, .pong_deadline = milliseconds{5}});
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Silent);
  EXPECT_TRUE(heard.closed[0].was_open);
  EXPECT_TRUE(peer->has("\x89")) << "a ping was sent";
  EXPECT_TRUE(run_until(io, [&] { return peer->is_closed(); }));
}

TEST_F(ScriptedServer, IsDroppedWhenItSendsPongsAndReadsNothing) {
  open_to_script({.ping_interval = milliseconds{5},
                  .pong_deadline = milliseconds{5},
                  .send_queue_max = core::mebibytes(64)});
  // More than the sockets hold between them, so that no ping can leave behind it.
  ASSERT_TRUE(connection->send(MessageKind::Binary, std::string(40'000'000, 'x')));
  while (heard.closed.empty()) {
    peer->send(loopback::server_frame(0x8A, ""));
    io.run_one();
  }

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Silent);
}

TEST_F(ScriptedServer, IsKeptWhileItsPongsCome) {
  open_to_script({.ping_interval = milliseconds{2}, .pong_deadline = seconds{5}});
  // A ping is two bytes and the mask, a pong of ours two.
  ASSERT_TRUE(run_until(io, [&] { return peer->received().size() >= 6; }));
  peer->send(loopback::server_frame(0x8A, ""));
  peer->send(loopback::server_frame(0x81, "data"));
  ASSERT_TRUE(run_until(io, [&] { return !heard.messages.empty(); }));

  EXPECT_TRUE(heard.closed.empty());
}

TEST_F(ScriptedServer, MaySendWithItsAnswerAndInFragments) {
  open_to_script({}, loopback::server_frame(0x81, "with the answer") +
                         loopback::server_frame(0x02, "a") + loopback::server_frame(0x80, "b"));
  ASSERT_TRUE(run_until(io, [&] { return heard.messages.size() == 2; }));

  EXPECT_EQ(heard.messages[0].second, "with the answer");
  EXPECT_EQ(heard.messages[1], (std::pair{MessageKind::Binary, std::string{"ab"}}));
}

TEST_F(ScriptedServer, IsLeftWhenItDoesNotAnswerAClose) {
  open_to_script({.close_deadline = milliseconds{10}});
  connection->close();
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByUs);
  EXPECT_EQ(heard.closed[0].code, 0);
}

TEST_F(ScriptedServer, MayEndItsConnectionWithoutAWord) {
  open_to_script({});
  peer.reset();
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Lost);
}

TEST_F(ScriptedServer, MaySendAClosingFrameAndKeepTheSocket) {
  open_to_script({.close_deadline = milliseconds{10}});
  peer->send(loopback::server_frame(0x88, "\x03\xE8"));
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByPeer);
  EXPECT_EQ(heard.closed[0].code, 1000);
}

TEST_F(ScriptedServer, BreaksTheProtocolWithTextThatIsNoUtf8) {
  open_to_script({});
  peer->send(loopback::server_frame(0x81, "\xFF\xFE"));
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Broken);
}

TEST_F(ScriptedServer, AnswersWithSomethingElseThanHttp) {
  connection = connect({.url = "ws://127.0.0.1:" + std::to_string(listener.port())});
  ASSERT_TRUE(run_until(io, [&] {
    auto accepted = listener.accept();
    if (accepted) peer.emplace(std::move(*accepted));
    return accepted.has_value();
  }));
  peer->send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  ASSERT_TRUE(run_until_closed());

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::Broken);
  EXPECT_FALSE(heard.closed[0].was_open);
}

}  // namespace
}  // namespace st0ck::net
