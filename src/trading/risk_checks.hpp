#pragma once

#include "st0ck/trading/risk_manager.hpp"

#include <span>

namespace st0ck::trading {

/// The pre-trade checks in the order of their evaluation.
std::span<const RiskCheck> risk_checks();

}  // namespace st0ck::trading
