#include "src/net/address_order.hpp"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace st0ck::net {
namespace {

using boost::asio::ip::tcp;

tcp::endpoint endpoint(const std::string& address) {
  return {boost::asio::ip::make_address(address), 1};
}

TEST(Ipv4First, LeavesTheOrderWithinAFamily) {
  const std::vector<tcp::endpoint> resolved{endpoint("2001:db8::1"), endpoint("192.0.2.2"),
                                            endpoint("2001:db8::2"), endpoint("192.0.2.1")};

  EXPECT_EQ(ipv4_first(resolved),
            (std::vector<tcp::endpoint>{endpoint("192.0.2.2"), endpoint("192.0.2.1"),
                                        endpoint("2001:db8::1"), endpoint("2001:db8::2")}));
}

}  // namespace
}  // namespace st0ck::net
