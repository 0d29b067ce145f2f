#pragma once

#include "src/app/exchange/faults/fault_parts.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_server.hpp"

#include <functional>

namespace st0ck::app::exchange {

/// Which place a request is at; `is_data` where the market-data half answers it.
FaultPoint fault_point_of(const net::ServerRequest& request, bool is_data);

/// Stands before the exchange's answers to requests: lets a request through to `act`, or does to
/// request and answer what the plan says.
class RequestFaults {
 public:
  using Act = std::function<void(const net::ServerRequest& request, net::Responder respond)>;

  explicit RequestFaults(FaultParts parts) : parts_{std::move(parts)} {}

  /// What `act` refers to outlives this.
  void handle(FaultPoint point, const net::ServerRequest& request, net::Responder respond, Act act);

  /// What an attempt to open a stream is answered instead; nothing where it may go on.
  std::optional<net::ServerResponse> refusal(FaultPoint point, const net::ServerRequest& request);

 private:
  void strike(const FaultVerdict& verdict, const net::ServerRequest& request,
              net::Responder respond, const Act& act);
  net::Responder delayed(net::Responder respond, core::Duration wait);

  FaultParts parts_;
  net::CallbackGuard guard_;
};

}  // namespace st0ck::app::exchange
