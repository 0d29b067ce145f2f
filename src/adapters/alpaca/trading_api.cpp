#include "st0ck/adapters/alpaca/trading_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::alpaca {

namespace {

using net::HttpMethod;
using net::HttpPriority;
using Fate = ApiAnswer::Fate;

constexpr int kRequestTimeout = 408;
constexpr int kOrderRefused[] = {400, 401, 403, 422, 429};

/// What exits ask for depends on what the account holds: reading it comes before entries.
constexpr HttpPriority kOfAccount = HttpPriority::LookUp;

/// What the server's own answer says about the request. That an order is refused is said by the
/// statuses that are documented for it: a page that is not there may stand before one that is.
Fate fate_of(HttpMethod method, int status) {
  if (status >= 200 && status < 300) return Fate::Done;
  if (method == HttpMethod::Post)
    return std::ranges::count(kOrderRefused, status) > 0 ? Fate::Refused : Fate::Unknown;
  if (status >= 400 && status < 500 && status != kRequestTimeout) return Fate::Refused;
  return Fate::Unknown;
}

ApiAnswer answer_of(HttpMethod method, const std::string& url, net::HttpResult result) {
  ApiAnswer answer;
  if (!result) {
    answer.fate = result.error().may_have_reached() ? Fate::Unknown : Fate::NotSent;
    answer.message = result.error().message;
    answer.is_final = result.error().kind == net::HttpFailureKind::Tls ||
                      result.error().kind == net::HttpFailureKind::Invalid;
    return answer;
  }
  answer.fate = fate_of(method, result->status);
  if (answer.is_done()) {
    answer.body = std::move(result->body);
    return answer;
  }
  answer.error = read_api_error(static_cast<std::uint32_t>(result->status), result->body);
  // Whose number support asks for.
  const auto request_id = result->headers.find("X-Request-ID");
  answer.message = fmt::format("{}: {}, {}{}{}", net::place_of(method, url), result->status,
                               answer.error.message.substr(0, 400), request_id ? "; request " : "",
                               request_id.value_or(""));
  // The keys; any other page may be gone in a minute.
  answer.is_final = result->status == 401 || result->status == 403;
  return answer;
}

}  // namespace

core::Error ApiAnswer::to_error() const {
  std::string text = message;
  if (error.http_status == 401 || error.http_status == 403)
    text +=
        "; check the key id and the secret, and that they belong to this host: paper and live "
        "have keys of their own";
  return {core::Errc::Broker, std::move(text), is_final ? core::Retry::No : core::Retry::Yes};
}

TradingApi::TradingApi(net::HttpClient& http, TradingEndpoints endpoints, Credentials credentials,
                       const TradingApiSettings& settings)
    : http_{http},
      endpoints_{std::move(endpoints)},
      credentials_{std::move(credentials)},
      settings_{settings} {}

TradingApi::~TradingApi() { drop(); }

net::HttpCall TradingApi::call_of(HttpMethod method, const std::string& path,
                                  EndpointGroup group) const {
  net::HttpCall call;
  call.request.method = method;
  call.request.url = endpoints_.rest + path;
  call.request.headers.reserve(3);
  call.request.headers.add("APCA-API-KEY-ID", credentials_.key_id);
  call.request.headers.add("APCA-API-SECRET-KEY", credentials_.secret);
  call.group = name_of(group);
  return call;
}

net::HttpCall TradingApi::order_call_of(HttpMethod method, const std::string& path) const {
  net::HttpCall call = call_of(method, path, EndpointGroup::Orders);
  call.request.timeout = settings_.order_timeout;
  call.wait_max = settings_.order_wait_max;
  return call;
}

net::HttpCall TradingApi::read_of(const std::string& path, HttpPriority priority,
                                  EndpointGroup group, core::Duration timeout) const {
  net::HttpCall call = call_of(HttpMethod::Get, path, group);
  call.request.timeout = timeout;
  call.priority = priority;
  call.is_idempotent = true;
  call.wait_max = settings_.read_wait_max;
  return call;
}

void TradingApi::send_order(const NewOrder& order, HttpPriority priority, Done done) {
  net::HttpCall call = order_call_of(HttpMethod::Post, "/v2/orders");
  call.request.headers.add("Content-Type", "application/json");
  call.request.body = to_json(order);
  call.priority = priority;
  send(std::move(call), std::move(done));
}

void TradingApi::replace_order(std::string_view id, const ReplaceOrder& body, HttpPriority priority,
                               Done done) {
  net::HttpCall call = order_call_of(HttpMethod::Patch, "/v2/orders/" + percent_encoded(id));
  call.request.headers.add("Content-Type", "application/json");
  call.request.body = to_json(body);
  call.priority = priority;
  send(std::move(call), std::move(done));
}

void TradingApi::cancel_order(std::string_view id, Done done) {
  net::HttpCall call = order_call_of(HttpMethod::Delete, "/v2/orders/" + percent_encoded(id));
  call.priority = HttpPriority::Cancel;
  call.is_idempotent = true;
  call.wait_max = settings_.cancel_wait_max;
  send(std::move(call), std::move(done));
}

void TradingApi::order_by_id(std::string_view id, HttpPriority priority, Done done) {
  send(read_of("/v2/orders/" + percent_encoded(id) + "?nested=true", priority,
               EndpointGroup::Orders, settings_.order_timeout),
       std::move(done));
}

void TradingApi::order_by_client_id(std::string_view client_order_id, HttpPriority priority,
                                    Done done) {
  send(read_of("/v2/orders:by_client_order_id?client_order_id=" + percent_encoded(client_order_id),
               priority, EndpointGroup::Orders, settings_.order_timeout),
       std::move(done));
}

void TradingApi::orders(const OrdersQuery& query, Done done) {
  send(read_of("/v2/orders?" + to_query(query), kOfAccount, EndpointGroup::Orders,
               settings_.read_timeout),
       std::move(done));
}

void TradingApi::account(Done done) {
  send(read_of("/v2/account", kOfAccount, EndpointGroup::Account, settings_.read_timeout),
       std::move(done));
}

void TradingApi::clock(Done done) {
  send(read_of("/v2/clock", kOfAccount, EndpointGroup::Account, settings_.read_timeout),
       std::move(done));
}

void TradingApi::positions(Done done) {
  send(read_of("/v2/positions", kOfAccount, EndpointGroup::Account, settings_.read_timeout),
       std::move(done));
}

void TradingApi::calendar(const CalendarQuery& query, Done done) {
  send(read_of("/v2/calendar?" + to_query(query), HttpPriority::Data, EndpointGroup::Account,
               settings_.read_timeout),
       std::move(done));
}

void TradingApi::send(net::HttpCall call, Done done) {
  const std::uint64_t number = ++under_way_->last;
  // Named in messages; the request itself goes on.
  const HttpMethod method = call.request.method;
  std::string url = call.request.url;
  const net::HttpCallId id = http_.call(
      std::move(call), [watch = std::weak_ptr{under_way_}, number, method, url = std::move(url),
                        done = std::move(done)](net::HttpResult result) {
        const auto under_way = watch.lock();
        if (under_way == nullptr || under_way->calls.erase(number) == 0) return;
        done(answer_of(method, url, std::move(result)));
      });
  under_way_->calls.emplace(number, id);
}

void TradingApi::drop() {
  const auto dropped = std::exchange(under_way_, std::make_shared<UnderWay>());
  for (const auto& [number, id] : dropped->calls) http_.cancel(id);
}

}  // namespace st0ck::alpaca
