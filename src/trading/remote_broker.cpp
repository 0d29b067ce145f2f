#include "st0ck/trading/remote_broker.hpp"

namespace st0ck::trading {

core::Duration AccountReport::clock_skew() const {
  if (broker_time < asked) return broker_time - asked;
  if (broker_time > answered) return broker_time - answered;
  return {};
}

}  // namespace st0ck::trading
