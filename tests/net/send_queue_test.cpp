#include "st0ck/net/send_queue.hpp"

#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <string>
#include <utility>

namespace st0ck::net {
namespace {

WebSocketLimits limits(std::int64_t bytes, std::size_t messages) {
  return {.send_queue_max = {bytes}, .send_queue_messages_max = messages};
}

TEST(SendQueue, RefusesWhatExceedsBytesOrMessagesAndStaysAsItWas) {
  SendQueue queue{limits(10, 2)};
  EXPECT_TRUE(queue.push(MessageKind::Text, "12345678"));

  EXPECT_FALSE(queue.push(MessageKind::Text, "123"));
  EXPECT_TRUE(queue.push(MessageKind::Text, "12"));
  const auto third = queue.push(MessageKind::Text, "");

  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, core::Errc::Refused);
  EXPECT_EQ(third.error().message,
            "send queue: 0 bytes more do not fit, 2 messages with 10 bytes wait; allowed are 2 "
            "and 10");
  EXPECT_EQ(queue.bytes(), 10u);
}

TEST(SendQueue, AllocatesNothingOnceWarm) {
  SendQueue queue{limits(100'000, 64)};
  const std::string text(1000, 'x');
  const auto turn = [&] {
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(queue.push(MessageKind::Text, text));
    for (int i = 0; i < 8; ++i) queue.pop();
  };
  turn();
  const auto before = test::allocations_of_this_thread();

  for (int i = 0; i < 100; ++i) turn();

  EXPECT_EQ(test::allocations_of_this_thread(), before);
}

TEST(SendQueue, KeepsTheOldestInItsPlaceWhileItGrows) {
  SendQueue queue{limits(1000, 100)};
  ASSERT_TRUE(queue.push(MessageKind::Text, "short"));
  const char* const place = queue.front().bytes.data();

  for (int i = 0; i < 99; ++i) ASSERT_TRUE(queue.push(MessageKind::Text, "more"));

  EXPECT_EQ(queue.front().bytes.data(), place);
  EXPECT_EQ(queue.front().bytes, "short");
}

RC_GTEST_PROP(SendQueue, GivesWhatADequeGives, ()) {
  constexpr std::size_t kMessages = 12;
  SendQueue queue{limits(200, kMessages)};
  std::deque<std::pair<MessageKind, std::string>> model;
  std::size_t bytes = 0;
  for (const int size : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-30, 60))) {
    if (size < 0) {
      if (model.empty()) continue;
      RC_ASSERT(queue.front().kind == model.front().first);
      RC_ASSERT(queue.front().bytes == model.front().second);
      bytes -= model.front().second.size();
      model.pop_front();
      queue.pop();
    } else {
      const std::string text(static_cast<std::size_t>(size), static_cast<char>('a' + size % 26));
      const auto kind = size % 2 == 0 ? MessageKind::Text : MessageKind::Binary;
      const bool fits = model.size() < kMessages && bytes + text.size() <= 200;
      RC_ASSERT(queue.push(kind, text).has_value() == fits);
      if (!fits) continue;
      model.emplace_back(kind, text);
      bytes += text.size();
    }
    RC_ASSERT(queue.count() == model.size());
    RC_ASSERT(queue.bytes() == bytes);
  }
}

}  // namespace
}  // namespace st0ck::net
