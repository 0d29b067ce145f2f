#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/kernel/engine.hpp"
#include "st0ck/trading/risk_manager.hpp"

#include <optional>
#include <string>

namespace st0ck::kernel {

/// Why a decision came out as it did, as one JSON object: `inputs` by name, and `checks` with
/// code, value, limit and verdict where the risk manager was asked.
std::string explanation_json(const Inputs& inputs, const trading::RiskReadings* readings);

}  // namespace st0ck::kernel
