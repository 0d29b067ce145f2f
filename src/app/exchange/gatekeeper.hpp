#pragma once

#include "src/app/exchange/identifiers.hpp"
#include "src/app/exchange/request_limit.hpp"
#include "src/app/exchange/scenario.hpp"
#include "src/app/exchange/venue.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/net/http_server.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace st0ck::app::exchange {

/// What every request to the exchange passes, whichever part answers it: keys, the rate limit, the
/// scenario's latency and rejects, and the headers of every answer.
class Gatekeeper {
 public:
  /// All outlives the gatekeeper. `wall` tells the time of day, for X-RateLimit-Reset alone.
  Gatekeeper(Venue& venue, net::Scheduler& scheduler, const Scenario& scenario,
             const core::Clock& wall);
  ~Gatekeeper();

  /// The account of a request's keys, in its headers or as HTTP Basic; nullptr without good ones.
  Account* account_of(const net::ServerRequest& request) const;

  struct Passed {
    Account& account;
    net::Responder respond;  ///< Adds what every answer has, and takes its time.
  };

  /// The same answer after the scenario's latency: for what has keys and limits of its own.
  net::Responder delayed(net::Responder respond) const;

  /// A new id for an answer that does not come by the gate.
  std::string next_request_id() { return identifiers_.next(); }

  /// Answers by itself what does not pass.
  std::optional<Passed> admit(const net::ServerRequest& request, net::Responder respond);

 private:
  class Delivery;
  net::Responder dressed(net::Responder respond, net::HeaderFields headers) const;
  bool is_rejected(const net::ServerRequest& request);

  Venue& venue_;
  Scenario scenario_;
  Identifiers identifiers_;
  std::shared_ptr<Delivery> delivery_;
  RequestLimit limit_;  ///< By the accounts' keys, and one for all strangers.
  std::int64_t orders_ = 0;
};

}  // namespace st0ck::app::exchange
