#pragma once

#include "src/storage/sqlite.hpp"
#include "st0ck/core/result.hpp"

#include <functional>
#include <string_view>

namespace st0ck::storage {

/// Calls `on_row` for each row that the query gives.
core::Status for_each_row(Database& database, std::string_view query,
                          const std::function<void(const Statement&)>& on_row);

}  // namespace st0ck::storage
