#include "src/app/timed_broker.hpp"

namespace st0ck::app {

void TimedBroker::submit(const trading::Approved<trading::OrderIntent>& intent) {
  begin(*intent);
  broker_.submit(intent);
  end();
}

void TimedBroker::submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) {
  begin(*group.front());
  broker_.submit_group(group);
  end();
}

void TimedBroker::begin(const trading::OrderIntent& intent) {
  if (place_ == Place::Decided)
    latencies_.on_decided(intent);
  else
    latencies_.on_sending(intent.client_order_id);
}

void TimedBroker::end() {
  if (place_ == Place::Sent) latencies_.on_sent();
}

}  // namespace st0ck::app
