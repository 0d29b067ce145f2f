#include "src/app/exchange/timeframe.hpp"

#include "st0ck/core/new_york_time.hpp"

#include <charconv>
#include <chrono>

namespace st0ck::app::exchange {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

core::Timestamp midnight_of(sys_days day) {
  return core::from_new_york(core::Date{day}, core::Duration::zero());
}

}  // namespace

std::optional<Timeframe> Timeframe::parse(std::string_view text) {
  int count = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
  if (read.ec != std::errc{} || count < 1) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  if (unit == "Min" || unit == "T") {
    if (count <= 59) return Timeframe{Unit::Minute, count};
  } else if (unit == "Hour" || unit == "H") {
    if (count <= 23) return Timeframe{Unit::Hour, count};
  } else if (unit == "Day" || unit == "D") {
    if (count == 1) return Timeframe{Unit::Day, count};
  } else if (unit == "Week" || unit == "W") {
    if (count == 1) return Timeframe{Unit::Week, count};
  } else if (unit == "Month" || unit == "M") {
    if (count <= 12 && 12 % count == 0) return Timeframe{Unit::Month, count};
  }
  return std::nullopt;
}

core::Timestamp Timeframe::start_of(core::Timestamp time) const {
  const core::NewYorkTime local = core::to_new_york(time);
  const sys_days day{local.date};
  switch (unit_) {
    case Unit::Minute:
    case Unit::Hour: {
      const core::Duration one =
          unit_ == Unit::Minute ? std::chrono::minutes{1} : std::chrono::hours{1};
      const core::Duration length = one * count_;
      return core::from_new_york(local.date, local.time_of_day - local.time_of_day % length);
    }
    case Unit::Day: return midnight_of(day);
    case Unit::Week: {
      const std::chrono::weekday weekday{day};
      return midnight_of(day - days{weekday.iso_encoding() - 1});
    }
    case Unit::Month: break;
  }
  const unsigned step = static_cast<unsigned>(count_);
  const unsigned month = (static_cast<unsigned>(local.date.month()) - 1) / step * step + 1;
  return midnight_of(sys_days{local.date.year() / std::chrono::month{month} / 1});
}

}  // namespace st0ck::app::exchange
