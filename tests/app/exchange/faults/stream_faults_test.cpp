#include "src/app/exchange/faults/stream_faults.hpp"

#include "app/exchange/faults/faulty_exchange.hpp"

#include <algorithm>
#include <string>
#include <vector>

// What befalls streams, seen from a client's socket.
namespace st0ck::app::exchange {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr int kPong = 10;
constexpr int kCloseFrame = 8;

class StreamFaultsTest : public FaultyExchange {
 protected:
  /// What the order stream tells of an order that is taken, changed and cancelled: new, replaced,
  /// new, canceled.
  void live_an_order() {
    ask("POST", "/v2/orders", order("a"));
    pass(100ms);
    ask("PATCH", "/v2/orders/" + id_of("a"), R"({"limit_price":"2","client_order_id":"b"})");
    pass(100ms);
    ask("DELETE", "/v2/orders/" + id_of("b"));
    pass(100ms);
  }
};

TEST_F(StreamFaultsTest, PassWhatNoRuleNames) {
  open("faults: {a: {kind: lose, where: [market_data]}}");
  const auto client = order_stream();

  live_an_order();

  EXPECT_THAT(events(*client), ElementsAre("new", "replaced", "new", "canceled"));
}

TEST_F(StreamFaultsTest, LoseMessages) {
  open("faults: {a: {kind: lose, where: [trade_updates], skip: 1, count: 2}}");
  const auto client = order_stream();

  live_an_order();

  EXPECT_THAT(events(*client), ElementsAre("new", "canceled"));
}

TEST_F(StreamFaultsTest, DelayAMessageAndAllAfterIt) {
  open("faults: {a: {kind: delay, where: [trade_updates], delay: 5s, skip: 1, count: 1}}");
  const auto client = order_stream();

  live_an_order();

  EXPECT_THAT(events(*client), ElementsAre("new"));
  pass(5s);
  EXPECT_THAT(events(*client), ElementsAre("replaced", "new", "canceled"));
}

TEST_F(StreamFaultsTest, DoubleMessages) {
  open("faults: {a: {kind: duplicate, where: [trade_updates], copies: 2, count: 1}}");
  const auto client = order_stream();

  live_an_order();

  EXPECT_THAT(events(*client), ElementsAre("new", "new", "new", "replaced", "new", "canceled"));
}

TEST_F(StreamFaultsTest, LetAMessageBeOvertaken) {
  open("faults: {a: {kind: overtake, where: [trade_updates], places: 2, delay: 20s, count: 1}}");
  const auto client = order_stream();

  live_an_order();

  EXPECT_THAT(events(*client), ElementsAre("replaced", "new", "new", "canceled"));
}

TEST_F(StreamFaultsTest, SendAnOvertakenMessageAnyhowWhenNoneFollows) {
  open("faults: {a: {kind: overtake, where: [trade_updates], places: 9, delay: 2s}}");
  const auto client = order_stream();
  ask("POST", "/v2/orders", order());
  pass(100ms);
  EXPECT_THAT(events(*client), IsEmpty());

  pass(2s);

  EXPECT_THAT(events(*client), ElementsAre("new"));
}

TEST_F(StreamFaultsTest, CutMessagesShort) {
  open("faults: {a: {kind: truncate, where: [trade_updates], bytes: 30, count: 1}}");
  const auto client = order_stream();

  live_an_order();

  const auto all = messages(*client);
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[0].size(), 30U);
  EXPECT_GT(all[1].size(), 100U);
}

TEST_F(StreamFaultsTest, CutTheSocketWithoutAWord) {
  open("faults: {a: {kind: close, where: [trade_updates], skip: 1, count: 1}}");
  const auto client = order_stream();

  live_an_order();

  EXPECT_THAT(events(*client), ElementsAre("new"));
  EXPECT_TRUE(client->is_ended());
  EXPECT_THAT(messages(*order_stream()), IsEmpty()) << "the next one may connect";
}

TEST_F(StreamFaultsTest, CloseWithACode) {
  open("faults: {a: {kind: close, where: [trade_updates], code: 1012, count: 1}}");
  const auto client = order_stream();
  ask("POST", "/v2/orders", order());
  pass(100ms);

  const auto frame = client->frame();

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->first, kCloseFrame);
  EXPECT_EQ(frame->second.substr(0, 2), "\x03\xF4");
}

