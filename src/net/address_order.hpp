#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace st0ck::net {

/// The same addresses, those of IPv4 before all others (spec st0ck 12): whoever tries one after the
/// other would wait long for each of IPv6 where that leads nowhere.
std::vector<boost::asio::ip::tcp::endpoint> ipv4_first(
    const std::vector<boost::asio::ip::tcp::endpoint>& addresses);

}  // namespace st0ck::net
