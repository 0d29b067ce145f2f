#include "st0ck/net/socket_keys.hpp"

#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace st0ck::net {
namespace {

using std::chrono::seconds;

TEST(SocketKeys, RefuseASecondSocketWhileTheFirstLivesOrLingers) {
  SimulatedScheduler scheduler;
  SocketKeys keys{scheduler, seconds{3}};
  auto first = keys.take("alpaca stream");
  ASSERT_TRUE(first);
  std::optional<SocketKeys::Lease> lease{std::move(*first)};

  const auto second = keys.take("alpaca stream");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, core::Errc::Locked);
  EXPECT_EQ(second.error().message,
            "socket 'alpaca stream': one lives already, allowed is one at a time");
  EXPECT_TRUE(keys.take("another"));

  lease.reset();
  scheduler.run_for(seconds{3} - core::Duration{1});
  EXPECT_FALSE(keys.take("alpaca stream"));
  scheduler.run_for(core::Duration{1});
  EXPECT_TRUE(keys.take("alpaca stream"));
}

TEST(SocketKeys, MayGoBeforeTheirLeases) {
  SimulatedScheduler scheduler;
  std::optional<SocketKeys> keys{std::in_place, scheduler, seconds{3}};
  auto lease = keys->take("key");

  keys.reset();

  EXPECT_TRUE(lease);
}

TEST(SocketKeys, AreLetGoByALeaseThatAnotherIsMovedInto) {
  SimulatedScheduler scheduler;
  SocketKeys keys{scheduler, {}};
  {
    auto one = keys.take("one");
    auto two = keys.take("two");
    ASSERT_TRUE(one && two);
    *one = std::move(*two);
    EXPECT_FALSE(keys.take("two"));
  }
  EXPECT_TRUE(keys.take("one"));
  EXPECT_TRUE(keys.take("two"));
}

}  // namespace
}  // namespace st0ck::net
