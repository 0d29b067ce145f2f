#include "st0ck/adapters/alpaca/data_stream_session.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::alpaca {
namespace {

using namespace std::chrono_literals;
using Session = DataStreamSession;
using Phase = Session::Phase;

Channels wanted() {
  Channels channels;
  channels.quotes = {"SPY", "QQQ"};
  channels.trades = {"SPY"};
  channels.bars = {"SPY"};
  return channels;
}

/// A session that has come as far as `phase`, one second per step.
class Walk {
 public:
  explicit Walk(Phase phase = Phase::Connecting) {
    while (session.phase() != phase) next();
  }

  Session::Action step(const Session::Event& event) { return session.step(event, now); }

  Session session{DataSessionSettings{}, wanted()};
  core::Duration now{};

 private:
  void next() {
    now += 1s;
    switch (session.phase()) {
      case Phase::Connecting: step(Session::Opened{}); break;
      case Phase::Greeting: step(Session::Greeted{}); break;
      case Phase::Authenticating: step(Session::Authenticated{}); break;
      case Phase::Subscribing: step(Session::Subscribed{wanted()}); break;
      default: FAIL() << "there is no way on";
    }
  }
};

constexpr Phase kAllPhases[] = {Phase::Connecting, Phase::Greeting, Phase::Authenticating,
                                Phase::Subscribing, Phase::Streaming};

const Session::Ending& ending(const Session::Action& action) {
  static const Session::Ending none{core::Code{"NO_ENDING"}};
  const auto* found = std::get_if<Session::Ending>(&action);
  return found == nullptr ? none : *found;
}

TEST(DataStreamSession, GoesFromTheSocketToTheFlowingData) {
  Walk walk;

  EXPECT_TRUE(std::holds_alternative<Session::Nothing>(walk.step(Session::Opened{})));
  EXPECT_TRUE(std::holds_alternative<Session::SendAuthentication>(walk.step(Session::Greeted{})));
  EXPECT_TRUE(
      std::holds_alternative<Session::SendSubscription>(walk.step(Session::Authenticated{})));
  EXPECT_TRUE(
      std::holds_alternative<Session::BeginStreaming>(walk.step(Session::Subscribed{wanted()})));
  EXPECT_TRUE(walk.session.is_streaming());
  EXPECT_FALSE(walk.session.deadline());
}

TEST(DataStreamSession, SubscribesWhereTheHandshakeHasAuthenticated) {
  Walk walk{Phase::Greeting};

  EXPECT_TRUE(
      std::holds_alternative<Session::SendSubscription>(walk.step(Session::Authenticated{})));
}

TEST(DataStreamSession, TakesAlreadyAuthenticatedForAuthenticated) {
  Walk walk{Phase::Authenticating};

  EXPECT_TRUE(std::holds_alternative<Session::SendSubscription>(walk.step(Session::Refused{403})));
}

TEST(DataStreamSession, EndsAtEachDeadline) {
  const std::pair<Phase, std::string> cases[] = {{Phase::Greeting, "DATA_NO_GREETING"},
                                                 {Phase::Authenticating, "DATA_AUTH_TIMEOUT"},
                                                 {Phase::Subscribing, "DATA_NO_SUBSCRIPTION"}};
  for (const auto& [phase, reason] : cases) {
    Walk walk{phase};
    ASSERT_EQ(walk.session.deadline(), walk.now + 10s);

    walk.now += 10s - 1ns;
    EXPECT_TRUE(std::holds_alternative<Session::Nothing>(walk.step(Session::TimePassed{})));
    walk.now += 1ns;
    const auto action = walk.step(Session::TimePassed{});

    EXPECT_EQ(ending(action).reason.view(), reason);
    EXPECT_FALSE(ending(action).is_final);
  }
}

TEST(DataStreamSession, WaitsForNothingBeforeTheSocketAndInTheStream) {
  for (const Phase phase : {Phase::Connecting, Phase::Streaming}) {
    Walk walk{phase};
    walk.now += 24h;
    EXPECT_TRUE(std::holds_alternative<Session::Nothing>(walk.step(Session::TimePassed{})));
  }
}

TEST(DataStreamSession, KnowsEachErrorCodeInEachPhase) {
  struct Case {
    std::uint32_t code;
    std::string reason;
    bool is_final;
  };
  const Case cases[] = {
      {400, "DATA_BAD_REQUEST", false},
      {401, "DATA_NOT_AUTHENTICATED", false},
      {402, "DATA_AUTH_FAILED", true},
      {404, "DATA_AUTH_TIMEOUT", false},
      {405, "DATA_SYMBOL_LIMIT", true},
      {406, "DATA_CONNECTION_LIMIT", false},
      {407, "DATA_SLOW_CLIENT", false},
      {408, "DATA_FEED_NOT_ENABLED", true},
      {409, "DATA_PLAN_INSUFFICIENT", true},
      {410, "DATA_CHANNEL_REFUSED", true},
      {411, "DATA_SCOPE_INSUFFICIENT", true},
      {412, "DATA_CODEC_REFUSED", true},
      {413, "DATA_CHANNEL_REFUSED", true},
      {500, "DATA_SERVER_ERROR", false},
      {999, "DATA_ERROR", false},
  };
  for (const Phase phase : kAllPhases) {
    for (const auto& [code, reason, is_final] : cases) {
      Walk walk{phase};

      const auto action = walk.step(Session::Refused{code});

      EXPECT_EQ(ending(action).reason.view(), reason) << code;
      EXPECT_EQ(ending(action).is_final, is_final) << code;
      EXPECT_EQ(ending(action).pause, code == 406 ? 15s : 0s) << code;
      EXPECT_EQ(walk.session.phase(), Phase::Ended);
    }
  }
}

TEST(DataStreamSession, EndsInEachPhaseWithTheConnection) {
  for (const Phase phase : kAllPhases) {
    for (const bool is_final : {false, true}) {
      Walk walk{phase};

      const auto action = walk.step(Session::Closed{is_final});

      EXPECT_EQ(ending(action).reason.view(),
                phase == Phase::Connecting ? "DATA_UNREACHABLE" : "DATA_CONNECTION_LOST");
      EXPECT_EQ(ending(action).is_final, is_final);
    }
  }
}

TEST(DataStreamSession, EndsInEachPhaseWithABrokenFrame) {
  for (const Phase phase : kAllPhases) {
    Walk walk{phase};
    EXPECT_EQ(ending(walk.step(Session::BrokenFrame{})).reason.view(), "DATA_FRAME_BROKEN");
  }
}

TEST(DataStreamSession, BelievesASilenceOnlyInTheStream) {
  for (const Phase phase : kAllPhases) {
    Walk walk{phase};
    const auto action = walk.step(Session::Silence{});
    if (phase == Phase::Streaming)
      EXPECT_EQ(ending(action).reason.view(), "DATA_SILENT");
    else
      EXPECT_TRUE(std::holds_alternative<Session::Nothing>(action));
  }
}

TEST(DataStreamSession, ComparesTheEchoWithWhatWasAsked) {
  struct Case {
    std::string name;
    void (*change)(Channels&);
    bool is_same;
  };
  const Case cases[] = {
      {"another order", [](Channels& it) { it.quotes = {"QQQ", "SPY"}; }, true},
      {"corrections", [](Channels& it) { it.corrections = it.cancel_errors = {"SPY"}; }, true},
      {"one less", [](Channels& it) { it.quotes = {"SPY"}; }, false},
      {"one more", [](Channels& it) { it.trades = {"SPY", "QQQ"}; }, false},
      {"another", [](Channels& it) { it.bars = {"QQQ"}; }, false},
      {"another channel", [](Channels& it) { it.lulds = {"SPY"}; }, false},
      {"nothing", [](Channels& it) { it.clear(); }, false},
  };
  for (const Phase phase : {Phase::Subscribing, Phase::Streaming}) {
    for (const auto& [name, change, is_same] : cases) {
      Walk walk{phase};
      Channels echo = wanted();
      change(echo);

      const auto action = walk.step(Session::Subscribed{echo});

      EXPECT_EQ(walk.session.is_streaming(), is_same) << name;
      if (!is_same) EXPECT_EQ(ending(action).reason.view(), "DATA_SUBSCRIPTION_DIFFERS") << name;
    }
  }
}

TEST(DataStreamSession, PassesOverWhatComesOutOfTurn) {
  for (const Phase phase : kAllPhases) {
    Walk walk{phase};
    if (phase != Phase::Connecting) walk.step(Session::Opened{});
    if (phase != Phase::Greeting) walk.step(Session::Greeted{});
    if (phase != Phase::Greeting && phase != Phase::Authenticating)
      walk.step(Session::Authenticated{});
    if (phase != Phase::Subscribing) walk.step(Session::Subscribed{wanted()});
    EXPECT_EQ(walk.session.phase(), phase);
  }
}

TEST(DataStreamSession, DoesNothingAfterItsEnd) {
  Walk walk{Phase::Streaming};
  walk.step(Session::Closed{});

  for (const Session::Event& event :
       std::vector<Session::Event>{Session::Opened{}, Session::Greeted{}, Session::Refused{402},
                                   Session::BrokenFrame{}, Session::Closed{}})
    EXPECT_TRUE(std::holds_alternative<Session::Nothing>(walk.step(event)));
}

}  // namespace
}  // namespace st0ck::alpaca
