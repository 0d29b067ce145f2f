#pragma once

#include "st0ck/adapters/alpaca/order_chain.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/trading/order.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string>

namespace st0ck::alpaca {

/// One of our orders on its way: what we asked for, what the venue has told, what we have told on.
struct TrackedOrder {
  /// New terms that were asked for; `number` is in the client order id of the order they make.
  struct Replace {
    int number = 0;
    trading::OrderTerms terms{};
  };

  core::ClientOrderId id;
  OrderChain chain;
  core::Timestamp sent{};  ///< First, where it was sent again.
  core::InstrumentId instrument{};
  trading::Side side = trading::Side::Buy;
  trading::OrderType type = trading::OrderType::Market;
  trading::Purpose purpose = trading::Purpose::Exit;
  trading::OrderTerms terms{};  ///< As it was sent last, for the most that it was ever sent for.
  bool has_terms = false;       ///< Not so for an order of an earlier run, as all of these.
  /// What it was sent for: sent again, it may be for less.
  std::set<core::Quantity> quantities{};
  std::optional<core::Quantity> found_quantity{};  ///< Of one that was found at the venue.
  bool is_id_taken = false;                        ///< The venue has another order under its id ...
  std::string taken_by{};  ///< ... which is this one, where that is certain.
  /// Its venue id was told by the answer to its request, and by nothing else yet.
  bool has_id_of_reply = false;

  /// Of a group's exit: the order that the venue hangs it on, under which it is found.
  core::ClientOrderId parent{};
  trading::GroupRole role = trading::GroupRole::Single;
  bool is_in_pair = false;      ///< That order is the other exit.
  bool was_sent_alone = false;  ///< The venue may have it under its own client order id.
  /// Of that order: its exits.
  core::ClientOrderId target{};
  core::ClientOrderId stop{};

  std::deque<Replace> replaces{};    ///< The last few that were asked for.
  std::optional<Replace> pending{};  ///< The one that is not settled.
  int replaces_asked = 0;
  bool is_replacing = false;  ///< Its request is not answered.
  bool is_submitting = false;
  bool is_cancelling = false;
  bool is_cancel_wanted = false;
  /// Asked for again while its request was under way: the stream has refused it meanwhile.
  bool is_cancel_wanted_again = false;
  core::Duration cancel_answered{};  ///< When the last one was, by the scheduler.

  Executed told{};
  std::size_t replaced_told = 0;  ///< The index in the chain that was told as Replaced last.
  core::Timestamp refusal_told{};
  bool is_accepted = false;
  bool is_ended = false;
  bool is_lost = false;  ///< It has ended as the venue was found to be without it: it may turn up.

  /// The venue has it, as far as we know.
  bool is_known_there() const { return !chain.empty(); }
  bool may_fill() const { return !is_ended && (is_accepted || is_known_there()); }
};

}  // namespace st0ck::alpaca
