#include "src/app/run_metrics.hpp"

#include "src/app/run_summary.hpp"
#include "st0ck/core/time_text.hpp"

#include <nlohmann/json.hpp>

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

/// What holds entries back, other than halts and limits.
Json entries_json(const kernel::Kernel& kernel) {
  Json degraded = Json::array();
  for (const core::Code& provider : kernel.degraded_providers())
    degraded.push_back(provider.view());
  return {{"degraded", std::move(degraded)},
          {"differences", kernel.differences().in_force().size()}};
}

Json protection_json(const trading::ProtectionMeter& meter) {
  return {{"gaps", meter.count()},
          {"unprotected_us_p50", microseconds(meter.quantile(0.5))},
          {"unprotected_us_p99", microseconds(meter.quantile(0.99))},
          {"unprotected_us_max", microseconds(meter.max())}};
}

Json trade_log_json(const storage::TradeLogMetrics& metrics) {
  return {{"queue_rows", metrics.queue_rows},     {"queue_bytes", metrics.queue_bytes},
          {"rows_written", metrics.rows_written}, {"batches", metrics.batches},
          {"failures", metrics.failures},         {"catch_ups", metrics.catch_ups},
          {"offered", metrics.offered.value()},   {"committed", metrics.committed.value()}};
}

Json gate_json(const IntentGate& gate) {
  return {{"waiting", gate.waiting()},
          {"entries_stopped", gate.entries_stopped()},
          {"exits_not_durable", gate.exits_not_durable()}};
}

std::string metrics_json(const MetricsSources& sources) {
  Json json;
  json["timestamp"] = core::format_utc(sources.now);
  json["run"] = run_json(sources.kernel);
  json["market"] = market_json(sources.kernel.market());
  json["orders"] = order_json(sources.kernel.desk());
  json["entries"] = entries_json(sources.kernel);
  json["protection"] = protection_json(sources.kernel.desk().protection());
  json["journal"] = {{"last_record", sources.records.last_sequence().value()},
                     {"durable_up_to", sources.records.durable_up_to().value()}};
  if (const auto trade_log = sources.records.trade_log_metrics())
    json["trade_log"] = trade_log_json(*trade_log);
  if (sources.gate != nullptr) json["intent_gate"] = gate_json(*sources.gate);
  if (!sources.provider.empty())
    if (const Json provider = Json::parse(sources.provider, nullptr, false); provider.is_object())
      for (const auto& [key, value] : provider.items()) json[key] = value;
  return json.dump(2) + "\n";
}

}  // namespace

core::Status write_metrics(const std::filesystem::path& state_dir, const MetricsSources& sources) {
  return write_file(metrics_file_of(state_dir), metrics_json(sources));
}

std::filesystem::path metrics_file_of(const std::filesystem::path& state_dir) {
  return state_dir / "metrics.json";
}

}  // namespace st0ck::app
