#pragma once

#include "st0ck/adapters/alpaca/credentials.hpp"
#include "st0ck/adapters/alpaca/endpoint_group.hpp"
#include "st0ck/adapters/alpaca/trading_endpoints.hpp"
#include "st0ck/adapters/alpaca/wire/query.hpp"
#include "st0ck/adapters/alpaca/wire/trading/api_error.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/net/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

struct TradingApiSettings {
  core::Duration order_timeout = std::chrono::seconds{2};  ///< Spec 12.
  core::Duration read_timeout = std::chrono::seconds{5};
  /// How long an order may wait for the rate limit: a later one is not what was decided.
  core::Duration order_wait_max = std::chrono::seconds{2};
  core::Duration cancel_wait_max = std::chrono::seconds{10};
  core::Duration read_wait_max = std::chrono::seconds{30};
};

/// What became of a request, which is all that the order's fate hangs on.
struct ApiAnswer {
  enum class Fate : std::uint8_t {
    Done,     ///< 2xx.
    Refused,  ///< 4xx: the server has not done it.
    NotSent,  ///< It cannot have seen it.
    Unknown,  ///< No answer, or one that says nothing about it (5xx, 408, redirects).
  };

  Fate fate = Fate::Unknown;
  std::string body{};     ///< Of a 2xx.
  ApiError error{};       ///< Of a refusal.
  std::string message{};  ///< One sentence, where it is not done.
  bool is_final = false;  ///< Asking again would be no help.

  bool is_done() const { return fate == Fate::Done; }
  bool is_not_found() const { return fate == Fate::Refused && error.http_status == 404; }

  /// For whoever needed it done: Errc::Broker, with what to check where the keys are refused.
  core::Error to_error() const;
};

/// The trading interface as calls: paths, headers, deadlines and what comes first. A POST or PATCH
/// is sent once, whatever happens; the others are tried again by the client.
///
/// Each call is answered once, never inside it, until `drop`. One thread.
class TradingApi {
 public:
  using Done = std::function<void(const ApiAnswer&)>;

  /// `http` outlives this. The credentials go into headers and nowhere else.
  TradingApi(net::HttpClient& http, TradingEndpoints endpoints, Credentials credentials,
             const TradingApiSettings& settings);
  ~TradingApi();
  TradingApi(const TradingApi&) = delete;
  TradingApi& operator=(const TradingApi&) = delete;

  void send_order(const NewOrder& order, net::HttpPriority priority, Done done);
  void replace_order(std::string_view id, const ReplaceOrder& body, net::HttpPriority priority,
                     Done done);
  void cancel_order(std::string_view id, Done done);

  // Reads. Orders that somebody waits for go as exits do, lists as data.
  void order_by_id(std::string_view id, net::HttpPriority priority, Done done);
  void order_by_client_id(std::string_view client_order_id, net::HttpPriority priority, Done done);
  void orders(const OrdersQuery& query, Done done);
  void account(Done done);
  void clock(Done done);
  void positions(Done done);
  void calendar(const CalendarQuery& query, Done done);

  /// Ends what is under way: nothing of it is answered, and what was not sent is not sent.
  void drop();

 private:
  net::HttpCall call_of(net::HttpMethod method, const std::string& path, EndpointGroup group) const;
  net::HttpCall order_call_of(net::HttpMethod method, const std::string& path) const;
  net::HttpCall read_of(const std::string& path, net::HttpPriority priority, EndpointGroup group,
                        core::Duration timeout) const;
  void send(net::HttpCall call, Done done);

  net::HttpClient& http_;
  TradingEndpoints endpoints_;
  Credentials credentials_;
  TradingApiSettings settings_;
  /// What is under way, by our own number; a fresh one after each `drop`.
  struct UnderWay {
    std::map<std::uint64_t, net::HttpCallId> calls;
    std::uint64_t last = 0;
  };
  std::shared_ptr<UnderWay> under_way_ = std::make_shared<UnderWay>();
};

}  // namespace st0ck::alpaca
