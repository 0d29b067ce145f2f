#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"

#include <filesystem>
#include <vector>

namespace st0ck::app {

/// Reads dividends and splits from CSV with the header `ex_date,symbol,kind,value`: a date, a
/// symbol, `dividend` with dollars per share or `split` with `new:old` shares (`4:1`, reverse
/// `1:10`). Symbols that are not in the table are left out. An error names file, line, what was
/// found and what is allowed.
core::Result<std::vector<market::CorporateAction>> read_corporate_actions(
    const std::filesystem::path& path, const market::InstrumentTable& instruments);

}  // namespace st0ck::app
