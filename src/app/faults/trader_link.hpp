#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/http_transport.hpp"
#include "st0ck/net/web_socket_transport.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace st0ck::app::faults {

/// What lies between a trader and the exchange of a fault day.
class TraderLink {
 public:
  virtual ~TraderLink() = default;

  /// The client's ends; each has connections of its own.
  virtual std::unique_ptr<net::HttpTransport> make_http() = 0;
  virtual std::unique_ptr<net::WebSocketTransport> make_web_sockets() = 0;

  /// Brings what is under way at this moment to where it goes; whether there was something.
  virtual bool deliver() { return false; }

  /// Requests that were sent.
  virtual std::uint64_t requests() const = 0;

  /// When the exchange last said something on a stream of market data that is open, by the
  /// scheduler.
  core::Duration market_heard_at() const { return market_heard_at_; }

  /// When the exchange last answered a request for the account, by the scheduler.
  core::Duration account_heard_at() const { return account_heard_at_; }

  /// Hears of each request to enter, change or cancel an order as it leaves, by its number from 1.
  std::function<void(std::uint64_t number)> on_order_request{};

 protected:
  void note_market_heard(core::Duration now) { market_heard_at_ = now; }
  void note_answer(std::string_view url, int status, core::Duration now) {
    constexpr int kOk = 200;
    if (status == kOk && url.ends_with("/v2/account")) account_heard_at_ = now;
  }

 private:
  core::Duration market_heard_at_{};
  core::Duration account_heard_at_{};
};

}  // namespace st0ck::app::faults
