#include "src/app/exchange/gatekeeper.hpp"

#include "src/app/exchange/api.hpp"
#include "st0ck/adapters/sim/random.hpp"

#include <chrono>
#include <set>
#include <utility>

namespace st0ck::app::exchange {

namespace {

namespace api_code = alpaca::api_code;

/// The six bits of a letter of Base64; nothing for any other.
std::optional<std::uint32_t> base64_value(char letter) {
  if (letter >= 'A' && letter <= 'Z') return static_cast<std::uint32_t>(letter - 'A');
  if (letter >= 'a' && letter <= 'z') return static_cast<std::uint32_t>(letter - 'a' + 26);
  if (letter >= '0' && letter <= '9') return static_cast<std::uint32_t>(letter - '0' + 52);
  if (letter == '+') return 62;
  if (letter == '/') return 63;
  return std::nullopt;
}

/// What Base64 stands for, up to its first letter that is none.
std::string decode_base64(std::string_view text) {
  constexpr unsigned kBits = 6;
  constexpr unsigned kByte = 8;
  std::string decoded;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char letter : text) {
    const auto value = base64_value(letter);
    if (!value) break;
    bits = (bits << kBits) | *value;
    count += kBits;
    if (count < kByte) continue;
    count -= kByte;
    decoded.push_back(static_cast<char>((bits >> count) & 0xFFU));
  }
  return decoded;
}

}  // namespace

/// Answers that are under way; those of a gatekeeper that is gone never leave.
class Gatekeeper::Delivery : public std::enable_shared_from_this<Delivery> {
 public:
  Delivery(net::Scheduler& scheduler, const Scenario& scenario)
      : scheduler_{scheduler},
        scenario_{scenario},
        random_{static_cast<std::uint64_t>(scenario.seed)} {}

  void stop() {
    for (const net::TaskId task : tasks_) scheduler_.cancel(task);
    tasks_.clear();
    is_stopped_ = true;
  }

  void send(const net::Responder& respond, net::ServerResponse response) {
    core::Duration wait = scenario_.latency;
    if (scenario_.jitter > core::Duration{})
      wait += core::Duration{random_.below(scenario_.jitter.count())};
    if (is_stopped_ || wait <= core::Duration{}) return respond(std::move(response));
    // The id is known only after the call, and the task runs only later.
    auto id = std::make_shared<net::TaskId>();
    *id = scheduler_.call_after(
        wait, [self = shared_from_this(), id, respond, response = std::move(response)] {
          self->tasks_.erase(*id);
          respond(response);
        });
    tasks_.insert(*id);
  }

 private:
  net::Scheduler& scheduler_;
  Scenario scenario_;
  adapters::sim::Random random_;
  std::set<net::TaskId> tasks_;
  bool is_stopped_ = false;
};

Gatekeeper::Gatekeeper(Venue& venue, net::Scheduler& scheduler, const Scenario& scenario,
                       const core::Clock& wall)
    : venue_{venue},
      scenario_{scenario},
      identifiers_{static_cast<std::uint64_t>(scenario.seed)},
      delivery_{std::make_shared<Delivery>(scheduler, scenario)},
      limit_{static_cast<std::size_t>(scenario.requests_per_minute), scheduler, wall} {}

Gatekeeper::~Gatekeeper() { delivery_->stop(); }

Account* Gatekeeper::account_of(const net::ServerRequest& request) const {
  const auto key = request.header("APCA-API-KEY-ID");
  const auto secret = request.header("APCA-API-SECRET-KEY");
  if (key && secret) return venue_.find(*key, *secret);
  constexpr std::string_view kBasic = "Basic ";
  const auto authorization = request.header("Authorization");
  if (!authorization || !authorization->starts_with(kBasic)) return nullptr;
  const std::string pair = decode_base64(authorization->substr(kBasic.size()));
  const auto colon = pair.find(':');
  if (colon == std::string::npos) return nullptr;
  return venue_.find(pair.substr(0, colon), pair.substr(colon + 1));
}

std::optional<Gatekeeper::Passed> Gatekeeper::admit(const net::ServerRequest& request,
                                                    net::Responder respond) {
  Account* account = account_of(request);
  RequestLimit::Verdict verdict = limit_.count(account ? account->key() : std::string{});
  verdict.headers.push_back({"X-Request-ID", identifiers_.next()});
  net::Responder answer = dressed(std::move(respond), std::move(verdict.headers));
  if (!verdict.is_allowed) {
    answer(error_answer(api_code::kRateLimit, "rate limit exceeded."));
  } else if (account == nullptr) {
    answer(error_answer(api_code::kUnauthorized, "request is not authorized"));
  } else if (is_rejected(request)) {
    answer(json_answer(R"({"message":"service unavailable by scenario"})",
                       static_cast<int>(scenario_.reject_status)));
  } else {
    return Passed{*account, std::move(answer)};
  }
  return std::nullopt;
}

bool Gatekeeper::is_rejected(const net::ServerRequest& request) {
  const bool is_order = request.method == "POST" && request.target.path == "/v2/orders";
  return is_order && scenario_.reject_one_in > 0 && ++orders_ % scenario_.reject_one_in == 0;
}

net::Responder Gatekeeper::delayed(net::Responder respond) const {
  return net::Responder{
      [delivery = delivery_, respond = std::move(respond)](net::ServerResponse response) {
        delivery->send(respond, std::move(response));
      }};
}

net::Responder Gatekeeper::dressed(net::Responder respond, net::HeaderFields headers) const {
  return net::Responder{[later = delayed(std::move(respond)),
                         headers = std::move(headers)](net::ServerResponse response) {
    response.headers.insert(response.headers.end(), headers.begin(), headers.end());
    later(std::move(response));
  }};
}

}  // namespace st0ck::app::exchange
