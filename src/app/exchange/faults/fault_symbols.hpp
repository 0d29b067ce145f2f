#pragma once

#include "src/app/exchange/faults/fault_rule.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/instrument.hpp"

#include <span>

namespace st0ck::app::exchange {

/// Whether the market has every symbol that a fault names: one that it does not have would strike
/// nothing, unseen. BadInput with a line for each fault: where, what was found, what is allowed.
core::Status check_symbols(std::span<const FaultRule> faults,
                           const market::InstrumentTable& instruments);

}  // namespace st0ck::app::exchange
