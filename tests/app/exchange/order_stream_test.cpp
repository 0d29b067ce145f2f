#include "src/app/exchange/order_stream.hpp"

#include "app/exchange/exchange_fixture.hpp"

#include <memory>

namespace st0ck::app::exchange {
namespace {

/// The server's end of a socket that nobody has: what was sent, and what the client says.
struct FakeSocket {
  net::WebSocketListener listener;
  std::vector<std::pair<net::MessageKind, Json>> sent;
  bool is_full = false;
  int closed_with = 0;
};

class FakeConnection final : public net::WebSocketConnection {
 public:
  explicit FakeConnection(std::shared_ptr<FakeSocket> socket) : socket_{std::move(socket)} {}

  core::Status send(net::MessageKind kind, std::string_view bytes) override {
    if (socket_->is_full) return core::fail(core::Errc::NoSpace, "full");
    socket_->sent.emplace_back(kind, Json::parse(bytes));
    return {};
  }
  void close(std::uint16_t code, std::string_view) override { socket_->closed_with = code; }

 private:
  std::shared_ptr<FakeSocket> socket_;
};

class OrderStreamTest : public ExchangeFixture {
 protected:
  OrderStreamTest() : stream_{std::make_unique<OrderStream>(*venue_, [] {})} {}

  std::shared_ptr<FakeSocket> connect() {
    auto socket = std::make_shared<FakeSocket>();
    net::ServerRequest request;
    request.target = *net::parse_request_target("/stream");
    EXPECT_TRUE(stream_->handles(request));
    stream_->upgrade(request,
                     net::WebSocketUpgrade{[socket](net::WebSocketListener listener) {
                                             socket->listener = std::move(listener);
                                             return std::make_unique<FakeConnection>(socket);
                                           },
                                           [](net::ServerResponse) {}});
    return socket;
  }

  static void say(FakeSocket& socket, std::string_view frame) {
    socket.listener.on_message(net::MessageKind::Text, frame);
  }

  std::shared_ptr<FakeSocket> listening() {
    auto socket = connect();
    say(*socket, R"({"action":"auth","key":"test","secret":"test"})");
    say(*socket, R"({"action":"listen","data":{"streams":["trade_updates"]}})");
    socket->sent.clear();
    return socket;
  }

  std::unique_ptr<OrderStream> stream_;
};

TEST_F(OrderStreamTest, GreetsNobodyAndTakesBothFormsOfLogin) {
  for (const std::string_view login :
       {R"({"action":"authenticate","data":{"key_id":"test","secret_key":"test"}})",
        R"({"action":"auth","key":"test","secret":"test"})"}) {
    const auto socket = connect();
    EXPECT_TRUE(socket->sent.empty());

    say(*socket, login);
    say(*socket, R"({"action":"listen","data":{"streams":["trade_updates"]}})");

    ASSERT_EQ(socket->sent.size(), 2U);
    EXPECT_EQ(socket->sent[0].first, net::MessageKind::Binary);
    EXPECT_EQ(socket->sent[0].second["stream"], "authorization");
    EXPECT_EQ(socket->sent[0].second["data"]["status"], "authorized");
    EXPECT_EQ(socket->sent[0].second["data"]["action"], "authenticate");
    EXPECT_EQ(socket->sent[1].second["data"]["streams"], Json::array({"trade_updates"}));
  }
}

TEST_F(OrderStreamTest, RefusesBadKeysAndListeningWithoutALogin) {
  const auto socket = connect();
  say(*socket, R"({"action":"listen","data":{"streams":["trade_updates"]}})");
  say(*socket, R"({"action":"auth","key":"test","secret":"bad"})");

  EXPECT_EQ(socket->sent[0].second["data"]["status"], "unauthorized");
  EXPECT_EQ(socket->sent[0].second["data"]["action"], "listen");
  EXPECT_EQ(socket->sent[1].second["data"]["status"], "unauthorized");
}

TEST_F(OrderStreamTest, AnswersNonsenseWithAnErrorThatHasData) {
  const auto socket = connect();
  say(*socket, "no json");

  ASSERT_EQ(socket->sent.size(), 1U);
  EXPECT_TRUE(socket->sent[0].second["data"].contains("error_message"));
}

TEST_F(OrderStreamTest, TellsFillsWithExecutionAndPosition) {
  const auto socket = listening();
  open();

  const std::string id = buy(10);

  ASSERT_EQ(socket->sent.size(), 2U);
  const Json& first = socket->sent[0].second;
  EXPECT_EQ(first["stream"], "trade_updates");
  EXPECT_EQ(first["data"]["event"], "new");
  const Json& fill = socket->sent[1].second["data"];
  EXPECT_EQ(fill["event"], "fill");
  EXPECT_EQ(fill["qty"], "10");
  EXPECT_EQ(fill["position_qty"], "10");
  EXPECT_EQ(fill["order"]["id"], id);
  EXPECT_EQ(fill["order"]["status"], "filled");
  EXPECT_TRUE(is_uuid(fill["execution_id"].get<std::string>()));
}

TEST_F(OrderStreamTest, TellsEachAccountItsOwnOrdersOnly) {
  const auto socket = listening();
  open();
  key_ = "other";

  buy(10);

  EXPECT_TRUE(socket->sent.empty());
}

TEST_F(OrderStreamTest, ReplacesTheListOfStreams) {
  const auto socket = listening();
  say(*socket, R"({"action":"listen","data":{"streams":[]}})");
  socket->sent.clear();
  open();

  buy(10);

  EXPECT_TRUE(socket->sent.empty());
}

TEST_F(OrderStreamTest, LetsASlowClientGo) {
  const auto socket = listening();
  open();
  socket->is_full = true;

  buy(10);

  EXPECT_NE(socket->closed_with, 0);
  socket->listener.on_closed({});
  EXPECT_EQ(stream_->clients(), 0U);
}

TEST_F(OrderStreamTest, HearsNothingAfterItsEnd) {
  const auto socket = listening();
  open();

  stream_.reset();
  buy(10);

  EXPECT_TRUE(socket->sent.empty());
}

}  // namespace
}  // namespace st0ck::app::exchange
