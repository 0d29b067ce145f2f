#include "src/app/risk_metrics.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kNoPrice = "something that is held has no price yet";

Json text_or_null(const std::optional<core::Money>& amount) {
  return amount ? Json(amount->to_string()) : Json(nullptr);
}

Json reading_json(const trading::RiskReading& reading) {
  Json json{{"passed", reading.passed}};
  if (reading.unit == trading::RiskUnit::Flag) return json;
  json["value"] = reading.available ? Json(reading.value_text()) : Json(nullptr);
  json["limit"] = reading.limit_text();
  if (!reading.available) json["reason"] = kNoPrice;
  return json;
}

Json bot_json(const trading::Desk& desk, const core::BotId& bot) {
  const trading::BotDay day = desk.day(bot);
  const auto pnl = day.pnl();
  const trading::RiskReadings readings = desk.standing_readings(bot);
  // Whole before they are put in: an ordered object moves its values when it grows.
  Json stopped_by = Json::array();
  Json checks = Json::object();
  for (const trading::RiskReading& reading : readings) {
    if (!reading.passed) stopped_by.push_back(reading.code);
    checks[std::string{reading.code}] = reading_json(reading);
  }
  Json json{{"is_halted", day.halted}, {"entries_stopped_by", std::move(stopped_by)}};
  json["day_pnl"] = text_or_null(pnl);
  json["daily_loss_used"] = pnl ? Json(std::max(-*pnl, core::Money{}).to_string()) : Json(nullptr);
  json["daily_loss_max"] = checks.at("DAILY_LOSS").at("limit");
  if (!pnl) json["reason"] = kNoPrice;
  json["checks"] = std::move(checks);
  return json;
}

/// Of the two bounds those that are on.
Json loss_rate_json(const trading::LossRateLimits& limits) {
  Json json{{"is_on", limits.is_on()}};
  if (limits.loss_max.is_positive()) json["loss_max"] = limits.loss_max.to_string();
  if (limits.share_max.is_positive()) json["share_max"] = limits.share_max.to_string();
  if (limits.is_on()) json["window_s"] = std::chrono::duration<double>{limits.window}.count();
  return json;
}

/// As the checks see it: a peak is noted when something happens, what is worth more now counts too.
std::optional<core::Money> peak_of(const trading::Desk& desk) {
  const auto equity = desk.equity();
  if (!desk.equity_peak() || !equity) return desk.equity_peak() ? desk.equity_peak() : equity;
  return std::max(equity, desk.equity_peak());
}

Json instruments_json(const EntryGate& gate, const market::InstrumentTable& instruments) {
  Json json = Json::object();
  for (const market::Instrument& instrument : instruments) {
    const auto codes = gate.stops_of(instrument.id);
    if (codes.empty()) continue;
    Json& list = json[instrument.symbol.str()] = Json::array();
    for (const core::Code& code : codes) list.push_back(code.view());
  }
  return json;
}

}  // namespace

Json risk_json(const kernel::Kernel& kernel, const trading::AccountLimits& limits,
               const EntryGate* gate, const market::InstrumentTable& instruments) {
  const trading::Desk& desk = kernel.desk();
  const auto equity = desk.equity();
  Json degraded = Json::array();
  Json codes = Json::object();
  for (const market::ProviderStatus& status : kernel.degraded_providers()) {
    degraded.push_back(status.provider.view());
    codes[status.provider.str()] = status.reason.view();
  }
  Json json{{"is_halted", desk.is_halted()}, {"degraded_providers", std::move(degraded)}};
  json["provider_codes"] = std::move(codes);
  json["equity"] = text_or_null(equity);
  if (!equity) json["reason"] = kNoPrice;
  json["equity_peak"] = text_or_null(peak_of(desk));
  json["loss_rate"] = loss_rate_json(limits.loss_rate);
  json["instruments_stopped"] =
      gate == nullptr ? Json::object() : instruments_json(*gate, instruments);
  Json& bots = json["bots"] = Json::object();
  for (const core::BotId& bot : desk.bots()) bots[bot.str()] = bot_json(desk, bot);
  return json;
}

Json trades_json(const kernel::Kernel& kernel, core::Timestamp now) {
  Json json{{"total", kernel.figures().trades}, {"today", nullptr}};
  const auto date = kernel.desk().date_of_day();
  if (!date) {
    json["reason"] = "no session has begun yet";
    return json;
  }
  json["session"] = core::format_date(*date);
  if (*date != core::to_new_york(now).date) {
    json["reason"] = "no session has begun today";
    return json;
  }
  std::uint64_t today = 0;
  for (const core::BotId& bot : kernel.desk().bots()) today += kernel.desk().day(bot).trades;
  json["today"] = today;
  return json;
}

}  // namespace st0ck::app
