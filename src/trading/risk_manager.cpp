#include "st0ck/trading/risk_manager.hpp"

#include "risk_checks.hpp"

#include <fmt/format.h>

namespace st0ck::trading {

namespace {

std::string text_of(RiskUnit unit, std::int64_t value) {
  switch (unit) {
    case RiskUnit::Flag: return value != 0 ? "yes" : "no";
    case RiskUnit::Count: return fmt::format("{}", value);
    case RiskUnit::Quantity: return core::Quantity::from_raw(value).to_string();
    case RiskUnit::Money: return core::Money::from_raw(value).to_string();
    case RiskUnit::Price: return core::Price::from_raw(value).to_string();
    case RiskUnit::Rate: return core::Rate::from_raw(value).to_string();
    case RiskUnit::Nanoseconds: return fmt::format("{} ms", value / 1'000'000);
  }
  return {};
}

RiskReading reading_of(const RiskCheck& check, const RiskFacts& facts, const RiskLimits& limits) {
  RiskReading reading = check.read(facts, limits);
  reading.code = check.code;
  reading.setting = check.setting;
  return reading;
}

/// Runs every applicable check; the code of the first that failed.
std::optional<core::Code> first_failure(const RiskFacts& facts, const RiskLimits& limits,
                                        RiskReadings& readings) {
  std::optional<core::Code> failure;
  readings.clear();
  for (const RiskCheck& check : risk_checks()) {
    if (facts.intent.purpose == Purpose::Exit && !check.guards_exits) continue;
    const RiskReading reading = reading_of(check, facts, limits);
    readings.push_back(reading);
    if (reading.passed || failure) continue;
    failure = core::Code{check.code};
    // The others take an order of the right shape for granted.
    if (check.code == "ORDER_SHAPE") break;
  }
  return failure;
}

}  // namespace

Approved<OrderIntent> RiskManager::sent_already(const OrderIntent& exit) { return Approved{exit}; }

void RiskManager::review_standing(const RiskFacts& facts, const RiskLimits& limits,
                                  RiskReadings& readings) {
  readings.clear();
  for (const RiskCheck& check : risk_checks()) {
    if (!check.is_standing) continue;
    readings.push_back(reading_of(check, facts, limits));
  }
}

std::string RiskReading::value_text() const {
  return available ? text_of(unit, value) : "unavailable";
}

std::string RiskReading::limit_text() const { return text_of(unit, limit); }

std::span<const RiskCheck> RiskManager::checks() { return risk_checks(); }

RiskVerdict RiskManager::review(const RiskFacts& facts, const RiskLimits& limits,
                                RiskReadings& readings) {
  if (const auto failure = first_failure(facts, limits, readings)) return Refused{*failure};
  return Approved<OrderIntent>{facts.intent};
}

std::variant<Approved<ReplaceIntent>, Refused> RiskManager::review(const RiskFacts& facts,
                                                                   const RiskLimits& limits,
                                                                   const ReplaceIntent& replace,
                                                                   RiskReadings& readings) {
  if (const auto failure = first_failure(facts, limits, readings)) return Refused{*failure};
  return Approved<ReplaceIntent>{replace};
}

}  // namespace st0ck::trading
