#include "src/app/console/time_columns.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <algorithm>
#include <chrono>

namespace st0ck::app {

namespace {

constexpr std::string_view kDate = "2019-02-11 ";
constexpr std::string_view kSeconds = ":00";
constexpr std::string_view kOffset = " -05:00";

std::string offset_of(core::Timestamp time) {
  const std::string text = core::format_new_york(time);
  return text.substr(text.size() - kOffset.size());
}

bool is_whole_minute(core::Timestamp time) {
  return time == std::chrono::floor<std::chrono::minutes>(time);
}

bool is_beside(core::Timestamp earlier, core::Timestamp later) {
  const auto before = core::to_new_york(earlier);
  const auto after = core::to_new_york(later);
  return before.date == after.date && before.utc_offset == after.utc_offset;
}

}  // namespace

std::string time_beside(core::Timestamp earlier, core::Timestamp later) {
  const std::string text = core::format_new_york(later);
  if (!is_beside(earlier, later)) return text;
  return text.substr(kDate.size(), text.size() - kDate.size() - kOffset.size());
}

NewYorkTimes::NewYorkTimes(const std::vector<core::Timestamp>& times)
    : has_seconds_{!std::ranges::all_of(times, is_whole_minute)} {
  if (times.empty()) return;
  const std::string first = offset_of(times.front());
  const auto has_first = [&](core::Timestamp time) { return offset_of(time) == first; };
  if (std::ranges::all_of(times, has_first)) offset_ = first;
}

std::string NewYorkTimes::title(std::string_view what) const {
  return std::string{what} + ", NY" + offset_;
}

std::string NewYorkTimes::text(core::Timestamp time) const {
  std::string text = core::format_new_york(time);
  std::string offset = text.substr(text.size() - kOffset.size());
  text.resize(text.size() - kOffset.size());
  if (!has_seconds_) text.resize(text.size() - kSeconds.size());
  return offset_.empty() ? text + offset : text;
}

std::string NewYorkTimes::text_beside(core::Timestamp earlier, core::Timestamp later) const {
  std::string text = this->text(later);
  if (!is_beside(earlier, later)) return text;
  if (offset_.empty()) text.resize(text.size() - kOffset.size());
  return text.substr(kDate.size());
}

}  // namespace st0ck::app
