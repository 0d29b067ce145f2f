#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/trading/broker.hpp"

#include <functional>
#include <optional>
#include <string>
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
  core::ClientOrderId client_order_id;  ///< Cut off where it is longer than any of ours.
  core::Symbol symbol;
  Side side = Side::Buy;
  core::Quantity quantity;
  core::Quantity filled;
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

  /// How far the broker's clock is ahead of ours, as far as the answer's way lets tell: zero within
  /// the time that the answer took.
  core::Duration clock_skew() const;
};

/// A broker at the other end of a network. Core thread only.
class RemoteBroker : public Broker {
 public:
  using Connected = std::function<void(core::Result<AccountReport>)>;

  /// Proves the credentials, reads the account and listens to its order updates from then on;
  /// `done` is called once, never inside this call. Errc::Broker says what to check; its `retry`
  /// tells a broker that cannot be reached now from one that turns us down.
  virtual void connect(Connected done) = 0;

  /// Reads the account again; errors as above.
  virtual void read_account(Connected done) = 0;

  /// Says nothing any more, and drops what was not sent.
  virtual void disconnect() = 0;
};

}  // namespace st0ck::trading
