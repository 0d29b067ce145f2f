#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace st0ck::market {

/// What a column of a file means to us.
enum class CsvColumn : std::uint8_t {
  Time,
  Open,
  High,
  Low,
  Close,
  Volume,
  Vwap,
  TradeCount,
  Bid,
  BidSize,
  Ask,
  AskSize,
  Price,
  Size,
  Conditions,
  Exchange,
  Ignored,  ///< Known, and of no use to us.
};
inline constexpr std::size_t kCsvColumnCount = static_cast<std::size_t>(CsvColumn::Ignored);

struct CsvColumnName {
  std::string_view name;
  CsvColumn column = CsvColumn::Ignored;
  bool optional = false;
};

/// How times are written. A bare date is taken in both, as the session of that date.
enum class CsvTime : std::uint8_t {
  Utc,      ///< What `core::parse_timestamp` takes: ISO 8601 with a zone, epoch nanoseconds.
  NewYork,  ///< `2019-02-11 09:31:00`, New York's wall clock.
};

/// Which end of a bar its stamp names.
enum class CsvStamp : std::uint8_t { Start, End };

/// All that tells one kind of file from another: a new kind is one more constant below.
struct CsvFormat {
  std::string_view name;
  std::span<const CsvColumnName> columns;
  CsvTime time = CsvTime::Utc;
  CsvStamp stamp = CsvStamp::Start;

  /// The columns as a header line, optional ones in brackets.
  std::string expected_header() const;
};

namespace csv_columns {

inline constexpr std::array kBar{
    CsvColumnName{"timestamp", CsvColumn::Time},
    CsvColumnName{"open", CsvColumn::Open},
    CsvColumnName{"high", CsvColumn::High},
    CsvColumnName{"low", CsvColumn::Low},
    CsvColumnName{"close", CsvColumn::Close},
    CsvColumnName{"volume", CsvColumn::Volume},
    CsvColumnName{"vwap", CsvColumn::Vwap, true},
    CsvColumnName{"trades", CsvColumn::TradeCount, true},
};
inline constexpr std::array kQuote{
    CsvColumnName{"timestamp", CsvColumn::Time},   CsvColumnName{"bid", CsvColumn::Bid},
    CsvColumnName{"bid_size", CsvColumn::BidSize}, CsvColumnName{"ask", CsvColumn::Ask},
    CsvColumnName{"ask_size", CsvColumn::AskSize},
};
inline constexpr std::array kTrade{
    CsvColumnName{"timestamp", CsvColumn::Time},
    CsvColumnName{"price", CsvColumn::Price},
    CsvColumnName{"size", CsvColumn::Size},
    CsvColumnName{"conditions", CsvColumn::Conditions},
    CsvColumnName{"exchange", CsvColumn::Exchange},
};
inline constexpr std::array kMinute2019{
    CsvColumnName{"datetime", CsvColumn::Time}, CsvColumnName{"open", CsvColumn::Open},
    CsvColumnName{"high", CsvColumn::High},     CsvColumnName{"low", CsvColumn::Low},
    CsvColumnName{"close", CsvColumn::Close},   CsvColumnName{"volume", CsvColumn::Volume},
};
inline constexpr std::array kEquityDaily{
    CsvColumnName{"timestamp", CsvColumn::Time},
    CsvColumnName{"open", CsvColumn::Open},
    CsvColumnName{"high", CsvColumn::High},
    CsvColumnName{"low", CsvColumn::Low},
    CsvColumnName{"close", CsvColumn::Close},
    CsvColumnName{"adjusted_close", CsvColumn::Ignored},
    CsvColumnName{"volume", CsvColumn::Volume},
    CsvColumnName{"dividend_amount", CsvColumn::Ignored},
    CsvColumnName{"split_coefficient", CsvColumn::Ignored},
};

}  // namespace csv_columns

/// Ours: what the writer writes.
inline constexpr CsvFormat kBarCsv{"st0ck bars", csv_columns::kBar};
inline constexpr CsvFormat kQuoteCsv{"st0ck quotes", csv_columns::kQuote};
inline constexpr CsvFormat kTradeCsv{"st0ck trades", csv_columns::kTrade};

/// The minute set `us-equity-minute-2019`, both its folders: `1min` (stamped by the end of a
/// minute, 09:31 to 16:00) and `daily` (dates).
inline constexpr CsvFormat kMinute2019Csv{"us-equity-minute-2019", csv_columns::kMinute2019,
                                          CsvTime::NewYork, CsvStamp::End};

/// The daily set `us-equity-daily`: prices as traded, the adjusted ones left alone.
inline constexpr CsvFormat kEquityDailyCsv{"us-equity-daily", csv_columns::kEquityDaily,
                                           CsvTime::NewYork, CsvStamp::Start};

}  // namespace st0ck::market
