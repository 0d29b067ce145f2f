#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/trading/approved.hpp"
#include "st0ck/trading/order.hpp"
#include "st0ck/trading/order_update.hpp"

namespace st0ck::trading {

/// Takes what a broker says; the kernel implements it and puts it into the total order.
class OrderUpdateSink {
 public:
  virtual ~OrderUpdateSink() = default;

  /// Never handles the update inside the call: the running handler ends first.
  virtual void on_order_update(const OrderUpdate& update) = 0;
};

/// A change of terms of a working order that the risk manager has seen.
struct ReplaceIntent {
  core::ClientOrderId client_order_id;
  OrderTerms terms;
  core::Code reason;
};

/// Where orders go. Every call is answered by order updates, also when it fails; core thread only.
class Broker {
 public:
  virtual ~Broker() = default;
  virtual void submit(const Approved<OrderIntent>& intent) = 0;
  virtual void cancel(const core::ClientOrderId& order) = 0;
  virtual void replace(const Approved<ReplaceIntent>& replace) = 0;
};

}  // namespace st0ck::trading
