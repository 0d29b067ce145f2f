#include "src/app/exchange/faults/request_faults.hpp"

#include "src/app/exchange/faults/reject_answer.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace st0ck::app::exchange {

namespace {

net::ServerResponse without_answer(net::ServerDelivery delivery) {
  net::ServerResponse response;
  response.delivery = delivery;
  return response;
}

net::ServerResponse storm_answer(const FaultRule& rule) {
  net::ServerResponse response{.status = static_cast<int>(rule.status)};
  response.body = rule.status == 429 ? R"({"code":42910000,"message":"rate limit exceeded."})"
                                     : R"({"message":"unavailable by scenario"})";
  if (rule.retry_after)
    response.headers.push_back(
        {"Retry-After", std::to_string(*rule.retry_after / std::chrono::seconds{1})});
  return response;
}

std::string text_of(const net::ServerRequest& request) {
  return request.method + " " + request.target.path;
}

std::string symbol_of(const net::ServerRequest& request) {
  const auto body = alpaca::read_new_order(request.body);
  return body && body->symbol ? *body->symbol : std::string{};
}

void ignore(const net::ServerResponse&) {}

}  // namespace

FaultPoint fault_point_of(const net::ServerRequest& request, bool is_data) {
  if (is_data) return FaultPoint::Data;
  const auto& segments = request.target.segments;
  const std::string_view part = segments.size() > 1 ? std::string_view{segments[1]} : "";
  if (part == "orders" || part == "orders:by_client_order_id") {
    if (request.method == "POST") return FaultPoint::Submit;
    if (request.method == "PATCH") return FaultPoint::Replace;
    if (request.method == "DELETE") return FaultPoint::Cancel;
    return FaultPoint::Orders;
  }
  // To close a position is to send an order.
  if (part == "positions" && request.method == "DELETE") return FaultPoint::Submit;
  if (part == "account" || part == "positions") return FaultPoint::Account;
  if (part == "clock" || part == "calendar") return FaultPoint::Clock;
  if (part == "assets") return FaultPoint::Assets;
  return FaultPoint::Trading;
}

void RequestFaults::handle(FaultPoint point, const net::ServerRequest& request,
                           net::Responder respond, Act act) {
  const FaultVerdict verdict = parts_.judge(point, text_of(request));
  if (!verdict) return act(request, std::move(respond));
  strike(verdict, request, std::move(respond), act);
}

void RequestFaults::strike(const FaultVerdict& verdict, const net::ServerRequest& request,
                           net::Responder respond, const Act& act) {
  const FaultRule& rule = *verdict.rule;
  switch (rule.kind) {
    case FaultKind::Lose: return respond(without_answer(net::ServerDelivery::Cut));
    case FaultKind::Hang: return respond(without_answer(net::ServerDelivery::Hang));
    case FaultKind::Reject: return respond(reject_answer(rule.reason, symbol_of(request)));
    case FaultKind::Delay: return act(request, delayed(std::move(respond), verdict.delay));
    case FaultKind::LoseReply:
      return act(request, net::Responder{[respond](const net::ServerResponse&) {
                   respond(without_answer(net::ServerDelivery::Cut));
                 }});
    case FaultKind::DelayRequest:
      parts_.scheduler.call_after(verdict.delay,
                                  guard_.wrap([act, request, respond] { act(request, respond); }));
      return;
    case FaultKind::Duplicate:
      for (std::int64_t copy = 0; copy < rule.copies; ++copy) act(request, net::Responder{ignore});
      return act(request, std::move(respond));
    case FaultKind::Truncate:
      return act(request, net::Responder{[respond, bytes = static_cast<std::size_t>(rule.bytes)](
                                             net::ServerResponse response) {
                   response.body.resize(std::min(response.body.size(), bytes));
                   respond(std::move(response));
                 }});
    case FaultKind::Status:
      if (!rule.acts) return respond(storm_answer(rule));
      return act(request, net::Responder{[respond, rule](const net::ServerResponse&) {
                   respond(storm_answer(rule));
                 }});
    default: return act(request, std::move(respond));
  }
}

net::Responder RequestFaults::delayed(net::Responder respond, core::Duration wait) {
  return net::Responder{[this, watch = guard_.watch(), respond = std::move(respond),
                         wait](net::ServerResponse response) {
    if (watch.expired()) return;
    parts_.scheduler.call_after(wait,
                                [respond, response = std::move(response)] { respond(response); });
  }};
}

std::optional<net::ServerResponse> RequestFaults::refusal(FaultPoint point,
                                                          const net::ServerRequest& request) {
  const FaultVerdict verdict = parts_.judge(point, "GET " + request.target.path);
  if (!verdict) return std::nullopt;
  if (verdict.rule->kind == FaultKind::Lose) return without_answer(net::ServerDelivery::Cut);
  if (verdict.rule->kind == FaultKind::Hang) return without_answer(net::ServerDelivery::Hang);
  return storm_answer(*verdict.rule);
}

}  // namespace st0ck::app::exchange
