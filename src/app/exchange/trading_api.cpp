#include "src/app/exchange/trading_api.hpp"

#include "src/app/exchange/api.hpp"

#include <string>

namespace st0ck::app::exchange {

bool TradingApi::handles(const net::ServerRequest& request) const {
  const auto& segments = request.target.segments;
  if (segments.size() < 2) return false;
  if (segments[0] == "v3") return segments[1] == "clock";
  return segments[0] == "v2" && segments[1] != "stocks";
}

net::ServerResponse TradingApi::answer(const net::ServerRequest& request, Account& account) const {
  const ApiCall call{venue_, account, request};
  const bool is_new = call.segment(0) == "v3";
  for (const auto part :
       {answer_orders, answer_positions, answer_account, answer_watchlists, answer_reference}) {
    if (is_new && part != answer_reference) continue;
    if (auto answer = part(call)) return *answer;
  }
  return error_answer(alpaca::api_code::kNotFound, "endpoint not found: " + request.target.path);
}

}  // namespace st0ck::app::exchange
