#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/bar_interval.hpp"
#include "st0ck/market/csv/csv_format.hpp"
#include "st0ck/market/csv/csv_rows.hpp"
#include "st0ck/market/csv/csv_values.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/session_cursor.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::market {

/// A stretch of a session without bars: `bars` of them are missing in [start, end).
struct BarGap {
  core::Timestamp start;
  core::Timestamp end;
  std::int64_t bars = 0;

  friend bool operator==(const BarGap&, const BarGap&) = default;
};

/// Reads bars from CSV, one after the other.
///
/// The first defect ends the reading with one message that names file, line, column, what was
/// found and what is allowed: a malformed field or row, a price not above zero, a high or low that
/// does not contain open and close, a time that does not increase, a date without a session, a
/// time that is not the stamp of a bar of the interval. Rows outside the regular hours of a
/// session are skipped and counted; missing bars within a session and missing sessions are counted.
class CsvBarReader final : public BarSource {
 public:
  struct Settings {
    core::InstrumentId instrument{};
    BarInterval interval = BarInterval::minutes(1);
    core::ExchangeCalendar calendar = core::ExchangeCalendar::xnys();
    std::size_t gaps_max = 100;  ///< How many gaps are kept to be listed; all are counted.
  };

  struct Counters {
    std::uint64_t bars = 0;
    std::uint64_t skipped_outside_hours = 0;
    std::uint64_t missing_bars = 0;
    std::uint64_t missing_sessions = 0;  ///< Between the first and the last bar.
    std::uint64_t gaps = 0;
  };

  /// Opens a file and checks its header. `format` must outlive the reader.
  static core::Result<std::unique_ptr<CsvBarReader>> open(const std::filesystem::path& path,
                                                          const CsvFormat& format,
                                                          const Settings& settings);

  /// The same over bytes in memory, plain or gzip, which must outlive the reader.
  static core::Result<std::unique_ptr<CsvBarReader>> over(std::string name, std::string_view bytes,
                                                          const CsvFormat& format,
                                                          const Settings& settings);

  core::Result<std::optional<Bar>> next() override;

  const Counters& counters() const { return counters_; }

  /// The first gaps within sessions, in order; the last session's end is judged at the file's end.
  const std::vector<BarGap>& gaps() const { return gaps_; }

 private:
  CsvBarReader(std::string name, std::unique_ptr<ByteSource> bytes, const CsvFormat& format,
               const Settings& settings);
  static core::Result<std::unique_ptr<CsvBarReader>> checked(std::unique_ptr<CsvBarReader> reader);

  core::Result<bool> read_row(Bar& bar);
  core::Status read_values(Bar& bar);
  core::Status read_optional_values(Bar& bar);
  core::Result<bool> place(Bar& bar);
  core::Result<bool> place_by_time(Bar& bar, core::Timestamp stamp);
  core::Result<bool> place_by_date(Bar& bar, core::Date date);
  core::Status check_order(core::Timestamp stamp);
  void note_gaps_before(const Bar& bar);
  void note_gap(core::Timestamp start, core::Timestamp end);
  void finish();

  CsvRows rows_;
  CsvFormat format_;
  Settings settings_;
  CsvTimes times_;
  SessionCursor sessions_;
  core::Session session_{};                    ///< Of the row being placed.
  std::optional<core::Session> last_session_;  ///< Of the last bar.
  core::Timestamp last_end_{};
  std::optional<core::Timestamp> last_stamp_;
  std::string last_stamp_text_;
  Counters counters_;
  std::vector<BarGap> gaps_;
};

}  // namespace st0ck::market
