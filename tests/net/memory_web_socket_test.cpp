#include "st0ck/net/memory_web_socket.hpp"

#include "net/loopback.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace st0ck::net {
namespace {

using loopback::Heard;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const WebSocketRequest kRequest{.url = "ws://venue.test/stream"};

/// A client whose server does what `script` says.
struct Stage {
  explicit Stage(MemoryWebSocketTransport::Script script, WebSocketRequest request = kRequest)
      : transport{scheduler, std::move(script)},
        connection{transport.connect(std::move(request), heard.listener())} {}

  SimulatedScheduler scheduler;
  Heard heard;
  MemoryWebSocketTransport transport;
  std::unique_ptr<WebSocketConnection> connection;
};

TEST(MemoryWebSocket, OpensDeliversAndClosesLikeARealOne) {
  Stage stage{[](MemoryPeer peer) {
    EXPECT_EQ(peer.request().url, kRequest.url);
    peer.accept();
    peer.deliver(MessageKind::Text, "hello");
    peer.deliver(MessageKind::Binary, "bytes", milliseconds{5});
    peer.close(1001, "bye");
  }};
  EXPECT_EQ(stage.heard.opened, 0);

  stage.scheduler.run_for(seconds{1});

  EXPECT_EQ(stage.heard.opened, 1);
  ASSERT_EQ(stage.heard.messages.size(), 2u);
  EXPECT_EQ(stage.heard.messages[1].second, "bytes");
  ASSERT_EQ(stage.heard.closed.size(), 1u);
  EXPECT_EQ(stage.heard.closed[0].end, WebSocketEnd::ClosedByPeer);
  EXPECT_EQ(stage.heard.closed[0].code, 1001);
  EXPECT_TRUE(stage.heard.closed[0].was_open);
}

TEST(MemoryWebSocket, LetsNothingOvertakeWhatWasDelayed) {
  Stage stage{[](MemoryPeer peer) {
    peer.accept();
    peer.deliver(MessageKind::Text, "slow", seconds{1});
    peer.deliver(MessageKind::Text, "fast");
  }};

  stage.scheduler.run_for(milliseconds{500});
  EXPECT_TRUE(stage.heard.messages.empty());
  stage.scheduler.run_for(seconds{1});

  ASSERT_EQ(stage.heard.messages.size(), 2u);
  EXPECT_EQ(stage.heard.messages[0].second, "slow");
}

TEST(MemoryWebSocket, TellsTheStatusOfARefusal) {
  Stage stage{[](MemoryPeer peer) { peer.refuse(403); }};

  stage.scheduler.run_for(seconds{1});

  ASSERT_EQ(stage.heard.closed.size(), 1u);
  EXPECT_EQ(stage.heard.closed[0].http_status, 403);
  EXPECT_FALSE(stage.heard.closed[0].was_open);
}

TEST(MemoryWebSocket, RunsIntoItsDeadlineWhenNobodyAnswers) {
  Stage stage{[](MemoryPeer) {}};

  stage.scheduler.run_for(kRequest.limits.handshake_deadline - core::Duration{1});
  EXPECT_TRUE(stage.heard.closed.empty());
  stage.scheduler.run_for(core::Duration{1});

  EXPECT_EQ(stage.heard.end(), WebSocketEnd::TimedOut);
}

TEST(MemoryWebSocket, FindsOutThatItIsHalfOpenByItsNextPing) {
  std::optional<MemoryPeer> server;
  Stage stage{[&](MemoryPeer peer) { (server = peer)->accept(); }};
  stage.scheduler.run_until(milliseconds{2});  // There and back: open since now.
  stage.scheduler.run_for(seconds{34});
  server->go_silent();
  server->deliver(MessageKind::Text, "lost");

  // Pings leave every ten seconds, the next after 40; its pong is due five seconds later.
  stage.scheduler.run_for(seconds{11} - core::Duration{1});
  EXPECT_TRUE(stage.heard.closed.empty());
  stage.scheduler.run_for(core::Duration{1});

  EXPECT_EQ(stage.heard.end(), WebSocketEnd::Silent);
  EXPECT_TRUE(stage.heard.messages.empty());
}

TEST(MemoryWebSocket, FillsItsQueueWhileNothingLeaves) {
  WebSocketRequest request = kRequest;
  request.limits.send_queue_messages_max = 2;
  Stage stage{[](MemoryPeer peer) {
                peer.accept();
                peer.go_silent();
              },
              request};
  Stage open{[](MemoryPeer peer) { peer.accept(); }, request};
  open.scheduler.run_for(seconds{1});
  EXPECT_EQ(stage.connection->send(MessageKind::Text, "x").error().code, core::Errc::Unavailable);

  EXPECT_TRUE(open.connection->send(MessageKind::Text, "1"));
  EXPECT_TRUE(open.connection->send(MessageKind::Text, "2"));
  EXPECT_EQ(open.connection->send(MessageKind::Text, "3").error().code, core::Errc::Refused);
  open.scheduler.run_for(seconds{1});
  EXPECT_TRUE(open.connection->send(MessageKind::Text, "4"));
}

TEST(MemoryWebSocket, TellsTheServerWhatTheClientSendsAndHowItEnds) {
  std::string got;
  std::vector<std::uint16_t> ends;
  Stage stage{[&](MemoryPeer peer) {
    peer.accept();
    peer.on_message([&](MemoryPeer from, MessageKind kind, std::string_view bytes) {
      got += bytes;
      from.deliver(kind, "echo " + std::string{bytes});
    });
    peer.on_closed([&](std::uint16_t code) { ends.push_back(code); });
  }};
  stage.scheduler.run_for(seconds{1});

  ASSERT_TRUE(stage.connection->send(MessageKind::Text, "order"));
  stage.connection->close(1000);
  stage.scheduler.run_for(seconds{1});

  EXPECT_EQ(got, "order");
  EXPECT_EQ(ends, (std::vector<std::uint16_t>{1000}));
  EXPECT_EQ(stage.heard.end(), WebSocketEnd::ClosedByUs);
  EXPECT_TRUE(stage.heard.messages.empty()) << "none after close";
}

TEST(MemoryWebSocket, SaysNothingMoreOnceItsConnectionIsDestroyed) {
  std::optional<MemoryPeer> server;
  std::vector<std::uint16_t> ends;
  Stage stage{[&](MemoryPeer peer) {
    (server = peer)->accept();
    peer.on_closed([&](std::uint16_t code) { ends.push_back(code); });
    peer.deliver(MessageKind::Text, "late", milliseconds{10});
  }};
  stage.scheduler.run_for(milliseconds{5});

  stage.connection.reset();
  server->drop();
  stage.scheduler.run_for(hours{1});

  EXPECT_EQ(stage.heard.opened, 1);
  EXPECT_TRUE(stage.heard.messages.empty());
  EXPECT_TRUE(stage.heard.closed.empty());
  EXPECT_EQ(ends, (std::vector<std::uint16_t>{0}));
}

// Whatever a server does in whatever order, and whenever the owner lets go: open at most once and
// first, closed exactly once and last, messages in their order.
RC_GTEST_PROP(MemoryWebSocket, KeepsTheOrderOfItsCallbacks, ()) {
  SimulatedScheduler scheduler;
  std::string heard;
  std::optional<MemoryPeer> server;
  MemoryWebSocketTransport transport{scheduler, [&](MemoryPeer peer) { server = peer; }};
  std::unique_ptr<WebSocketConnection> connection;
  const int drop_at = *rc::gen::inRange(0, 20);  // Many never get there.
  int calls = 0;
  const auto hear = [&](char what) {
    heard += what;
    if (++calls == drop_at) connection.reset();
  };
  connection = transport.connect(kRequest, {.on_open = [&] { hear('o'); },
                                            .on_message = [&](auto, auto text) { hear(text[0]); },
                                            .on_closed = [&](const auto&) { hear('c'); }});
  scheduler.run_for(milliseconds{1});
  char next = 'A';
  for (const int action : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 14))) {
    const auto wait = milliseconds{*rc::gen::inRange(0, 4)};
    switch (action) {
      case 0:
      case 1: server->accept(wait); break;
      case 2: server->refuse(500, wait); break;
      case 3: server->close(1000, {}, wait); break;
      case 4: server->drop(); break;
      case 5: server->go_silent(); break;
      case 6:
        if (connection) connection->close();
        break;
      case 7:
        if (connection) static_cast<void>(connection->send(MessageKind::Text, "x").has_value());
        break;
      default:
        server->deliver(MessageKind::Text, std::string(1, next), wait);
        if (next < 'Z') ++next;
    }
    scheduler.run_for(milliseconds{*rc::gen::inRange(0, 3)});
  }
  server->close(1000);
  scheduler.run_for(hours{1});

  const bool was_dropped = connection == nullptr;
  RC_ASSERT(was_dropped || heard.back() == 'c');
  RC_ASSERT(std::ranges::count(heard, 'c') <= 1);
  RC_ASSERT(std::ranges::count(heard, 'o') <= 1);
  const auto begin = heard.starts_with('o') ? 1 : 0;
  const auto end = heard.ends_with('c') ? heard.size() - 1 : heard.size();
  const std::string middle =
      heard.substr(static_cast<std::size_t>(begin), end - static_cast<std::size_t>(begin));
  RC_ASSERT(middle.empty() || begin == 1);
  RC_ASSERT(std::ranges::is_sorted(middle));
  if (was_dropped) RC_ASSERT(calls == drop_at);
  RC_ASSERT(!scheduler.next_due().has_value());
}

}  // namespace
}  // namespace st0ck::net
