#include "src/app/exchange/data_api.hpp"

#include "src/app/exchange/data_queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace st0ck::app::exchange {

namespace {

using Segments = std::vector<std::string>;

bool is_rows(std::string_view word) {
  return word == "bars" || word == "trades" || word == "quotes";
}

bool begins_with(const Segments& path, std::string_view first, std::string_view second) {
  return path.size() >= 2 && path[0] == first && path[1] == second;
}

net::ServerResponse not_found() { return data_error(404, "endpoint not found."); }

/// What follows `/v2/stocks`.
net::ServerResponse answer_stocks(const DataQuestion& question, const Segments& path) {
  const auto is = [&](std::size_t place, std::string_view word) {
    return place < path.size() && path[place] == word;
  };
  switch (path.size()) {
    case 3:
      if (is_rows(path[2])) return history_answer(question, {}, path[2]);
      if (is(2, "snapshots")) return snapshots_answer(question, {});
      if (is(2, "auctions")) return auctions_answer(question, {});
      break;
    case 4:
      if (is(2, "meta") && is(3, "exchanges")) return exchange_codes_answer();
      if (is_rows(path[2]) && is(3, "latest")) return latest_answer(question, {}, path[2]);
      if (is_rows(path[3])) return history_answer(question, path[2], path[3]);
      if (is(3, "snapshot")) return snapshots_answer(question, path[2]);
      if (is(3, "auctions")) return auctions_answer(question, path[2]);
      break;
    case 5:
      if (is(2, "meta") && is(3, "conditions")) return condition_codes_answer(question, path[4]);
      if (is_rows(path[3]) && is(4, "latest")) return latest_answer(question, path[2], path[3]);
      break;
    default: break;
  }
  return not_found();
}

net::ServerResponse answer_beta(const DataQuestion& question, const Segments& path) {
  if (path[1] == "options")
    return data_error(404, "option data are not offered by this exchange yet");
  if (path[1] == "news" && path.size() == 2) return news_answer(question);
  if (path[1] == "corporate-actions" && path.size() == 2) return corporate_actions_answer(question);
  if (path[1] == "screener" && path.size() == 4 && path[2] == "stocks") {
    if (path[3] == "most-actives") return most_actives_answer(question);
    if (path[3] == "movers") return movers_answer(question);
  }
  if (path[1] == "screener" && path.size() == 4 && path[2] == "crypto")
    return data_error(404, "crypto data are not offered by this exchange");
  return not_found();
}

}  // namespace

DataApi::DataApi(const Parts& parts, const DataApiSettings& settings)
    : parts_{parts},
      plan_{settings.plan},
      limit_{settings.requests_per_minute, parts.scheduler, parts.wall} {}

bool DataApi::handles(const net::ServerRequest& request) const {
  const Segments& path = request.target.segments;
  constexpr std::array kBeta = {"options", "news", "corporate-actions", "screener"};
  return begins_with(path, "v2", "stocks") || begins_with(path, "v1", "corporate-actions") ||
         begins_with(path, "v1beta3", "crypto") ||
         std::ranges::any_of(kBeta,
                             [&](const char* word) { return begins_with(path, "v1beta1", word); });
}

net::ServerResponse DataApi::answer(const net::ServerRequest& request) {
  net::ServerResponse response;
  const auto key = parts_.keys.key_of(request.headers);
  // What shows no right key is counted together: it may not fill the memory.
  const auto verdict = limit_.count(key.value_or(std::string{}));
  if (!verdict.is_allowed)
    response = {.status = 429, .body = R"({"code":42910000,"message":"rate limit exceeded."})"};
  else if (!key)
    response =
        data_error(401, DataKeys::are_shown(request.headers) ? "forbidden." : "unauthorized.");
  else if (request.method != "GET")
    response = data_error(405, "method not allowed.");
  else
    response = answer_allowed(request.target);
  response.headers.insert(response.headers.end(), verdict.headers.begin(), verdict.headers.end());
  response.headers.push_back({"X-Request-ID", fmt::format("d{:031x}", ++requests_)});
  return response;
}

net::ServerResponse DataApi::answer_allowed(const net::RequestTarget& target) const {
  const DataQuestion question{parts_.record, target, parts_.clock.now(), plan_};
  const Segments& path = target.segments;
  if (begins_with(path, "v2", "stocks")) return answer_stocks(question, path);
  if (begins_with(path, "v1", "corporate-actions") && path.size() == 2)
    return corporate_actions_answer(question);
  if (begins_with(path, "v1beta3", "crypto"))
    return data_error(404, "crypto data are not offered by this exchange");
  if (path.size() >= 2 && path[0] == "v1beta1") return answer_beta(question, path);
  return not_found();
}

}  // namespace st0ck::app::exchange
