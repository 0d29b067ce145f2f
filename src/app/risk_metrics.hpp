#pragma once

#include "src/app/entry_gate.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/trading/account_limits.hpp"

#include <nlohmann/json_fwd.hpp>

namespace st0ck::app {

/// How the account and each bot stand to their limits (spec st0ck 15): what stops entries now, and
/// what each check that looks at no order in particular reads. `gate` is null where there is none.
nlohmann::ordered_json risk_json(const kernel::Kernel& kernel, const trading::AccountLimits& limits,
                                 const EntryGate* gate, const market::InstrumentTable& instruments);

/// Round trips: since the first start in the state directory, and of today's session.
nlohmann::ordered_json trades_json(const kernel::Kernel& kernel, core::Timestamp now);

}  // namespace st0ck::app
