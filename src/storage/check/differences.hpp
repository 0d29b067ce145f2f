#pragma once

#include "findings.hpp"
#include "src/storage/sqlite.hpp"
#include "st0ck/core/result.hpp"

namespace st0ck::storage {

/// Whether the differences between the broker and us are counted from 1 without a gap, end after
/// they began, are there once at a time, and say what they are about.
core::Status check_differences(Database& database, Findings& findings);

}  // namespace st0ck::storage
