#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace st0ck::house {

/// A line of the source tree that breaks a rule of the house.
struct Violation {
  std::string file;  ///< Relative to the top of the tree.
  std::size_t line = 0;
  std::string rule;
};

/// Checks `include/`, `src/`, `engines/` and `strategies/` under a top folder.
///
/// The rules: which room may include which, what may stand in a
/// header, and what decisions may not depend on. Violations come in order of file and line.
std::vector<Violation> violations_in(const std::filesystem::path& top);

}  // namespace st0ck::house
