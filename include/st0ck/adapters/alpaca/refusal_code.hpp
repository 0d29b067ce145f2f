#pragma once

#include "st0ck/adapters/alpaca/wire/trading/api_error.hpp"
#include "st0ck/core/ids.hpp"

namespace st0ck::alpaca {

/// A short reason for a refusal: a word where the refusal can be told apart (`INSUFFICIENT_QTY`),
/// else `ALPACA_<code>` or `HTTP_<status>`.
///
/// Alpaca has one code for many reasons, so that the extra fields and, last, the text have to
/// tell. A text that changes makes a reason less clear, nothing else hangs on it.
core::Code refusal_code(const ApiError& error);

/// Whether an order was refused because its client order id was used before. The code is the one
/// of any malformed field, so only the text tells: whatever it says against the id counts. A wrong
/// yes costs a look-up, a wrong no would forget an order that lives.
bool is_duplicate_id(const ApiError& error);

}  // namespace st0ck::alpaca
