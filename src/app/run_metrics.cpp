#include "src/app/run_metrics.hpp"

#include "src/app/cache_metrics.hpp"
#include "src/app/order_metrics.hpp"
#include "src/app/risk_metrics.hpp"
#include "st0ck/core/time_text.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

double microseconds(core::Duration duration) {
  return std::chrono::duration<double, std::micro>{duration}.count();
}

Json run_json(const kernel::Kernel& kernel) {
  const kernel::RunEnd figures = kernel.figures();
  return {{"sessions", figures.sessions},
          {"events", figures.events},
          {"decisions", figures.decisions},
          {"orders", figures.orders},
          {"fills", figures.fills},
          {"trades", figures.trades},
          {"realized_pnl", figures.realized_pnl.to_string()},
          {"fees", figures.fees.to_string()}};
}

Json market_json(const market::MarketData& market) {
  const auto& counters = market.counters();
  return {{"accepted", counters.accepted},
          {"refused_defective", counters.refused_defective},
          {"refused_out_of_order", counters.refused_out_of_order}};
}

Json order_json(const trading::Desk& desk) {
  const auto& counters = desk.orders().counters();
  return {{"open", desk.orders().open_orders().size()},
          {"repeated_updates", counters.repeated_updates},
          {"foreign_updates", counters.foreign_updates},
          {"revived", counters.revived_orders},
          {"overfilled", counters.overfilled_orders},
          {"closings_under_way", desk.closings_under_way()},
          {"halted", desk.is_halted()}};
}

Json protection_json(const trading::ProtectionMeter& meter) {
  if (meter.count() == 0)
    return {{"gaps", 0},
            {"unprotected_us_p50", nullptr},
            {"unprotected_us_p99", nullptr},
            {"unprotected_us_max", nullptr},
            {"reason", "no group has filled yet"}};
  return {{"gaps", meter.count()},
          {"unprotected_us_p50", microseconds(meter.quantile(0.5))},
          {"unprotected_us_p99", microseconds(meter.quantile(0.99))},
          {"unprotected_us_max", microseconds(meter.max())}};
}

Json trade_log_json(const std::optional<storage::TradeLogMetrics>& metrics) {
  if (!metrics)
    return {{"queue_rows", nullptr},
            {"reason", "no trade log is written: storage.enabled is false"}};
  return {{"queue_rows", metrics->queue_rows},     {"queue_bytes", metrics->queue_bytes},
          {"rows_written", metrics->rows_written}, {"batches", metrics->batches},
          {"failures", metrics->failures},         {"catch_ups", metrics->catch_ups},
          {"offered", metrics->offered.value()},   {"committed", metrics->committed.value()}};
}

Json gate_json(const IntentGate& gate) {
  return {{"waiting", gate.waiting()},
          {"entries_stopped", gate.entries_stopped()},
          {"exits_not_durable", gate.exits_not_durable()}};
}

/// Of a run whose market no provider brings.
void add_no_provider(Json& json, MarketKind kind) {
  constexpr std::string_view kNone = "no provider is asked: the market is simulated";
  json["feed"] = {{"name", kind == MarketKind::Generated ? "generated" : "recorded"},
                  {"is_real_time", false},
                  {"reason", kNone}};
  add_caches(json, {});
  for (const char* key : {"pools", "limits", "endpoints"}) json[key] = {{"reason", kNone}};
}

}  // namespace

Json metrics_of(const MetricsSources& sources) {
  const trading::Desk& desk = sources.kernel.desk();
  Json json;
  json["timestamp"] = core::format_utc(sources.now);
  json["mode"] = sources.configuration.mode;
  json["account"] = sources.configuration.account.name.str();
  json["run"] = run_json(sources.kernel);
  json["trades"] = trades_json(sources.kernel, sources.now);
  json["market"] = market_json(sources.kernel.market());
  json["orders"] = order_json(desk);
  json["orders"]["latency"] = order_latency_json(sources.latencies);
  json["protection"] = protection_json(desk.protection());
  json["risk"] = risk_json(sources.kernel, sources.configuration.account_limits, sources.entry_gate,
                           sources.configuration.instruments);
  json["journal"] = {{"last_record", sources.records.last_sequence().value()},
                     {"durable_up_to", sources.records.durable_up_to().value()}};
  json["trade_log"] = trade_log_json(sources.records.trade_log_metrics());
  if (sources.intent_gate != nullptr) json["intent_gate"] = gate_json(*sources.intent_gate);
  if (sources.add_provider)
    sources.add_provider(json);
  else
    add_no_provider(json, sources.configuration.market.kind);
  json["slow_operations"] = slow_operations_json(sources.slow);
  if (sources.loop != nullptr)
    json["core_loop"] = {{"delay_us_max", microseconds(sources.loop->delay_max())}};
  return json;
}

}  // namespace st0ck::app
