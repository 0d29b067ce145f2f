#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/lost_exit.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::trading {

/// What a broker says that the account holds, ours or not.
struct ReportedPosition {
  core::Symbol symbol;
  core::Quantity quantity;  ///< Signed.
  std::optional<core::Price> average_price;
};

/// An order that a broker knows and that may still fill, ours or not.
struct ReportedOrder {
  /// One of ours under our id, whatever the broker calls it by now; cut off where it is longer.
  core::ClientOrderId client_order_id;
  core::Symbol symbol;
  std::optional<Side> side;                ///< Absent where the broker does not say ...
  std::optional<core::Quantity> quantity;  ///< ... such as of an order for an amount of money.
  core::Quantity filled;
  core::VenueOrderId venue_order_id;  ///< The broker's own name of it.
};

/// An order that closes a position, at work or ended, under the name of one of our bots.
struct ReportedExit {
  core::ClientOrderId client_order_id;
  core::Symbol symbol;
  Side side = Side::Sell;
  OrderType type = OrderType::Market;
  TimeInForce time_in_force = TimeInForce::Day;
  OrderTerms terms;
  std::optional<PairStop> pair_stop{};  ///< Where it is the target of a pair.
  bool is_spent = false;                ///< It has ended without a fill.
};

/// What a broker says of the account when it is reached.
struct AccountReport {
  std::string account;          ///< The broker's own name of it.
  core::Timestamp broker_time;  ///< When the broker answered, by its clock.
  core::Timestamp asked;        ///< By ours, before and ...
  core::Timestamp answered;     ///< ... after.
  core::Money cash;
  core::Money equity;
  core::Money buying_power;
  bool may_trade = true;
  std::string blocked_reason;  ///< Why it may not.
  std::vector<ReportedPosition> positions;
  std::vector<ReportedOrder> open_orders;
  std::vector<ReportedExit> exits;           ///< Where they were asked for ...
  std::vector<core::ClientOrderId> entries;  ///< ... and whatever else has a name of our bots'.

  /// How far the broker's clock is ahead of ours, as far as the answer's way lets tell: zero within
  /// the time that the answer took.
  core::Duration clock_skew() const;
};

/// A broker at the other end of a network. Core thread only.
class RemoteBroker : public Broker {
 public:
  using Connected = std::function<void(core::Result<AccountReport>)>;

  /// Why the account is worth a look now.
  enum class Notice : std::uint8_t {
    Reconnected,   ///< Order updates were not heard for a while, and are again.
    ForeignOrder,  ///< Something happened to an order in the account that is not ours.
  };
  using Listener = std::function<void(Notice notice)>;

  /// Who is told of notices, from now on; an empty one ends it. Told from the io_context, never
  /// inside a call.
  void listen(Listener listener) { listener_ = std::move(listener); }

  /// Proves the credentials, reads the account and listens to its order updates from then on;
  /// `done` is called once, never inside this call. Errc::Broker says what to check; its `retry`
  /// tells a broker that cannot be reached now from one that turns us down.
  virtual void connect(Connected done) = 0;

  /// Listens to order updates and takes orders though the account could not be read: for a run
  /// that holds something, as exits go on by the last that is proven. The order updates that were
  /// missed are told once they are heard.
  virtual void connect_blind() = 0;

  /// A process before this one may have sent that order, though its records do not say so: what the
  /// broker has under its id is ours, and that it refuses another sending says nothing of the
  /// first.
  virtual void note_earlier(const core::ClientOrderId& id) = 0;

  /// Reads the account again, after what was missed of our orders is told; errors as above.
  virtual void read_account(Connected done) = 0;

  /// From now on reports tell the orders under our bots' names too that were made since then, by
  /// the broker's clock; none where it is absent, as in the beginning. Costs a request or more.
  void report_orders_since(std::optional<core::Timestamp> since) { orders_since_ = since; }

  /// Says nothing any more, and drops what was not sent.
  virtual void disconnect() = 0;

 protected:
  void tell(Notice notice) const {
    if (listener_) listener_(notice);
  }

  const std::optional<core::Timestamp>& orders_since() const { return orders_since_; }

 private:
  Listener listener_;
  std::optional<core::Timestamp> orders_since_;
};

}  // namespace st0ck::trading
