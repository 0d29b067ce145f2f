#pragma once

#include "src/app/order_latencies.hpp"

#include <nlohmann/json_fwd.hpp>

namespace st0ck::app {

/// Count, median, 95th percentile and longest in milliseconds, and how they stand to the target
/// where there is one; what cannot be told is null, with the reason.
nlohmann::ordered_json samples_json(const LatencySamples& samples);

/// How long orders took (spec st0ck 15). Null, with the reason, for orders that are simulated:
/// their latency is a setting, no measurement.
nlohmann::ordered_json order_latency_json(const OrderLatencies* latencies);

/// What took longer than 100 ms, by name; null, with the reason, where nobody looked.
nlohmann::ordered_json slow_operations_json(const SlowOperations* slow);

}  // namespace st0ck::app
