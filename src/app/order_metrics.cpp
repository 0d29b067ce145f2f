#include "src/app/order_metrics.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

double milliseconds(core::Duration time) {
  return std::chrono::duration<double, std::milli>{time}.count();
}

Json milliseconds_or_null(const std::optional<core::Duration>& time) {
  return time ? Json(milliseconds(*time)) : Json(nullptr);
}

}  // namespace

Json samples_json(const LatencySamples& samples) {
  const auto median = samples.percentile(50);
  const auto p95 = samples.percentile(95);
  Json json{{"count", samples.count()},
            {"median_ms", milliseconds_or_null(median)},
            {"p95_ms", milliseconds_or_null(p95)},
            {"max_ms", milliseconds_or_null(samples.max())}};
  if (const auto& target = samples.target()) {
    json["target_ms"] = milliseconds(*target);
    json["median_meets_target"] = median ? Json(*median <= *target) : Json(nullptr);
    json["p95_meets_target"] = p95 ? Json(*p95 <= *target) : Json(nullptr);
    json["over_target"] = samples.over_target();
  }
  if (!median) json["reason"] = "there was none yet";
  return json;
}

Json order_latency_json(const OrderLatencies* latencies) {
  if (latencies == nullptr)
    return {{"submit_to_ack", nullptr},
            {"signal_to_fill", nullptr},
            {"reason", "orders are simulated: their latency is a setting, not measured"}};
  return {{"submit_to_ack", samples_json(latencies->submit_to_ack())},
          {"signal_to_fill", samples_json(latencies->signal_to_fill())},
          {"signal_to_fill_resting", samples_json(latencies->signal_to_fill_resting())},
          {"decision_to_submit", samples_json(latencies->decision_to_submit())},
          {"unanswered", latencies->unanswered()}};
}

Json slow_operations_json(const SlowOperations* slow) {
  Json json{{"longer_than_ms", milliseconds(SlowOperations::kSlow)}};
  if (slow == nullptr) {
    json["operations"] = nullptr;
    json["reason"] = "nothing is timed where time is simulated";
    return json;
  }
  Json& operations = json["operations"] = Json::object();
  for (const auto& [operation, count] : slow->counts())
    operations[operation] = {{"count", count.count}, {"max_ms", milliseconds(count.longest)}};
  return json;
}

}  // namespace st0ck::app
