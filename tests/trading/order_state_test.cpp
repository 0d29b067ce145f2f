#include "st0ck/trading/order_state.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::trading {
namespace {

using S = OrderState;
using E = OrderEvent;

std::vector<S> all_states() {
  std::vector<S> states;
  for (int i = 0; i < kOrderStates; ++i) states.push_back(static_cast<S>(i));
  return states;
}

std::vector<E> all_events() {
  std::vector<E> events;
  for (int i = 0; i < kOrderEvents; ++i) events.push_back(static_cast<E>(i));
  return events;
}

/// What an event must do, and why.
struct Expectation {
  S state;
  E event;
  std::optional<S> next;
};

constexpr std::optional<S> kNothing = std::nullopt;

/// All 10 x 14, argued from what the parties know. A fill that leaves the state as it is still says
/// something (it is booked), so that it names the same state instead of nothing.
const std::vector<Expectation> kExpectations{
    // Sent, nothing heard. Every word that presupposes the order proves that it works.
    {S::Submitted, E::Accepted, S::Working},
    {S::Submitted, E::Rejected, S::Rejected},
    {S::Submitted, E::PartialFill, S::Working},
    {S::Submitted, E::CompleteFill, S::Filled},
    {S::Submitted, E::CancelSent, S::PendingCancel},  // Safety first: no need to wait for a reply.
    {S::Submitted, E::Cancelled, S::Cancelled},       // An IOC that found nothing.
    {S::Submitted, E::CancelRejected, kNothing},      // We asked for none.
    {S::Submitted, E::ReplaceSent, kNothing},         // There is nothing to change yet.
    {S::Submitted, E::Replaced, S::Working},          // Somebody else changed what works.
    {S::Submitted, E::ReplaceRejected, kNothing},     // We asked for none.
    {S::Submitted, E::Expired, S::Expired},
    {S::Submitted, E::TimedOut, S::Unknown},       // A time-out is not a rejection.
    {S::Submitted, E::ProvenAbsent, S::Rejected},  // It will never be.
    {S::Submitted, E::Sent, kNothing},

    // At the broker's, nothing asked.
    {S::Working, E::Accepted, kNothing},     // Said twice.
    {S::Working, E::Rejected, S::Rejected},  // The venue refuses after the broker accepted.
    {S::Working, E::PartialFill, S::Working},
    {S::Working, E::CompleteFill, S::Filled},
    {S::Working, E::CancelSent, S::PendingCancel},
    {S::Working, E::Cancelled, S::Cancelled},   // By hand, by the venue, by a halt.
    {S::Working, E::CancelRejected, kNothing},  // Said twice.
    {S::Working, E::ReplaceSent, S::PendingReplace},
    {S::Working, E::Replaced, kNothing},         // The terms are news, the state is not.
    {S::Working, E::ReplaceRejected, kNothing},  // Said twice.
    {S::Working, E::Expired, S::Expired},
    // A cancel of a submit without answer was refused, and now the submit times out: nothing proves
    // that the order exists. Where the reply did come, one look-up proves it again.
    {S::Working, E::TimedOut, S::Unknown},
    {S::Working, E::ProvenAbsent, kNothing},  // It was accepted or filled: that look-up was early.
    {S::Working, E::Sent, kNothing},

    // A cancel is out. Until its answer the order fills on.
    {S::PendingCancel, E::Accepted, kNothing},  // Of the submit; the cancel is still out.
    {S::PendingCancel, E::Rejected, S::Rejected},
    {S::PendingCancel, E::PartialFill, S::PendingCancel},
    {S::PendingCancel, E::CompleteFill, S::Filled},
    {S::PendingCancel, E::CancelSent, kNothing},  // One is enough.
    {S::PendingCancel, E::Cancelled, S::Cancelled},
    {S::PendingCancel, E::CancelRejected, S::Working},
    {S::PendingCancel, E::ReplaceSent, kNothing},
    {S::PendingCancel, E::Replaced, kNothing},         // New terms; the cancel is still out.
    {S::PendingCancel, E::ReplaceRejected, kNothing},  // The cancel is still out.
    {S::PendingCancel, E::Expired, S::Expired},
    {S::PendingCancel, E::TimedOut, S::Unknown},
    {S::PendingCancel, E::ProvenAbsent, kNothing},  // The cancel's own answer decides.
    {S::PendingCancel, E::Sent, kNothing},

    // A replace is out. Until its answer the order fills on by either terms.
    {S::PendingReplace, E::Accepted, kNothing},
    {S::PendingReplace, E::Rejected, S::Rejected},
    {S::PendingReplace, E::PartialFill, S::PendingReplace},
    {S::PendingReplace, E::CompleteFill, S::Filled},
    {S::PendingReplace, E::CancelSent, S::PendingCancel},  // A cancel goes before a replace.
    {S::PendingReplace, E::Cancelled, S::Cancelled},
    {S::PendingReplace, E::CancelRejected, kNothing},
    {S::PendingReplace, E::ReplaceSent, kNothing},  // One at a time.
    {S::PendingReplace, E::Replaced, S::Working},
    {S::PendingReplace, E::ReplaceRejected, S::Working},
    {S::PendingReplace, E::Expired, S::Expired},
    {S::PendingReplace, E::TimedOut, S::Unknown},
    {S::PendingReplace, E::ProvenAbsent, kNothing},
    {S::PendingReplace, E::Sent, kNothing},

    // Fate unknown. Proof ends it, and nothing else does.
    {S::Unknown, E::Accepted, S::Working},
    {S::Unknown, E::Rejected, S::Rejected},
    {S::Unknown, E::PartialFill, S::Working},
    {S::Unknown, E::CompleteFill, S::Filled},
    {S::Unknown, E::CancelSent, S::Unknown},  // Allowed, and no proof.
    {S::Unknown, E::Cancelled, S::Cancelled},
    {S::Unknown, E::CancelRejected, kNothing},  // An order that never arrived is refused as well.
    {S::Unknown, E::ReplaceSent, kNothing},
    {S::Unknown, E::Replaced, S::Working},
    {S::Unknown, E::ReplaceRejected, S::Working},  // A replace goes out only when it worked.
    {S::Unknown, E::Expired, S::Expired},
    {S::Unknown, E::TimedOut, kNothing},
    {S::Unknown, E::ProvenAbsent, S::Rejected},
    {S::Unknown, E::Sent, kNothing},

    // With the desk alone. Nobody else knows it, but a broker that says otherwise is right.
    {S::Armed, E::Accepted, S::Working},
    {S::Armed, E::Rejected, kNothing},
    {S::Armed, E::PartialFill, S::Working},
    {S::Armed, E::CompleteFill, S::Filled},
    {S::Armed, E::CancelSent, S::Cancelled},  // There is nobody to ask.
    {S::Armed, E::Cancelled, kNothing},
    {S::Armed, E::CancelRejected, kNothing},
    {S::Armed, E::ReplaceSent, kNothing},  // Its terms change without a word.
    {S::Armed, E::Replaced, kNothing},
    {S::Armed, E::ReplaceRejected, kNothing},
    {S::Armed, E::Expired, kNothing},
    {S::Armed, E::TimedOut, kNothing},
    {S::Armed, E::ProvenAbsent, kNothing},
    {S::Armed, E::Sent, S::Submitted},

    // Nothing is left to happen; more fills than ordered are booked, but change no state.
    {S::Filled, E::Accepted, kNothing},
    {S::Filled, E::Rejected, kNothing},
    {S::Filled, E::PartialFill, kNothing},
    {S::Filled, E::CompleteFill, kNothing},
    {S::Filled, E::CancelSent, kNothing},
    {S::Filled, E::Cancelled, kNothing},
    {S::Filled, E::CancelRejected, kNothing},
    {S::Filled, E::ReplaceSent, kNothing},
    {S::Filled, E::Replaced, kNothing},
    {S::Filled, E::ReplaceRejected, kNothing},
    {S::Filled, E::Expired, kNothing},
    {S::Filled, E::TimedOut, kNothing},
    {S::Filled, E::ProvenAbsent, kNothing},
    {S::Filled, E::Sent, kNothing},

    // Over with a rest that never filled. A fill from before the end may come late; where it leaves
    // no rest, the order was filled after all. The first word about the end stands.
    {S::Cancelled, E::Accepted, kNothing},
    {S::Cancelled, E::Rejected, kNothing},
    {S::Cancelled, E::PartialFill, S::Cancelled},
    {S::Cancelled, E::CompleteFill, S::Filled},
    {S::Cancelled, E::CancelSent, kNothing},
    {S::Cancelled, E::Cancelled, kNothing},
    {S::Cancelled, E::CancelRejected, kNothing},
    {S::Cancelled, E::ReplaceSent, kNothing},
    {S::Cancelled, E::Replaced, kNothing},
    {S::Cancelled, E::ReplaceRejected, kNothing},
    {S::Cancelled, E::Expired, kNothing},
    {S::Cancelled, E::TimedOut, kNothing},
    {S::Cancelled, E::ProvenAbsent, kNothing},
    {S::Cancelled, E::Sent, kNothing},

    {S::Rejected, E::Accepted, kNothing},
    {S::Rejected, E::Rejected, kNothing},
    {S::Rejected, E::PartialFill, S::Rejected},
    {S::Rejected, E::CompleteFill, S::Filled},
    {S::Rejected, E::CancelSent, kNothing},
    {S::Rejected, E::Cancelled, kNothing},
    {S::Rejected, E::CancelRejected, kNothing},
    {S::Rejected, E::ReplaceSent, kNothing},
    {S::Rejected, E::Replaced, kNothing},
    {S::Rejected, E::ReplaceRejected, kNothing},
    {S::Rejected, E::Expired, kNothing},
    {S::Rejected, E::TimedOut, kNothing},
    {S::Rejected, E::ProvenAbsent, kNothing},
    {S::Rejected, E::Sent, kNothing},

    {S::Expired, E::Accepted, kNothing},
    {S::Expired, E::Rejected, kNothing},
    {S::Expired, E::PartialFill, S::Expired},
    {S::Expired, E::CompleteFill, S::Filled},
    {S::Expired, E::CancelSent, kNothing},
    {S::Expired, E::Cancelled, kNothing},
    {S::Expired, E::CancelRejected, kNothing},
    {S::Expired, E::ReplaceSent, kNothing},
    {S::Expired, E::Replaced, kNothing},
    {S::Expired, E::ReplaceRejected, kNothing},
    {S::Expired, E::Expired, kNothing},
    {S::Expired, E::TimedOut, kNothing},
    {S::Expired, E::ProvenAbsent, kNothing},
    {S::Expired, E::Sent, kNothing},
};

std::string_view text_of(std::optional<S> state) { return state ? name_of(*state) : "nothing"; }

TEST(OrderState, MovesAsTheWholeTableSays) {
  std::set<std::pair<S, E>> seen;
  for (const auto& [state, event, next] : kExpectations) {
    EXPECT_TRUE(seen.insert({state, event}).second) << name_of(state) << " " << name_of(event);
    EXPECT_EQ(text_of(next_state(state, event)), text_of(next))
        << name_of(state) << " on " << name_of(event);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kOrderStates * kOrderEvents));
}

