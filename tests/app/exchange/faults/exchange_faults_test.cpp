#include "src/app/exchange/faults/exchange_faults.hpp"

#include "app/exchange/faults/faulty_exchange.hpp"

#include <string>
#include <vector>

// What befalls the exchange as a whole and its orders.
namespace st0ck::app::exchange {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class ExchangeFaultsTest : public FaultyExchange {};

TEST_F(ExchangeFaultsTest, RestartsWithItsBooks) {
  open("faults: {a: {kind: restart, from: \"09:30:10\", down: 5s}}");
  ask("POST", "/v2/orders", order());
  const std::uint16_t before = port();
  const auto idle = connect();
  const auto stream = order_stream();
  EXPECT_TRUE(idle->is_connected());

  pass(9s);
  EXPECT_TRUE(idle->is_ended());
  EXPECT_TRUE(stream->is_ended());
  EXPECT_FALSE(connect()->is_connected()) << "nobody listens";
  EXPECT_TRUE(exchange_->host().is_down());

  pass(5s);
  EXPECT_EQ(port(), before);
  EXPECT_FALSE(exchange_->host().is_down());
  EXPECT_THAT(ask("GET", "/v2/orders"), HasSubstr(R"("client_order_id":"a")"));
  EXPECT_THAT(exchange_->faults(), ElementsAre(HasSubstr("a restart down for 5000 ms")));
}

TEST_F(ExchangeFaultsTest, RejectsAnOrderAfterItWasTaken) {
  open("faults: {a: {kind: reject_later, where: [submit], count: 1}}");
  const auto stream = order_stream();

  EXPECT_THAT(ask("POST", "/v2/orders", order("a")), StartsWith("HTTP/1.1 200"));
  pass(100ms);

  EXPECT_THAT(events(*stream), ElementsAre("rejected"));
  EXPECT_EQ(desk().find_by_client_id("a")->told.status, alpaca::OrderStatus::Rejected);
  ask("POST", "/v2/orders", order("b"));
  pass(100ms);
  EXPECT_THAT(events(*stream), ElementsAre("new"));
}

TEST_F(ExchangeFaultsTest, RefusesACancelAfterItWasAnswered) {
  open("faults: {a: {kind: reject_later, where: [cancel], count: 1}}");
  const auto stream = order_stream();
  ask("POST", "/v2/orders", order());
  pass(100ms);

  EXPECT_THAT(ask("DELETE", "/v2/orders/" + id_of("a")), StartsWith("HTTP/1.1 204"));
  pass(100ms);
  EXPECT_THAT(events(*stream), ElementsAre("new", "order_cancel_rejected"));
  EXPECT_TRUE(desk().find_by_client_id("a")->is_open());

  ask("DELETE", "/v2/orders/" + id_of("a"));
  EXPECT_FALSE(desk().find_by_client_id("a")->is_open());
}

TEST_F(ExchangeFaultsTest, RefusesAReplacementAfterItWasAnswered) {
  open("faults: {a: {kind: reject_later, where: [replace], count: 1}}");
  const auto stream = order_stream();
  ask("POST", "/v2/orders", order());
  pass(100ms);

  EXPECT_THAT(
      ask("PATCH", "/v2/orders/" + id_of("a"), R"({"limit_price":"2","client_order_id":"b"})"),
      StartsWith("HTTP/1.1 200"));
  pass(100ms);

  EXPECT_THAT(events(*stream), ElementsAre("new", "order_replace_rejected"));
  EXPECT_EQ(desk().find_by_client_id("a")->told.status, alpaca::OrderStatus::New);
  EXPECT_EQ(desk().find_by_client_id("b")->told.status, alpaca::OrderStatus::Rejected);
  // The order that lives on can be changed and cancelled.
  EXPECT_THAT(
      ask("PATCH", "/v2/orders/" + id_of("a"), R"({"limit_price":"3","client_order_id":"c"})"),
      StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask("DELETE", "/v2/orders/" + id_of("c")), StartsWith("HTTP/1.1 204"));
}

TEST_F(ExchangeFaultsTest, FillsInPieces) {
  open("faults: {a: {kind: partial_fill, shares: 4, pause: 10s}}");
  const auto stream = order_stream();

  ask("POST", "/v2/orders", order("a", kMarket));
  pass(2s);
  EXPECT_THAT(events(*stream), ElementsAre("new", "partial_fill"));
  EXPECT_EQ(exchange_->filled(), core::Quantity::whole(4));
  EXPECT_THAT(ask("GET", "/v2/positions/SPY"), HasSubstr(R"("qty":"4")"));

  pass(10s);
  EXPECT_THAT(events(*stream), ElementsAre("partial_fill"));
  EXPECT_EQ(exchange_->filled(), core::Quantity::whole(8));
  pass(10s);
  EXPECT_THAT(events(*stream), ElementsAre("fill"));
  EXPECT_EQ(exchange_->filled(), core::Quantity::whole(10));
}

TEST_F(ExchangeFaultsTest, LeavesWhatWasNotFilledYetToACancel) {
  open("faults: {a: {kind: partial_fill, shares: 4, pause: 10s}}");
  const auto stream = order_stream();
  ask("POST", "/v2/orders", order("a", kMarket));
  pass(2s);

  EXPECT_THAT(ask("PATCH", "/v2/orders/" + id_of("a"), R"({"qty":"9"})"),
              HasSubstr("being filled"));
  EXPECT_THAT(ask("DELETE", "/v2/orders/" + id_of("a")), StartsWith("HTTP/1.1 204"));
  pass(1min);

  EXPECT_THAT(events(*stream), ElementsAre("new", "partial_fill", "canceled"));
  EXPECT_EQ(exchange_->filled(), core::Quantity::whole(4));
}

TEST_F(ExchangeFaultsTest, HaltsASymbol) {
  open("faults: {a: {kind: halt, symbols: [SPY], code: LUDP, from: \"09:30:10\", for: 20s}}");
  const auto data = data_stream();
  pass(9s);
  const auto before = messages(*data);
  EXPECT_THAT(before, Contains(HasSubstr("LUDP")));

  EXPECT_THAT(ask("POST", "/v2/orders", order("a", kMarket)), HasSubstr("asset SPY is halted"));
  pass(15s);
  EXPECT_THAT(messages(*data), testing::IsEmpty()) << "neither quotes nor statuses";

  pass(10s);
  const auto after = messages(*data);
  ASSERT_FALSE(after.empty());
  EXPECT_THAT(after[0], HasSubstr(R"("T":"s")"));
  ask("POST", "/v2/orders", order("b", kMarket));
  pass(2s);
  EXPECT_EQ(exchange_->filled(), core::Quantity::whole(10));
  EXPECT_THAT(exchange_->faults(),
              ElementsAre(HasSubstr("a halt SPY LUDP"), HasSubstr("a halt SPY trades again")));
}

TEST_F(ExchangeFaultsTest, FillsNothingWhileHalted) {
  open("faults: {a: {kind: halt, symbols: [SPY], from: \"09:30:10\", for: 20s}}");
  // Above the market, but halted before the market comes near it.
  pass(7900ms);
  ask("POST", "/v2/orders", order("a", R"(,"type":"limit","limit_price":"1")"));
  pass(1s);

  ask("PATCH", "/v2/orders/" + id_of("a"), R"({"limit_price":"9999"})");
  pass(15s);
  EXPECT_EQ(exchange_->filled(), core::Quantity{});
  pass(10s);
}

TEST_F(ExchangeFaultsTest, TellNothingOfAScenarioWithoutFaults) {
  open("latency: 0s\n");

  ask("POST", "/v2/orders", order("a", kMarket));
  pass(5s);

  EXPECT_THAT(exchange_->faults(), testing::IsEmpty());
  EXPECT_EQ(exchange_->filled(), core::Quantity::whole(10));
}

}  // namespace
}  // namespace st0ck::app::exchange
