#pragma once

#include "st0ck/trading/broker.hpp"

#include <deque>
#include <optional>

namespace st0ck::kernel {

/// Order updates that wait until the running handler has returned. Filled by the broker, drained
/// by the kernel, both on the core thread; its length is bounded by what one handler can cause.
class OrderUpdateQueue : public trading::OrderUpdateSink {
 public:
  void on_order_update(const trading::OrderUpdate& update) override { updates_.push_back(update); }

  bool empty() const { return updates_.empty(); }

  std::optional<trading::OrderUpdate> pop() {
    if (updates_.empty()) return std::nullopt;
    trading::OrderUpdate update = updates_.front();
    updates_.pop_front();
    return update;
  }

 private:
  std::deque<trading::OrderUpdate> updates_;
};

}  // namespace st0ck::kernel
