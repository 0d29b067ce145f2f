#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"

#include "adapters/alpaca/amounts.hpp"
#include "adapters/alpaca/golden.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::alpaca::test {
namespace {

TEST(OrderStream, ReadsAFill) {
  OrderStreamReader reader;
  const auto message = reader.read_message(golden("trade_update_fill"));

  ASSERT_TRUE(message) << message.error().message;
  const auto& update = std::get<TradeUpdate>(*message);
  EXPECT_EQ(update.event, TradeEvent::Fill);
  EXPECT_EQ(update.execution_id, "2f63ea93-423d-4169-b3f6-3fdafc10c418");
  EXPECT_EQ(update.price, price("183.71"));
  EXPECT_EQ(update.quantity, quantity("15"));
  EXPECT_EQ(update.position_quantity, quantity("15"));
  EXPECT_EQ(update.order, read_order(golden("order")).value());
}

TEST(OrderStream, ReadsTheGoldenFramesOfTheReference) {
  OrderStreamReader reader;
  const auto message = [&](std::string_view frame) { return reader.read_message(frame).value(); };
  const auto request = [&](std::string_view frame) { return reader.read_request(frame).value(); };

  EXPECT_EQ(message(R"({"stream":"authorization","data":{"status":"authorized",)"
                    R"("action":"authenticate"}})"),
            (OrderStreamMessage{Authorization{true, "authenticate"}}));
  EXPECT_EQ(message(R"({"stream":"authorization","data":{"status":"unauthorized",)"
                    R"("action":"listen"}})"),
            (OrderStreamMessage{Authorization{false, "listen"}}));
  EXPECT_EQ(message(R"({"stream":"listening","data":{"streams":["trade_updates"]}})"),
            (OrderStreamMessage{Listening{{"trade_updates"}}}));
  EXPECT_EQ(message(R"({"action":"error","data":{"error_message":"no"}})"),
            (OrderStreamMessage{StreamError{"no"}}));
  EXPECT_EQ(message(R"({"stream":"weather","data":{}})"),
            (OrderStreamMessage{OtherStream{"weather"}}));
  EXPECT_EQ(request(R"({"action":"authenticate","data":{"key_id":"K","secret_key":"S"}})"),
            (OrderStreamRequest{Authenticate{"K", "S"}}));
  EXPECT_EQ(request(R"({"action":"auth","key":"K","secret":"S"})"),
            (OrderStreamRequest{Authenticate{"K", "S"}}));
  EXPECT_EQ(request(R"({"action":"listen","data":{"streams":["trade_updates"]}})"),
            (OrderStreamRequest{Listen{{"trade_updates"}}}));
}

TEST(OrderStream, ReadsWhatItWrites) {
  OrderStreamReader reader;
  TradeUpdate update = std::get<TradeUpdate>(*reader.read_message(golden("trade_update_fill")));
  for (int i = 0; i < static_cast<int>(TradeEvent::Other); ++i) {
    update.event = static_cast<TradeEvent>(i);
    EXPECT_EQ(reader.read_message(to_frame(OrderStreamMessage{update})).value(),
              OrderStreamMessage{update});
  }
  for (const OrderStreamMessage& message :
       {OrderStreamMessage{Authorization{true, "authenticate"}},
        OrderStreamMessage{Listening{{"trade_updates"}}}, OrderStreamMessage{StreamError{"e"}},
        OrderStreamMessage{OtherStream{"o"}}})
    EXPECT_EQ(reader.read_message(to_frame(message)).value(), message);
  EXPECT_EQ(to_frame(OrderStreamRequest{Authenticate{"K", "S"}}),
            R"({"action":"authenticate","data":{"key_id":"K","secret_key":"S"}})");
  EXPECT_EQ(to_frame(OrderStreamRequest{Listen{{"trade_updates"}}}),
            R"({"action":"listen","data":{"streams":["trade_updates"]}})");
}

TEST(OrderStream, TakesAnEventItDoesNotKnowForAnother) {
  OrderStreamReader reader;
  const auto message =
      reader.read_message(with(golden("trade_update_fill"), "event", "\"sparkle\""));

  ASSERT_TRUE(message) << message.error().message;
  EXPECT_EQ(std::get<TradeUpdate>(*message).event, TradeEvent::Other);
}

TEST(OrderStream, RefusesBrokenFrames) {
  OrderStreamReader reader{100'000};
  for (const std::string_view frame :
       {"", "\x01", "{}", "[]", "5", R"({"stream":"authorization","data":{"status":"maybe"}})",
        R"({"stream":"listening","data":{}})", R"({"stream":"listening"})",
        R"({"stream":"trade_updates","data":{"event":"fill"}})", R"({"stream":7})"})
    EXPECT_FALSE(reader.read_message(frame)) << frame;
  for (const std::string_view frame :
       {"", "{}", R"({"action":"auth"})", R"({"action":"authenticate","data":{"key_id":"K"}})",
        R"({"action":"listen","data":{"streams":"x"}})", R"({"action":"dance"})"})
    EXPECT_FALSE(reader.read_request(frame)) << frame;
  const auto fill = golden("trade_update_fill");
  for (std::size_t size = 0; size < fill.find_last_not_of("\n") + 1; ++size)
    EXPECT_FALSE(reader.read_message(std::string_view{fill}.substr(0, size))) << size;
  EXPECT_FALSE(reader.read_message(std::string(100'001, ' ')));
}

}  // namespace
}  // namespace st0ck::alpaca::test
