#include "st0ck/market/csv/csv_bar_reader.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace st0ck::market {

using core::Error;
using core::Result;
using core::Status;
using core::Timestamp;

namespace {

std::string no_session(const core::ExchangeCalendar& calendar, core::Date date) {
  return fmt::format("{}, on which the exchange is closed ({})", core::format_date(date),
                     calendar.closure_reason(date));
}

}  // namespace

CsvBarReader::CsvBarReader(std::string name, std::unique_ptr<ByteSource> bytes,
                           const CsvFormat& format, const Settings& settings)
    : rows_{std::move(name), std::move(bytes), format},
      format_{format},
      settings_{settings},
      times_{format.time},
      sessions_{settings.calendar} {}

Result<std::unique_ptr<CsvBarReader>> CsvBarReader::open(const std::filesystem::path& path,
                                                         const CsvFormat& format,
                                                         const Settings& settings) {
  auto bytes = open_bytes(path);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return checked(std::unique_ptr<CsvBarReader>(
      new CsvBarReader(path.string(), std::move(*bytes), format, settings)));
}

Result<std::unique_ptr<CsvBarReader>> CsvBarReader::over(std::string name, std::string_view bytes,
                                                         const CsvFormat& format,
                                                         const Settings& settings) {
  return checked(std::unique_ptr<CsvBarReader>(
      new CsvBarReader(std::move(name), bytes_in_memory(bytes), format, settings)));
}

Result<std::unique_ptr<CsvBarReader>> CsvBarReader::checked(std::unique_ptr<CsvBarReader> reader) {
  const Status header = reader->rows_.read_header();
  if (!header) return tl::unexpected<Error>(header.error());
  return reader;
}

Result<std::optional<Bar>> CsvBarReader::next() {
  Bar bar;
  bar.instrument = settings_.instrument;
  for (;;) {
    const auto row = rows_.next();
    if (!row) return tl::unexpected<Error>(row.error());
    if (!*row) {
      finish();
      return std::nullopt;
    }
    const auto taken = read_row(bar);
    if (!taken) return tl::unexpected<Error>(taken.error());
    if (*taken) return bar;
    ++counters_.skipped_outside_hours;
  }
}

/// False for a row outside the regular hours.
Result<bool> CsvBarReader::read_row(Bar& bar) {
  if (const Status values = read_values(bar); !values) return tl::unexpected<Error>(values.error());
  const auto placed = place(bar);
  if (!placed || !*placed) return placed;
  if (const auto defect = defect_of(bar))
    return rows_.bad_row(*defect, "low <= open and close <= high", "open,high,low,close");
  note_gaps_before(bar);
  last_session_ = session_;
  last_end_ = bar.end;
  ++counters_.bars;
  return true;
}

Status CsvBarReader::read_values(Bar& bar) {
  const auto price_of = [&](CsvColumn column, core::Price& price) {
    const auto read = read_price(rows_.field(column));
    if (read) price = *read;
    return read.has_value();
  };
  const auto bad_price = [&](CsvColumn column) {
    return rows_.bad_field(column, price_allowed(rows_.field(column)));
  };
  if (!price_of(CsvColumn::Open, bar.open)) return bad_price(CsvColumn::Open);
  if (!price_of(CsvColumn::High, bar.high)) return bad_price(CsvColumn::High);
  if (!price_of(CsvColumn::Low, bar.low)) return bad_price(CsvColumn::Low);
  if (!price_of(CsvColumn::Close, bar.close)) return bad_price(CsvColumn::Close);
  const auto volume = read_volume(rows_.field(CsvColumn::Volume));
  if (!volume)
    return rows_.bad_field(CsvColumn::Volume, volume_allowed(rows_.field(CsvColumn::Volume)));
  bar.volume = *volume;
  return read_optional_values(bar);
}

Status CsvBarReader::read_optional_values(Bar& bar) {
  bar.vwap.reset();
  bar.trade_count.reset();
  if (const auto text = rows_.field(CsvColumn::Vwap); !text.empty()) {
    bar.vwap = read_price(text);
    if (!bar.vwap) return rows_.bad_field(CsvColumn::Vwap, price_allowed(text) + ", or nothing");
  }
  if (const auto text = rows_.field(CsvColumn::TradeCount); !text.empty()) {
    bar.trade_count = read_count(text);
    if (!bar.trade_count) return rows_.bad_field(CsvColumn::TradeCount, "a count, or nothing");
  }
  return {};
}