TEST(OrderState, NeverOpensAgainAfterItsEnd) {
  EXPECT_TRUE(rc::check("any sequence of events", [] {
    S state = *rc::gen::elementOf(all_states());
    for (const E event : *rc::gen::container<std::vector<E>>(rc::gen::elementOf(all_events()))) {
      const auto next = next_state(state, event);
      if (is_final(state) && next) {
        RC_ASSERT(is_final(*next));
        RC_ASSERT(*next == state || *next == S::Filled);
      }
      if (state == S::Filled) RC_ASSERT(!next);
      state = next.value_or(state);
    }
  }));
}

TEST(OrderState, IsFilledByACompleteFillFromEverywhere) {
  for (const S state : all_states())
    EXPECT_EQ(next_state(state, E::CompleteFill).value_or(state), S::Filled) << name_of(state);
}

TEST(OrderState, LeavesUnknownOnlyByProof) {
  const std::set<E> proofs{E::Accepted,     E::Rejected,     E::PartialFill,
                           E::CompleteFill, E::Cancelled,    E::Replaced,
                           E::Expired,      E::ProvenAbsent, E::ReplaceRejected};

  for (const E event : all_events())
    EXPECT_EQ(next_state(S::Unknown, event).value_or(S::Unknown) != S::Unknown,
              proofs.contains(event))
        << name_of(event);
}

TEST(OrderState, HasANameForEachStateAndEvent) {
  std::set<std::string_view> names;
  for (const S state : all_states()) names.insert(name_of(state));
  for (const E event : all_events()) names.insert(name_of(event));

  EXPECT_FALSE(names.contains("invalid"));
  EXPECT_EQ(name_of(S::PendingCancel), "pending_cancel");
  EXPECT_EQ(name_of(E::ProvenAbsent), "proven_absent");
}

TEST(OrderState, IsOpenExactlyUntilItIsFinal) {
  for (const S state : all_states())
    EXPECT_EQ(is_open(state), state != S::Filled && state != S::Cancelled && state != S::Rejected &&
                                  state != S::Expired);
}

}  // namespace
}  // namespace st0ck::trading
