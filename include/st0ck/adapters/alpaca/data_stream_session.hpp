#pragma once

#include "st0ck/adapters/alpaca/wire/data/channels.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace st0ck::alpaca {

/// The deadlines of a connection to the data stream. The server gives a client 10 s to say who it
/// is.
struct DataSessionSettings {
  core::Duration greeting_max = std::chrono::seconds{10};
  core::Duration authentication_max = std::chrono::seconds{10};
  core::Duration subscription_max = std::chrono::seconds{10};
  /// How long nothing is tried after `connection limit exceeded`: an old socket must go first.
  core::Duration pause_after_connection_limit = std::chrono::seconds{15};
};

/// One connection to the data stream, from the socket to the flowing data, without the socket.
///
///     connecting -> greeting -> authenticating -> subscribing -> streaming
///
/// Each of the waits has a deadline, and each state knows what ends it. It is done after an
/// `Ending`; the next connection has a session of its own. Times are those of Scheduler::elapsed.
class DataStreamSession {
 public:
  // What happens to it.
  struct Opened {};         ///< The socket is open.
  struct Greeted {};        ///< `connected`
  struct Authenticated {};  ///< `authenticated`
  struct Subscribed {       ///< The complete set that is in force.
    const Channels& channels;
  };
  struct Refused {  ///< `error`
    std::uint32_t code;
  };
  struct TimePassed {};
  struct BrokenFrame {};  ///< A frame that is no message: who knows what was in it.
  struct Silence {};      ///< The feed has said nothing for longer than is believed.
  struct Closed {         ///< The socket is not open any more, or never was.
    bool is_final = false;
  };
  using Event = std::variant<Opened, Greeted, Authenticated, Subscribed, Refused, TimePassed,
                             BrokenFrame, Silence, Closed>;

  // What is to be done now.
  struct Nothing {};
  struct SendAuthentication {};
  struct SendSubscription {};
  struct BeginStreaming {};
  struct Ending {  ///< The connection is to be dropped.
    core::Code reason;
    bool is_final = false;   ///< Trying again cannot help: somebody must change something.
    core::Duration pause{};  ///< How long nothing may be tried, at least.
  };
  using Action =
      std::variant<Nothing, SendAuthentication, SendSubscription, BeginStreaming, Ending>;

  enum class Phase : std::uint8_t {
    Connecting,
    Greeting,
    Authenticating,
    Subscribing,
    Streaming,
    Ended,
  };

  /// `wanted` is what will be subscribed to: the same again is what must come back.
  DataStreamSession(DataSessionSettings settings, Channels wanted);

  Action step(const Event& event, core::Duration now);

  Phase phase() const { return phase_; }
  bool is_streaming() const { return phase_ == Phase::Streaming; }
  const Channels& wanted() const { return wanted_; }

  /// When `TimePassed` is due; nothing where nothing is waited for.
  std::optional<core::Duration> deadline() const { return deadline_; }

 private:
  Action on(const Opened& opened, core::Duration now);
  Action on(const Greeted& greeted, core::Duration now);
  Action on(const Authenticated& authenticated, core::Duration now);
  Action on(const Subscribed& subscribed, core::Duration now);
  Action on(const Refused& refused, core::Duration now);
  Action on(const TimePassed& passed, core::Duration now);
  Action on(const BrokenFrame& broken, core::Duration now);
  Action on(const Silence& silence, core::Duration now);
  Action on(const Closed& closed, core::Duration now);

  void enter(Phase phase, core::Duration deadline);
  Ending end(core::Code reason, bool is_final = false, core::Duration pause = {});

  DataSessionSettings settings_;
  Channels wanted_;
  Phase phase_ = Phase::Connecting;
  std::optional<core::Duration> deadline_;
};

/// Whether two sets ask for the same, in whatever order; corrections and cancels follow the trades
/// and are not compared.
bool is_same_subscription(const Channels& a, const Channels& b);

}  // namespace st0ck::alpaca