TEST_F(StreamFaultsTest, HangWithTheSocketOpenAndNoPong) {
  open("faults: {a: {kind: hang, where: [trade_updates], from: \"09:30:10\", hangs_for: 30s}}");
  const auto client = order_stream();
  client->ping();
  const auto before = client->frame();
  ASSERT_TRUE(before);
  EXPECT_EQ(before->first, kPong);

  pass(9s);
  live_an_order();
  client->ping();

  EXPECT_FALSE(client->frame());
  EXPECT_FALSE(client->is_ended());
  ASSERT_THAT(exchange_->faults(), SizeIs(1));
  EXPECT_THAT(exchange_->faults()[0], HasSubstr("a hang trade_updates #1 a stream at its time"));

  pass(30s);
  EXPECT_TRUE(client->is_ended());
}

TEST_F(StreamFaultsTest, ForgetASessionSilently) {
  open("faults: {a: {kind: forget, where: [trade_updates], skip: 1, count: 1}}");
  const auto client = order_stream();

  live_an_order();

  EXPECT_THAT(events(*client), ElementsAre("new"));
  client->ping();
  const auto pong = client->frame();
  ASSERT_TRUE(pong) << "the socket is alive";
  EXPECT_EQ(pong->first, kPong);
  client->say(R"({"action":"listen","data":{"streams":["trade_updates"]}})");
  EXPECT_THAT(client->message(), HasSubstr("unauthorized"));
}

TEST_F(StreamFaultsTest, ForgetASessionAndSaySo) {
  open("faults: {a: {kind: forget, where: [streams], says: true, from: \"09:30:10\", for: 1s}}");
  const auto orders = order_stream();
  const auto data = data_stream();

  pass(10s);

  EXPECT_THAT(messages(*orders), testing::Contains(HasSubstr("unauthorized")));
  const auto said = messages(*data);
  EXPECT_THAT(said.back(), HasSubstr(R"("code":401)"));
  pass(10s);
  EXPECT_THAT(messages(*data), IsEmpty());
}

TEST_F(StreamFaultsTest, StrikeMarketDataToo) {
  open("faults: {a: {kind: lose, where: [market_data], from: \"09:30:20\", for: 20s}}");
  const auto client = data_stream();

  pass(10s);
  EXPECT_GT(messages(*client).size(), 5U);
  pass(8s);
  messages(*client);
  pass(20s);
  EXPECT_LE(messages(*client).size(), 3U) << "those of the last moment before";
  pass(20s);
  EXPECT_GT(messages(*client).size(), 5U);
}

TEST_F(StreamFaultsTest, LeaveLoginsAndSubscriptionsAlone) {
  open("faults: {a: {kind: lose, where: [streams]}}");

  const auto orders = order_stream();
  const auto data = data_stream();
  live_an_order();

  EXPECT_THAT(messages(*orders), IsEmpty());
  EXPECT_THAT(messages(*data), IsEmpty());
}

TEST_F(StreamFaultsTest, RefuseToOpenAStream) {
  open(
      "faults:\n"
      "  a: {kind: status, where: [trade_updates_connect], status: 502, count: 1}\n"
      "  b: {kind: lose, where: [trade_updates_connect], count: 1}\n"
      "  c: {kind: hang, where: [trade_updates_connect], count: 1}\n");

  auto client = connect();
  EXPECT_FALSE(client->open_stream("/stream"));
  EXPECT_THAT(client->take(), StartsWith("HTTP/1.1 502"));

  client = connect();
  EXPECT_FALSE(client->open_stream("/stream"));
  EXPECT_TRUE(client->is_ended());

  client = connect();
  EXPECT_FALSE(client->open_stream("/stream"));
  pass(1min);
  EXPECT_FALSE(client->is_ended());

  EXPECT_TRUE(connect()->open_stream("/stream"));
}

TEST(IsAboutConnection, KnowsControlFromContent) {
  EXPECT_TRUE(
      is_about_connection(FaultPoint::TradeUpdates, R"({"stream":"authorization","data":{}})"));
  EXPECT_FALSE(
      is_about_connection(FaultPoint::TradeUpdates, R"({"stream":"trade_updates","data":{}})"));
  EXPECT_TRUE(is_about_connection(FaultPoint::MarketData, R"([{"T":"success","msg":"x"}])"));
  EXPECT_TRUE(is_about_connection(FaultPoint::MarketData, "\x91\x83\xA1T\xACsubscription"));
  EXPECT_FALSE(is_about_connection(FaultPoint::MarketData, R"([{"T":"q","S":"SPY"}])"));
}

}  // namespace
}  // namespace st0ck::app::exchange
