#include "src/app/console/time_columns.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <string_view>

namespace st0ck::app {

std::string time_beside(core::Timestamp earlier, core::Timestamp later) {
  constexpr std::string_view kDate = "2019-02-11 ";
  constexpr std::string_view kOffset = " -05:00";
  std::string text = core::format_new_york(later);
  const auto before = core::to_new_york(earlier);
  const auto after = core::to_new_york(later);
  if (before.date != after.date || before.utc_offset != after.utc_offset) return text;
  return text.substr(kDate.size(), text.size() - kDate.size() - kOffset.size());
}

}  // namespace st0ck::app
