#include "st0ck/adapters/alpaca/order_stream_session.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca::test {
namespace {

using Session = OrderStreamSession;
using State = Session::State;

const Session::Event kAuthorized = OrderStreamMessage{Authorization{true}};
const Session::Event kListening = OrderStreamMessage{Listening{{"trade_updates"}}};
const Session::Event kUpdate = OrderStreamMessage{TradeUpdate{}};

/// A session that has come so far.
Session session_in(State state) {
  Session session{"key", "secret"};
  if (state == State::Opening) return session;
  session.step(Session::Opened{});
  if (state == State::Authenticating) return session;
  session.step(kAuthorized);
  if (state == State::Subscribing) return session;
  session.step(kListening);
  if (state == State::Live) return session;
  session.step(Session::Closed{"lost"});
  return session;
}

constexpr State kLivingStates[] = {State::Opening, State::Authenticating, State::Subscribing,
                                   State::Live};

TEST(OrderStreamSession, LogsInListensAndPassesUpdatesOn) {
  Session session{"key", "secret"};

  auto action = session.step(Session::Opened{});
  ASSERT_TRUE(std::holds_alternative<Session::Send>(action));
  EXPECT_EQ(std::get<Session::Send>(action).request,
            (OrderStreamRequest{Authenticate{"key", "secret"}}));

  action = session.step(kAuthorized);
  ASSERT_TRUE(std::holds_alternative<Session::Send>(action));
  EXPECT_EQ(std::get<Session::Send>(action).request, OrderStreamRequest{Listen{{"trade_updates"}}});

  EXPECT_TRUE(std::holds_alternative<Session::Live>(session.step(kListening)));
  EXPECT_TRUE(std::holds_alternative<Session::Deliver>(session.step(kUpdate)));
  EXPECT_EQ(session.state(), State::Live);
}

TEST(OrderStreamSession, EndsAtEveryStepWhenTheConnectionDoes) {
  for (const State state : kLivingStates) {
    Session session = session_in(state);

    const auto action = session.step(Session::Closed{"reset"});

    ASSERT_TRUE(std::holds_alternative<Session::End>(action));
    EXPECT_EQ(std::get<Session::End>(action).reason, "reset");
    EXPECT_FALSE(std::get<Session::End>(action).is_refused);
    EXPECT_EQ(session.state(), State::Ended);
  }
}

TEST(OrderStreamSession, EndsAtEveryStepWhenTheServerReportsAnError) {
  for (const State state : kLivingStates) {
    Session session = session_in(state);
    EXPECT_TRUE(std::holds_alternative<Session::End>(
        session.step(OrderStreamMessage{StreamError{"internal"}})));
  }
}

TEST(OrderStreamSession, SaysAtEveryStepThatTheKeysAreRefused) {
  for (const State state : kLivingStates) {
    Session session = session_in(state);

    const auto action = session.step(OrderStreamMessage{Authorization{false}});

    ASSERT_TRUE(std::holds_alternative<Session::End>(action));
    EXPECT_TRUE(std::get<Session::End>(action).is_refused);
  }
}

TEST(OrderStreamSession, GivesEachAnswerADeadlineAndTheLiveStreamNone) {
  for (const State state : {State::Authenticating, State::Subscribing}) {
    Session session = session_in(state);
    EXPECT_TRUE(std::holds_alternative<Session::End>(session.step(Session::TooLate{})));
  }
  Session live = session_in(State::Live);
  EXPECT_TRUE(std::holds_alternative<Session::Wait>(live.step(Session::TooLate{})));
}

TEST(OrderStreamSession, AsksForTheOrdersWhenAMessageOfTheLiveStreamCannotBeRead) {
  Session live = session_in(State::Live);
  EXPECT_TRUE(std::holds_alternative<Session::AskAgain>(live.step(Session::Unreadable{"?"})));
  for (const State state : {State::Opening, State::Authenticating, State::Subscribing}) {
    Session session = session_in(state);
    EXPECT_TRUE(std::holds_alternative<Session::Wait>(session.step(Session::Unreadable{"?"})));
  }
}

TEST(OrderStreamSession, TakesNoSubscriptionToSomethingElse) {
  Session session = session_in(State::Subscribing);
  EXPECT_TRUE(std::holds_alternative<Session::End>(
      session.step(OrderStreamMessage{Listening{{"account_updates"}}})));
  Session live = session_in(State::Live);
  EXPECT_TRUE(std::holds_alternative<Session::End>(live.step(OrderStreamMessage{Listening{{}}})));
}

TEST(OrderStreamSession, PassesNoUpdateOnBeforeItsLogin) {
  for (const State state : {State::Opening, State::Authenticating}) {
    Session session = session_in(state);
    EXPECT_TRUE(std::holds_alternative<Session::Wait>(session.step(kUpdate)));
    EXPECT_EQ(session.state(), state);
  }
}

TEST(OrderStreamSession, DoesNothingAfterItsEnd) {
  const std::vector<Session::Event> all{Session::Opened{},
                                        kAuthorized,
                                        kListening,
                                        kUpdate,
                                        Session::Unreadable{"?"},
                                        Session::TooLate{},
                                        Session::Closed{"lost"}};
  for (const Session::Event& event : all) {
    Session session = session_in(State::Ended);
    EXPECT_TRUE(std::holds_alternative<Session::Wait>(session.step(event)));
  }
}

}  // namespace
}  // namespace st0ck::alpaca::test
