#pragma once

#include "src/app/exchange/identifiers.hpp"
#include "src/app/exchange/scenario.hpp"
#include "src/app/exchange/venue.hpp"
#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/net/http_server.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace st0ck::app::exchange {

/// What every request to the exchange passes, whichever part answers it: keys, the rate limit, the
/// scenario's latency and rejects, and the headers of every answer.
class Gatekeeper {
 public:
  /// The real time in seconds since 1970, for X-RateLimit-Reset alone.
  using WallClock = std::function<std::int64_t()>;

  /// All outlives the gatekeeper.
  Gatekeeper(Venue& venue, net::Scheduler& scheduler, const Scenario& scenario, WallClock wall);
  ~Gatekeeper();

  /// The account of a request's keys, in its headers or as HTTP Basic; nullptr without good ones.
  Account* account_of(const net::ServerRequest& request) const;

  struct Passed {
    Account& account;
    net::Responder respond;  ///< Adds what every answer has, and takes its time.
  };

  /// Answers by itself what does not pass.
  std::optional<Passed> admit(const net::ServerRequest& request, net::Responder respond);

 private:
  class Delivery;
  struct Usage {
    std::deque<core::Duration> times;  ///< Of the last minute; at most as many as it may have.
  };

  net::Responder dressed(net::Responder respond, net::HeaderFields headers);
  net::HeaderFields headers_of(const Usage& usage);
  bool is_rejected(const net::ServerRequest& request);

  Venue& venue_;
  net::Scheduler& scheduler_;
  Scenario scenario_;
  WallClock wall_;
  Identifiers identifiers_;
  std::shared_ptr<Delivery> delivery_;
  std::map<std::string, Usage> usage_;  ///< By key; of accounts, and one for all strangers.
  std::int64_t orders_ = 0;
};

}  // namespace st0ck::app::exchange
