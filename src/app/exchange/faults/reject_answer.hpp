#pragma once

#include "src/app/exchange/faults/fault_rule.hpp"
#include "st0ck/net/http_server.hpp"

#include <string_view>

namespace st0ck::app::exchange {

/// The refusal of an order for that reason, in the provider's own form (the reference, section 1
/// and 3). `symbol` is of the order; where it is not known, any.
net::ServerResponse reject_answer(RejectReason reason, std::string_view symbol);

}  // namespace st0ck::app::exchange
