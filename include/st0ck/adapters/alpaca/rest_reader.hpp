#pragma once

#include "st0ck/adapters/alpaca/endpoint_group.hpp"
#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_client.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

struct RestReaderSettings {
  std::string base_url = "https://data.alpaca.markets";
  core::Duration timeout = std::chrono::seconds{5};
};

/// Reads from one of the provider's hosts: what it says without an order being touched.
///
/// Answers come once and never inside `get`; none after this was destroyed.
class RestReader {
 public:
  /// The body of a 2xx answer, or why there is none.
  using Done = std::function<void(core::Result<std::string>)>;

  /// Scheduler and client outlive this.
  RestReader(net::Scheduler& scheduler, net::HttpClient& client, RestReaderSettings settings,
             DataAuth keys);

  /// `target` begins with a slash and may have a query.
  void get(EndpointGroup group, std::string target, Done done);

  /// For what can be answered without asking: answers soon, never inside this call.
  void answer_soon(std::function<void()> answer);

 private:
  net::Scheduler& scheduler_;
  net::HttpClient& client_;
  RestReaderSettings settings_;
  DataAuth keys_;
  net::CallbackGuard guard_;
};

/// What a refusal of a read means: `NotFound` for 404, `BadInput` for 400 and 422, `Refused` for
/// 401 and 403 with what to check, `Broker` for all others; 429 and 5xx may be tried again.
core::Error error_of_read(std::string_view place, std::uint32_t http_status, std::string_view body);

}  // namespace st0ck::alpaca
