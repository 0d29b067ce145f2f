#pragma once

#include "src/app/console/console.hpp"
#include "st0ck/kernel/records.hpp"

#include <nlohmann/json_fwd.hpp>

namespace st0ck::app {

/// Rows as `--json` shows them: money, prices and quantities as exact decimals in strings, times
/// as ISO 8601 in UTC, what is absent as null.
nlohmann::ordered_json json_of(const kernel::RoundTripRow& trade);
nlohmann::ordered_json json_of(const kernel::OrderRow& order);
nlohmann::ordered_json json_of(const kernel::FillRow& fill);
nlohmann::ordered_json json_of(const kernel::DifferenceRow& difference);

/// Writes one document. Text that is no UTF-8 (only damage makes some) shows replacement marks.
void print_json(Console& console, const nlohmann::ordered_json& json);

}  // namespace st0ck::app
