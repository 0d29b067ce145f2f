#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"

#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"
#include "st0ck/adapters/alpaca/wire/time.hpp"
#include "st0ck/core/time_text.hpp"

#include <chrono>

namespace st0ck::alpaca {

namespace {

/// `09:30` or, of the extended hours, `0930`.
std::optional<core::Duration> read_wall_time(const Scalar& scalar) {
  std::string_view text = scalar.text;
  if (scalar.kind != Scalar::Kind::Text) return std::nullopt;
  if (text.size() != 4 && (text.size() != 5 || text[2] != ':')) return std::nullopt;
  const auto two_digits = [](std::string_view digits) {
    const auto number = read_decimal(digits, 0);
    return number.refusal == Refusal::None ? number.raw : std::int64_t{100};
  };
  const auto hours = two_digits(text.substr(0, 2));
  const auto minutes = two_digits(text.substr(text.size() - 2));
  if (hours < 0 || hours > 24 || minutes < 0 || minutes > 59) return std::nullopt;
  return std::chrono::hours{hours} + std::chrono::minutes{minutes};
}

std::string wall_time(core::Duration time, std::string_view colon) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time).count();
  return fmt::format("{:02}{}{:02}", minutes / 60, colon, minutes % 60);
}

core::Result<CalendarDay> read_day(Value row) {
  CalendarDay day;
  Problem problem;
  ObjectReader fields{row, problem};
  fields.field("date", day.date);
  fields.field("settlement_date", day.settlement_date);
  if (problem.exists()) return tl::unexpected<core::Error>(error_of("calendar", problem));
  const auto open = read_wall_time(row["open"].scalar());
  const auto close = read_wall_time(row["close"].scalar());
  if (!open || !close)
    return core::fail(core::Errc::BadInput, "calendar {}: open and close must be like 09:30",
                      core::format_date(day.date));
  day.open = *open;
  day.close = *close;
  day.session_open = read_wall_time(row["session_open"].scalar());
  day.session_close = read_wall_time(row["session_close"].scalar());
  return day;
}

void put(JsonWriter& writer, std::string_view key, std::string_view text) {
  writer.key(key);
  writer.text(text);
}

void write(JsonWriter& writer, const CalendarDay& day) {
  writer.begin_object();
  put(writer, "date", core::format_date(day.date));
  put(writer, "open", wall_time(day.open, ":"));
  put(writer, "close", wall_time(day.close, ":"));
  if (day.session_open) put(writer, "session_open", wall_time(*day.session_open, ""));
  if (day.session_close) put(writer, "session_close", wall_time(*day.session_close, ""));
  if (day.settlement_date) put(writer, "settlement_date", core::format_date(*day.settlement_date));
  writer.end_object();
}

}  // namespace

core::Result<MarketClock> read_clock(std::string_view body) {
  Document document;
  const auto value = document.read_json(body);
  if (!value) return core::at("clock", value.error());
  MarketClock clock;
  Problem problem;
  ObjectReader fields{*value, problem};
  fields.field("timestamp", clock.time);
  fields.field("is_open", clock.is_open);
  fields.field("next_open", clock.next_open);
  fields.field("next_close", clock.next_close);
  if (problem.exists()) return tl::unexpected<core::Error>(error_of("clock", problem));
  return clock;
}

std::string to_json(const MarketClock& clock) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  put(writer, "timestamp", new_york_rfc3339(clock.time));
  writer.key("is_open");
  writer.boolean(clock.is_open);
  put(writer, "next_open", new_york_rfc3339(clock.next_open));
  put(writer, "next_close", new_york_rfc3339(clock.next_close));
  writer.end_object();
  return out;
}

core::Result<std::vector<CalendarDay>> read_calendar(std::string_view body) {
  Document document;
  const auto rows = document.read_json(body);
  if (!rows) return core::at("calendar", rows.error());
  if (!rows->is_array()) return core::fail(core::Errc::BadInput, "calendar: is not a list");
  std::vector<CalendarDay> days;
  for (const Value row : *rows) {
    const auto day = read_day(row);
    if (!day) return tl::unexpected<core::Error>(day.error());
    days.push_back(*day);
  }
  return days;
}

std::string to_json(const std::vector<CalendarDay>& days) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_array();
  for (const auto& day : days) write(writer, day);
  writer.end_array();
  return out;
}

}  // namespace st0ck::alpaca
