#include "src/net/address_order.hpp"

#include <algorithm>
#include <iterator>

namespace st0ck::net {

using boost::asio::ip::tcp;

std::vector<tcp::endpoint> ipv4_first(const std::vector<tcp::endpoint>& addresses) {
  std::vector<tcp::endpoint> ordered;
  ordered.reserve(addresses.size());
  for (const bool is_v4 : {true, false})
    std::ranges::copy_if(addresses, std::back_inserter(ordered), [&](const tcp::endpoint& address) {
      return address.address().is_v4() == is_v4;
    });
  return ordered;
}

}  // namespace st0ck::net
