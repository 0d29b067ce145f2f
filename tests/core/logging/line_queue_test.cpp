#include "src/core/logging/line_queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace st0ck::core {
namespace {

TEST(LineQueue, GivesValuesInOrder) {
  LineQueue<int> queue{4};
  for (int i = 0; i < 3; ++i) {
    auto value = std::make_unique<int>(i);
    ASSERT_TRUE(queue.push(value));
  }

  for (int i = 0; i < 3; ++i) EXPECT_EQ(*queue.pop(), i);
  EXPECT_EQ(queue.pop(), nullptr);
}

TEST(LineQueue, RefusesValueWhenFullAndLeavesIt) {
  LineQueue<int> queue{2};
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);
  auto third = std::make_unique<int>(3);
  ASSERT_TRUE(queue.push(first) && queue.push(second));

  EXPECT_FALSE(queue.push(third));
  EXPECT_EQ(*third, 3);

  EXPECT_EQ(*queue.pop(), 1);
  EXPECT_TRUE(queue.push(third));
}

TEST(LineQueue, GoesRoundManyTimes) {
  LineQueue<int> queue{2};
  for (int i = 0; i < 1000; ++i) {
    auto value = std::make_unique<int>(i);
    ASSERT_TRUE(queue.push(value));
    ASSERT_EQ(*queue.pop(), i);
  }
}

TEST(LineQueue, KeepsTheOrderOfEachThread) {
  struct Item {
    int thread;
    int number;
  };
  constexpr int kThreads = 3;
  constexpr int kItems = 5000;
  LineQueue<Item> queue{64};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&queue, t] {
      for (int i = 0; i < kItems; ++i) {
        auto item = std::make_unique<Item>(Item{t, i});
        while (!queue.push(item)) std::this_thread::yield();
      }
    });

  std::vector<int> next(kThreads, 0);
  for (int got = 0; got < kThreads * kItems;) {
    const auto item = queue.pop();
    if (!item) {
      std::this_thread::yield();
      continue;
    }
    EXPECT_EQ(item->number, next[static_cast<std::size_t>(item->thread)]++);
    ++got;
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace st0ck::core
