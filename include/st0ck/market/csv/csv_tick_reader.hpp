#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/csv/csv_format.hpp"
#include "st0ck/market/csv/csv_rows.hpp"
#include "st0ck/market/csv/csv_values.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/session_cursor.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::market {

struct CsvTickSettings {
  core::InstrumentId instrument{};
  core::ExchangeCalendar calendar = core::ExchangeCalendar::xnys();
  /// Whether rows before the open and after the close are passed on; else they are skipped and
  /// counted.
  bool keep_extended_hours = false;
};

/// Reads quotes or trades from CSV, one after the other.
///
/// The first defect ends the reading with one message that names file, line, column, what was
/// found and what is allowed: a malformed field or row, a price not above zero, a crossed quote, a
/// time that goes back (equal times are usual), a date without a session.
template <typename Tick>
class CsvTickReader {
 public:
  struct Counters {
    std::uint64_t ticks = 0;
    std::uint64_t skipped_outside_hours = 0;
  };

  /// Opens a file and checks its header.
  static core::Result<std::unique_ptr<CsvTickReader>> open(const std::filesystem::path& path,
                                                           const CsvTickSettings& settings);

  /// The same over bytes in memory, plain or gzip, which must outlive the reader.
  static core::Result<std::unique_ptr<CsvTickReader>> over(std::string name, std::string_view bytes,
                                                           const CsvTickSettings& settings);

  /// The next one, or nothing at the end.
  core::Result<std::optional<Tick>> next();

  const Counters& counters() const { return counters_; }

 private:
  CsvTickReader(std::string name, std::unique_ptr<ByteSource> bytes,
                const CsvTickSettings& settings);
  static core::Result<std::unique_ptr<CsvTickReader>> checked(
      std::unique_ptr<CsvTickReader> reader);

  core::Result<bool> read_time(Tick& tick);

  CsvRows rows_;
  CsvTickSettings settings_;
  CsvTimes times_;
  SessionCursor sessions_;
  std::optional<core::Timestamp> last_time_;
  Counters counters_;
};

using CsvQuoteReader = CsvTickReader<Quote>;
using CsvTradeReader = CsvTickReader<Trade>;

extern template class CsvTickReader<Quote>;
extern template class CsvTickReader<Trade>;

}  // namespace st0ck::market