Result<bool> CsvBarReader::place(Bar& bar) {
  const auto moment = times_.read(rows_.field(CsvColumn::Time));
  if (!moment) return rows_.bad_field(CsvColumn::Time, times_.expected());
  return moment->date ? place_by_date(bar, *moment->date) : place_by_time(bar, moment->time);
}

Result<bool> CsvBarReader::place_by_date(Bar& bar, core::Date date) {
  if (!settings_.interval.is_session())
    return rows_.bad_field(CsvColumn::Time, fmt::format("a time, as these are bars of {}",
                                                        settings_.interval.to_string()));
  const auto session = settings_.calendar.session_on(date);
  if (!session)
    return rows_.bad_row(no_session(settings_.calendar, date), "a session of XNYS",
                         rows_.name_of(CsvColumn::Time));
  const Timestamp stamp = format_.stamp == CsvStamp::End ? session->close : session->open;
  if (const Status order = check_order(stamp); !order) return tl::unexpected<Error>(order.error());
  session_ = *session;
  bar.start = session->open;
  bar.end = session->close;
  return true;
}

Result<bool> CsvBarReader::place_by_time(Bar& bar, Timestamp stamp) {
  if (const Status order = check_order(stamp); !order) return tl::unexpected<Error>(order.error());
  const bool is_end = format_.stamp == CsvStamp::End;
  // A moment inside the bar. An end stamp names the first moment after it.
  const Timestamp inside = is_end ? stamp - core::Duration{1} : stamp;
  const core::Session* session = sessions_.on_date_of(inside);
  if (session == nullptr) {
    const auto date = core::to_new_york(inside).date;
    return rows_.bad_row(no_session(settings_.calendar, date), "a session of XNYS",
                         rows_.name_of(CsvColumn::Time));
  }
  const auto& interval = settings_.interval;
  const bool regular = is_regular_hours(*session, inside);
  if (!regular && !interval.is_session()) return false;
  const auto bucket = regular ? interval.bucket_at(*session, inside) : BarInterval::Bucket{};
  if (!regular || stamp != (is_end ? bucket.end : bucket.start))
    return rows_.bad_field(
        CsvColumn::Time,
        fmt::format("the {} of a bar of {} counted from the open at {}", is_end ? "end" : "start",
                    interval.to_string(), core::format_utc(session->open)));
  session_ = *session;
  bar.start = bucket.start;
  bar.end = bucket.end;
  return true;
}

Status CsvBarReader::check_order(Timestamp stamp) {
  const std::string_view text = rows_.field(CsvColumn::Time);
  if (last_stamp_ && stamp <= *last_stamp_) {
    if (stamp == *last_stamp_)
      return rows_.bad_row(fmt::format("a second bar of '{}'", shown(text)),
                           "one bar for each time", rows_.name_of(CsvColumn::Time));
    return rows_.bad_field(CsvColumn::Time, fmt::format("a time after '{}'", last_stamp_text_));
  }
  last_stamp_ = stamp;
  last_stamp_text_.assign(text);
  return {};
}

void CsvBarReader::note_gaps_before(const Bar& bar) {
  if (!last_session_) {
    note_gap(session_.open, bar.start);
    return;
  }
  if (last_session_->date == session_.date) {
    if (bar.start > last_end_) note_gap(last_end_, bar.start);
    return;
  }
  note_gap(last_end_, last_session_->close);
  for (auto between = settings_.calendar.next_session(last_session_->date);
       between && between->date < session_.date;
       between = settings_.calendar.next_session(between->date))
    ++counters_.missing_sessions;
  note_gap(session_.open, bar.start);
}

void CsvBarReader::note_gap(Timestamp start, Timestamp end) {
  const std::int64_t bars = settings_.interval.count_in(start, end);
  if (bars == 0) return;
  ++counters_.gaps;
  counters_.missing_bars += static_cast<std::uint64_t>(bars);
  if (gaps_.size() < settings_.gaps_max) gaps_.push_back({start, end, bars});
}

void CsvBarReader::finish() {
  if (!last_session_) return;
  note_gap(last_end_, last_session_->close);
  // Asked once more, there is nothing new to note.
  last_session_.reset();
}

}  // namespace st0ck::market
