#pragma once

#include "src/app/exchange/venue.hpp"
#include "st0ck/net/http_server.hpp"

namespace st0ck::app::exchange {

/// The trading host's REST interface (the reference, sections 2 to 6), for requests whose keys were
/// checked. No state of its own.
class TradingApi {
 public:
  explicit TradingApi(Venue& venue) : venue_{venue} {}

  /// Whether the path is of this half: all below /v2 and /v3 that the data host does not have.
  bool handles(const net::ServerRequest& request) const;

  net::ServerResponse answer(const net::ServerRequest& request, Account& account) const;

 private:
  Venue& venue_;
};

}  // namespace st0ck::app::exchange
