#include "st0ck/adapters/alpaca/rest_reader.hpp"

#include "st0ck/adapters/alpaca/wire/trading/api_error.hpp"

#include <utility>

namespace st0ck::alpaca {

using core::Errc;
using core::Error;
using CanRetry = core::Retry;

RestReader::RestReader(net::Scheduler& scheduler, net::HttpClient& client,
                       RestReaderSettings settings, DataAuth keys)
    : scheduler_{scheduler},
      client_{client},
      settings_{std::move(settings)},
      keys_{std::move(keys)} {}

void RestReader::get(EndpointGroup group, std::string target, Done done) {
  net::HttpCall call;
  call.request.url = settings_.base_url + std::move(target);
  call.request.headers = {{"APCA-API-KEY-ID", keys_.key}, {"APCA-API-SECRET-KEY", keys_.secret}};
  call.request.timeout = settings_.timeout;
  call.priority = net::HttpPriority::Data;
  call.group = name_of(group);
  call.is_idempotent = true;
  std::string place = net::place_of(call.request);
  client_.call(std::move(call), guard_.wrap([place = std::move(place),
                                             done = std::move(done)](net::HttpResult result) {
    if (!result) {
      const bool may_help = result.error().kind != net::HttpFailureKind::Invalid;
      return done(tl::unexpected(Error{Errc::Broker, std::move(result.error().message),
                                       may_help ? CanRetry::Yes : CanRetry::No}));
    }
    if (result->status < 200 || result->status >= 300) {
      const auto status = static_cast<std::uint32_t>(result->status);
      return done(tl::unexpected(error_of_read(place, status, result->body)));
    }
    done(std::move(result->body));
  }));
}

void RestReader::answer_soon(std::function<void()> answer) {
  scheduler_.call_after({}, guard_.wrap(std::move(answer)));
}

Error error_of_read(std::string_view place, std::uint32_t http_status, std::string_view body) {
  constexpr std::size_t kShown = 200;
  const std::string said = read_api_error(http_status, body).message.substr(0, kShown);
  const auto error = [&](Errc code, std::string_view advice, CanRetry retry = CanRetry::No) {
    return Error{code, fmt::format("{}: {} '{}'{}", place, http_status, said, advice), retry};
  };
  switch (http_status) {
    case 400:
    case 422: return error(Errc::BadInput, "");
    case 401:
      return error(Errc::Refused, "; check that key and secret are those of this host and account");
    case 403:
      return error(Errc::Refused,
                   "; check the keys and the plan: without a plan for SIP, rows of the last 15 "
                   "minutes need the feed iex, or an end that is 15 minutes ago");
    case 404: return error(Errc::NotFound, "");
    case 408:
    case 425:
    case 429: return error(Errc::Broker, "", CanRetry::Yes);
    default: return error(Errc::Broker, "", http_status >= 500 ? CanRetry::Yes : CanRetry::No);
  }
}

}  // namespace st0ck::alpaca
