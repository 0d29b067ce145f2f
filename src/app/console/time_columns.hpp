#pragma once

#include "st0ck/core/timestamp.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// `later` in New York time; only the time of day where it stands beside `earlier` of the same
/// day.
std::string time_beside(core::Timestamp earlier, core::Timestamp later);

/// The times of a table's columns as short as they stay exact: seconds only where one time has
/// some, and the offset of New York in the titles when it is the same for all.
class NewYorkTimes {
 public:
  explicit NewYorkTimes(const std::vector<core::Timestamp>& times);

  /// `entry, NY -05:00`.
  std::string title(std::string_view what) const;

  /// `2019-02-11 09:31`.
  std::string text(core::Timestamp time) const;

  /// The same, only the time of day on the day of `earlier`.
  std::string text_beside(core::Timestamp earlier, core::Timestamp later) const;

 private:
  bool has_seconds_ = false;
  std::string offset_;  ///< With a blank before it; empty when there is more than one.
};

}  // namespace st0ck::app
