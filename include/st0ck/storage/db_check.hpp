#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace st0ck::storage {

/// What a check of a trade log looked at and found.
struct CheckReport {
  std::size_t orders = 0;
  std::size_t fills = 0;
  std::size_t trades = 0;
  std::size_t positions = 0;
  std::size_t decisions = 0;
  core::Sequence last_sequence;       ///< The newest journal record with a row.
  std::vector<std::string> findings;  ///< One sentence each: place, what is there, what belongs.

  bool is_sound() const { return findings.empty(); }
};

/// Checks a trade log from its pages up to its sums: SQLite's integrity and foreign keys, the
/// schema against the one this version makes, and whether orders, fills, positions, round trips,
/// daily figures and the run's totals agree, by book-keeping of its own from the fills alone.
///
/// A log that was cut off may end between a fill and the rows that follow from it; that alone is
/// no finding. An Error only where nothing can be checked: no file, no database, a newer schema.
core::Result<CheckReport> check(const std::filesystem::path& path);

}  // namespace st0ck::storage
