#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// Those of `names` that somebody may have meant by `word`, the closest first, three at most.
std::vector<std::string> close_names(std::string_view word, const std::vector<std::string>& names);

/// `; did you mean a, b?` or nothing.
std::string did_you_mean(const std::vector<std::string>& names);

}  // namespace st0ck::app
