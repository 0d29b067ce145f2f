#include "src/net/peer_rate.hpp"

#include <gtest/gtest.h>

namespace st0ck::net {
namespace {

using std::chrono::milliseconds;

TEST(PeerRate, CountsEachAddressOfEachSecondByItself) {
  PeerRate rate{2};

  EXPECT_TRUE(rate.take("a", milliseconds{0}));
  EXPECT_TRUE(rate.take("a", milliseconds{500}));
  EXPECT_FALSE(rate.take("a", milliseconds{999}));
  EXPECT_TRUE(rate.take("b", milliseconds{999}));
  EXPECT_TRUE(rate.take("a", milliseconds{1000}));
}

}  // namespace
}  // namespace st0ck::net
