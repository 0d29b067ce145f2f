#include "st0ck/adapters/alpaca/data_stream_session.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace st0ck::alpaca {

namespace {

/// What an error of the stream means to a client (reference 9).
struct Meaning {
  std::uint32_t code;
  std::string_view reason;
  bool is_final;
};

constexpr Meaning kMeanings[] = {
    {400, "DATA_BAD_REQUEST", false},       {401, "DATA_NOT_AUTHENTICATED", false},
    {402, "DATA_AUTH_FAILED", true},        {404, "DATA_AUTH_TIMEOUT", false},
    {405, "DATA_SYMBOL_LIMIT", true},       {406, "DATA_CONNECTION_LIMIT", false},
    {407, "DATA_SLOW_CLIENT", false},       {408, "DATA_FEED_NOT_ENABLED", true},
    {409, "DATA_PLAN_INSUFFICIENT", true},  {410, "DATA_CHANNEL_REFUSED", true},
    {411, "DATA_SCOPE_INSUFFICIENT", true}, {412, "DATA_CODEC_REFUSED", true},
    {413, "DATA_CHANNEL_REFUSED", true},    {500, "DATA_SERVER_ERROR", false},
};

constexpr std::uint32_t kAlreadyAuthenticated = 403;
constexpr std::uint32_t kConnectionLimit = 406;

bool is_same_list(std::vector<std::string> a, std::vector<std::string> b) {
  if (a == b) return true;
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

}  // namespace

bool is_same_subscription(const Channels& a, const Channels& b) {
  using List = std::vector<std::string> Channels::*;
  constexpr List kCompared[] = {&Channels::trades,       &Channels::quotes,     &Channels::bars,
                                &Channels::updated_bars, &Channels::daily_bars, &Channels::statuses,
                                &Channels::lulds,        &Channels::imbalances, &Channels::news,
                                &Channels::orderbooks};
  return std::ranges::all_of(kCompared, [&](List list) { return is_same_list(a.*list, b.*list); });
}

DataStreamSession::DataStreamSession(DataSessionSettings settings, Channels wanted)
    : settings_{settings}, wanted_{std::move(wanted)} {}

auto DataStreamSession::step(const Event& event, core::Duration now) -> Action {
  if (phase_ == Phase::Ended) return Nothing{};
  return std::visit([&](const auto& it) { return on(it, now); }, event);
}

auto DataStreamSession::on(const Opened& /*opened*/, core::Duration now) -> Action {
  if (phase_ == Phase::Connecting) enter(Phase::Greeting, now + settings_.greeting_max);
  return Nothing{};
}

auto DataStreamSession::on(const Greeted& /*greeted*/, core::Duration now) -> Action {
  if (phase_ != Phase::Greeting) return Nothing{};
  enter(Phase::Authenticating, now + settings_.authentication_max);
  return SendAuthentication{};
}

// A server that knows us by the handshake says so without being asked.
auto DataStreamSession::on(const Authenticated& /*authenticated*/, core::Duration now) -> Action {
  if (phase_ != Phase::Greeting && phase_ != Phase::Authenticating) return Nothing{};
  enter(Phase::Subscribing, now + settings_.subscription_max);
  return SendSubscription{};
}

auto DataStreamSession::on(const Subscribed& subscribed, core::Duration /*now*/) -> Action {
  if (phase_ != Phase::Subscribing && phase_ != Phase::Streaming) return Nothing{};
  if (!is_same_subscription(subscribed.channels, wanted_))
    return end(core::Code{"DATA_SUBSCRIPTION_DIFFERS"});
  if (phase_ == Phase::Streaming) return Nothing{};
  phase_ = Phase::Streaming;
  deadline_.reset();
  return BeginStreaming{};
}

auto DataStreamSession::on(const Refused& refused, core::Duration now) -> Action {
  if (refused.code == kAlreadyAuthenticated) return on(Authenticated{}, now);
  const auto* meaning = std::ranges::find(kMeanings, refused.code, &Meaning::code);
  if (meaning == std::end(kMeanings)) return end(core::Code{"DATA_ERROR"});
  const bool is_limit = refused.code == kConnectionLimit;
  return end(core::Code{meaning->reason}, meaning->is_final,
             is_limit ? settings_.pause_after_connection_limit : core::Duration{});
}

auto DataStreamSession::on(const TimePassed& /*passed*/, core::Duration now) -> Action {
  if (!deadline_ || now < *deadline_) return Nothing{};
  switch (phase_) {
    case Phase::Greeting: return end(core::Code{"DATA_NO_GREETING"});
    case Phase::Authenticating: return end(core::Code{"DATA_AUTH_TIMEOUT"});
    default: return end(core::Code{"DATA_NO_SUBSCRIPTION"});
  }
}

auto DataStreamSession::on(const BrokenFrame& /*broken*/, core::Duration /*now*/) -> Action {
  return end(core::Code{"DATA_FRAME_BROKEN"});
}

auto DataStreamSession::on(const Silence& /*silence*/, core::Duration /*now*/) -> Action {
  if (phase_ != Phase::Streaming) return Nothing{};
  return end(core::Code{"DATA_SILENT"});
}

auto DataStreamSession::on(const Closed& closed, core::Duration /*now*/) -> Action {
  const bool was_open = phase_ != Phase::Connecting;
  return end(core::Code{was_open ? "DATA_CONNECTION_LOST" : "DATA_UNREACHABLE"}, closed.is_final);
}

void DataStreamSession::enter(Phase phase, core::Duration deadline) {
  phase_ = phase;
  deadline_ = deadline;
}

auto DataStreamSession::end(core::Code reason, bool is_final, core::Duration pause) -> Ending {
  phase_ = Phase::Ended;
  deadline_.reset();
  return {.reason = reason, .is_final = is_final, .pause = pause};
}

}  // namespace st0ck::alpaca
