#include "st0ck/adapters/sim/order_memory.hpp"

#include <gtest/gtest.h>

namespace st0ck::adapters::sim {
namespace {

core::ClientOrderId id(std::string_view text) { return core::ClientOrderId{text}; }

TEST(OrderMemory, KnowsWhereAWorkingOrderIs) {
  OrderMemory memory{2};

  memory.add_working(id("a"), core::InstrumentId{7});

  ASSERT_TRUE(memory.find(id("a")));
  EXPECT_EQ(memory.find(id("a"))->instrument, core::InstrumentId{7});
  EXPECT_TRUE(memory.find(id("a"))->is_working);
  EXPECT_EQ(memory.working(), 1u);
  EXPECT_FALSE(memory.find(id("b")));
}

TEST(OrderMemory, ForgetsTheOldestFinishedOrderFirst) {
  OrderMemory memory{2};
  for (const auto* name : {"a", "b", "c", "working"})
    memory.add_working(id(name), core::InstrumentId{});

  memory.mark_finished(id("b"), {});
  memory.mark_finished(id("a"), {});
  memory.mark_finished(id("c"), {});

  EXPECT_FALSE(memory.find(id("b")));
  EXPECT_FALSE(memory.find(id("a"))->is_working);
  EXPECT_FALSE(memory.find(id("c"))->is_working);
  EXPECT_TRUE(memory.find(id("working"))->is_working);
  EXPECT_EQ(memory.working(), 1u);
}

TEST(OrderMemoryDeathTest, RefusesAnIdTwice) {
  OrderMemory memory{2};
  memory.add_working(id("a"), core::InstrumentId{});

  EXPECT_DEATH(memory.add_working(id("a"), core::InstrumentId{}), "used once");
}

}  // namespace
}  // namespace st0ck::adapters::sim
