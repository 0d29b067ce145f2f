#pragma once

#include "findings.hpp"
#include "src/storage/sqlite.hpp"
#include "st0ck/core/result.hpp"

namespace st0ck::storage {

/// Whether `meta` has what every run writes there, and its last record is the newest row's.
core::Status check_meta(Database& database, Findings& findings);

/// Whether each day that has orders, daily figures or equity is a session.
core::Status check_sessions(Database& database, Findings& findings);

/// Whether a finished run left an order for the day open after that day.
core::Status check_left_open(Database& database, Findings& findings);

}  // namespace st0ck::storage
