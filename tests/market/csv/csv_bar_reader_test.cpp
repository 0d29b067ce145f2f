#include "st0ck/market/csv/csv_bar_reader.hpp"

#include "st0ck/core/time_text.hpp"
#include "st0ck/market/csv/csv_bar_folder.hpp"
#include "support/gzip.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace st0ck::market {
namespace {

using namespace std::string_literals;
using core::Timestamp;
using test::gzipped;
using test::shared_data;

constexpr std::string_view kHeader = "timestamp,open,high,low,close,volume\n";
constexpr std::string_view kMinuteHeader = "datetime,open,high,low,close,volume\n";

Timestamp utc(std::string_view text) { return core::parse_timestamp(text).value(); }
core::Price price(std::string_view text) { return core::Price::parse(text).value(); }

/// What came out of a file: its bars, and the message that ended it, if one did.
struct Read {
  std::vector<Bar> bars = {};
  std::string error = {};
  core::Errc code = {};
  CsvBarReader::Counters counters = {};
  std::vector<BarGap> gaps = {};
};

Read read_all(CsvBarReader& reader) {
  Read read;
  for (;;) {
    const auto bar = reader.next();
    if (!bar) {
      read.error = bar.error().message;
      read.code = bar.error().code;
      break;
    }
    if (!*bar) break;
    read.bars.push_back(**bar);
  }
  read.counters = reader.counters();
  read.gaps = reader.gaps();
  return read;
}

Read read_text(std::string_view text, const CsvFormat& format = kBarCsv,
               BarInterval interval = BarInterval::minutes(1)) {
  const auto reader = CsvBarReader::over(
      "F.csv", text, format, {.instrument = core::InstrumentId{7}, .interval = interval});
  if (!reader) return {.error = reader.error().message, .code = reader.error().code};
  return read_all(**reader);
}

std::string with_header(std::string_view rows) { return fmt::format("{}{}", kHeader, rows); }
std::string with_minute_header(std::string_view rows) {
  return fmt::format("{}{}", kMinuteHeader, rows);
}

TEST(CsvBarReader, ReadsOurFormatExactly) {
  const auto read = read_text(
      "timestamp,open,high,low,close,volume,vwap,trades\n"
      "2019-02-11T14:30:00Z,271.19,271.34,271.0700,271.123456789,1488804.5,271.2,17\n"
      "2019-02-11T14:31:00Z,1,2,0.5,1,0,,\n");

  ASSERT_EQ(read.error, "");
  ASSERT_EQ(read.bars.size(), 2U);
  const Bar& bar = read.bars[0];
  EXPECT_EQ(bar.instrument, core::InstrumentId{7});
  EXPECT_EQ(bar.start, utc("2019-02-11T14:30:00Z"));
  EXPECT_EQ(bar.end, utc("2019-02-11T14:31:00Z"));
  EXPECT_EQ(bar.open.raw(), 271'190'000'000);
  EXPECT_EQ(bar.high.raw(), 271'340'000'000);
  EXPECT_EQ(bar.low.raw(), 271'070'000'000);
  EXPECT_EQ(bar.close.raw(), 271'123'456'789);
  EXPECT_EQ(bar.volume.raw(), 1'488'804'500'000);
  EXPECT_EQ(bar.vwap, price("271.2"));
  EXPECT_EQ(bar.trade_count, 17U);
  EXPECT_FALSE(read.bars[1].vwap.has_value());
  EXPECT_FALSE(read.bars[1].trade_count.has_value());
}

TEST(CsvBarReader, TakesColumnsInAnyOrder) {
  const auto read =
      read_text("volume,close,timestamp,low,open,high\n5,3,2019-02-11T14:30:00Z,1,2,4\n");

  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.bars.at(0).open, price("2"));
  EXPECT_EQ(read.bars.at(0).close, price("3"));
}

TEST(CsvBarReader, TakesEveryWayOfWritingTheTime) {
  const auto read =
      read_text(with_header("2019-02-11T14:30:00.000Z,1,1,1,1,1\n"
                            "1549895460000000000,1,1,1,1,1\n"
                            "2019-02-11T09:32:00-05:00,1,1,1,1,1\n"));

  ASSERT_EQ(read.error, "");
  ASSERT_EQ(read.bars.size(), 3U);
  EXPECT_EQ(read.bars[1].start, utc("2019-02-11T14:31:00Z"));
  EXPECT_EQ(read.bars[2].start, utc("2019-02-11T14:32:00Z"));
}

TEST(CsvBarReader, TakesCarriageReturnsAMarkInFrontAndNoEndOfTheLastLine) {
  const auto read = read_text(
      "\xef\xbb\xbftimestamp,open,high,low,close,volume\r\n"
      "2019-02-11T14:30:00Z,1,1,1,1,1\r\n"
      "2019-02-11T14:31:00Z,1,1,1,1,1");

  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.bars.size(), 2U);
}

TEST(CsvBarReader, ReadsGzipByContentAndSeveralMembers) {
  const std::string packed = gzipped(with_header("2019-02-11T14:30:00Z,1,1,1,1,1\n")) +
                             gzipped("2019-02-11T14:31:00Z,1,1,1,1,1\n");

  const auto read = read_text(packed);

  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.bars.size(), 2U);
}

TEST(CsvBarReader, ReadsLinesAcrossItsBuffer) {
  std::string text{kHeader};
  const auto open = utc("2019-02-11T14:30:00Z");
  for (int i = 0; i < 390 * 60; ++i)
    text += core::format_utc(open + std::chrono::seconds{i}) + ",10.01,10.02,10.00,10.01,100\n";

  const auto read = read_text(text, kBarCsv, BarInterval::of(std::chrono::seconds{1}));

  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.bars.size(), 390U * 60U);
  EXPECT_EQ(read.counters.missing_bars, 0U);
}

struct Defect {
  std::string name;
  std::string text;
  std::string message;
};

void PrintTo(const Defect& defect, std::ostream* stream) { *stream << defect.name; }

std::string name_of(const testing::TestParamInfo<Defect>& info) { return info.param.name; }

class CsvBarDefect : public testing::TestWithParam<Defect> {};

TEST_P(CsvBarDefect, IsOneMessageWithItsPlace) {
  const auto read = read_text(GetParam().text);

  EXPECT_EQ(read.error, GetParam().message);
}

const std::string kGood = with_header("2019-02-11T14:30:00Z,10,11,9,10,5\n");
const std::string kHeaderAllowed =
    "allowed is the header of st0ck bars: timestamp,open,high,low,close,volume[,vwap][,trades]";
const std::string kTimeAllowed =
    "allowed is a UTC time like 2019-02-11T14:30:00Z, a date like 2019-02-11, or epoch nanoseconds";
const std::string kOrderAllowed = "allowed is low <= open and close <= high";

INSTANTIATE_TEST_SUITE_P(
    Each, CsvBarDefect,
    testing::Values(
        Defect{"Empty", "", "F.csv:1: found an empty file, " + kHeaderAllowed},
        Defect{"NoHeader", "2019-02-11T14:30:00Z,1,1,1,1,1\n",
               "F.csv:1: found column '2019-02-11T14:30:00Z', " + kHeaderAllowed},
        Defect{"OtherColumn", "timestamp,open,high,low,last,volume\n",
               "F.csv:1: found column 'last', " + kHeaderAllowed},
        Defect{"ColumnTwice", "timestamp,open,open,low,close,volume\n",
               "F.csv:1: found column 'open' twice, " + kHeaderAllowed},
        Defect{"ColumnMissing", "timestamp,open,high,low,close\n",
               "F.csv:1: found no column 'volume' in 'timestamp,open,high,low,close', " +
                   kHeaderAllowed},
        Defect{"TooManyColumns", std::string(40, ',') + "\n",
               "F.csv:1: found more than 32 columns, " + kHeaderAllowed},
        Defect{"TooFewFields", kGood + "2019-02-11T14:31:00Z,10,11,9,10\n",
               "F.csv:3: found 5 columns, allowed is 6 as in the header"},
        Defect{"TooManyFields", kGood + "2019-02-11T14:31:00Z,10,11,9,10,5,6\n",
               "F.csv:3: found 7 columns, allowed is 6 as in the header"},
        Defect{"CutShort", kGood + "2019-02-11T14:31:00Z,10,1",
               "F.csv:3: found 3 columns, allowed is 6 as in the header (the file has no line end "
               "here: it may be cut short)"},
        Defect{"EmptyLine", kGood + "\n2019-02-11T14:31:00Z,10,11,9,10,5\n",
               "F.csv:3: found an empty line, allowed is a row"},
        Defect{"LongLine", kGood + std::string(70'000, 'x') + "\n",
               "F.csv:3: found a longer line, allowed is at most 4096 bytes"},
        Defect{
            "NulByte", kGood + "2019-02-11T14:31:00Z,1\0,1,1,1,1\n"s,
            "F.csv:3: found a NUL byte in '2019-02-11T14:31:00Z,1\\x00,1,1,1,1', allowed is text"},
        Defect{"NegativePrice", kGood + "2019-02-11T14:31:00Z,-10,11,9,10,5\n",
               "F.csv:3: column open: found '-10', allowed is a decimal above zero"},
        Defect{"ZeroPrice", kGood + "2019-02-11T14:31:00Z,10,11,0.00,10,5\n",
               "F.csv:3: column low: found '0.00', allowed is a decimal above zero"},
        Defect{"PriceWithExponent", kGood + "2019-02-11T14:31:00Z,10,1e1,9,10,5\n",
               "F.csv:3: column high: found '1e1', allowed is a decimal above zero"},
        Defect{
            "HugePrice", kGood + "2019-02-11T14:31:00Z,10,11,9,99999999999,5\n",
            "F.csv:3: column close: found '99999999999', allowed is a decimal above zero, at most "
            "9223372036.854775807, with at most 9 decimals"},
        Defect{"PriceWithTooManyDecimals", kGood + "2019-02-11T14:31:00Z,10,11,9,10.1234567891,5\n",
               "F.csv:3: column close: found '10.1234567891', allowed is a decimal above zero, at "
               "most 9223372036.854775807, with at most 9 decimals"},
        Defect{"HugeVolume", kGood + "2019-02-11T14:31:00Z,10,11,9,10,99999999999999999999\n",
               "F.csv:3: column volume: found '99999999999999999999', allowed is a decimal of zero "
               "or more, at most 9223372036854.775807, with at most 6 decimals"},
        Defect{"EmptyPrice", kGood + "2019-02-11T14:31:00Z,,11,9,10,5\n",
               "F.csv:3: column open: found '', allowed is a decimal above zero"},
        Defect{"NegativeVolume", kGood + "2019-02-11T14:31:00Z,10,11,9,10,-5\n",
               "F.csv:3: column volume: found '-5', allowed is a decimal of zero or more"},
        Defect{"HighBelowOpen", kGood + "2019-02-11T14:31:00Z,10,9.5,9,9,5\n",
               "F.csv:3: column open,high,low,close: found high is below open or close, " +
                   kOrderAllowed},
        Defect{"HighBelowLow", kGood + "2019-02-11T14:31:00Z,10,10,11,10,5\n",
               "F.csv:3: column open,high,low,close: found low is above open or close, " +
                   kOrderAllowed},
        Defect{"TimeIsNone", kGood + "yesterday,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found 'yesterday', " + kTimeAllowed},
        Defect{"DateDoesNotExist", kGood + "2019-02-30T14:30:00Z,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found '2019-02-30T14:30:00Z', " + kTimeAllowed},
        Defect{"TimeWithoutZone", kGood + "2019-02-11T14:31:00,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found '2019-02-11T14:31:00', " + kTimeAllowed},
        Defect{"DateAmongMinutes", kGood + "2019-02-12,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found '2019-02-12', allowed is a time, as these are "
               "bars of 1 min"},
        Defect{"TimeStepsBack", kGood + "2019-02-11T14:29:00Z,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found '2019-02-11T14:29:00Z', allowed is a time after "
               "'2019-02-11T14:30:00Z'"},
        Defect{"DuplicateBar", kGood + "2019-02-11T14:30:00Z,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found a second bar of '2019-02-11T14:30:00Z', allowed "
               "is one bar for each time"},
        Defect{"OffTheGrid", kGood + "2019-02-11T14:31:30Z,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found '2019-02-11T14:31:30Z', allowed is the start of a "
               "bar of 1 min counted from the open at 2019-02-11T14:30:00Z"},
        Defect{"Weekend", kGood + "2019-02-16T14:30:00Z,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found 2019-02-16, on which the exchange is closed "
               "(weekend), allowed is a session of XNYS"},
        Defect{"Holiday", kGood + "2019-02-18T14:30:00Z,10,11,9,10,5\n",
               "F.csv:3: column timestamp: found 2019-02-18, on which the exchange is closed "
               "(Washington's Birthday), allowed is a session of XNYS"},
        Defect{"BeforeTheCalendar", with_header("1950-02-13T14:30:00Z,10,11,9,10,5\n"),
               "F.csv:2: column timestamp: found 1950-02-13, on which the exchange is closed "
               "(outside the calendar), allowed is a session of XNYS"},
        Defect{"GzipCutShort", gzipped(kGood).substr(0, 60),
               "F.csv:2: found gzip data that are cut short, allowed is a whole file"},
        Defect{"GzipDamaged",
               [] {
                 std::string packed = gzipped(kGood);
                 packed[packed.size() - 6] ^= 1;
                 return packed;
               }(),
               "F.csv:3: found damaged gzip data (incorrect data check), allowed is a whole file"},
        Defect{"GarbageAfterGzip", gzipped(kGood) + "x",
               "F.csv:3: found gzip data that are cut short, allowed is a whole file"}),
    name_of);

TEST(CsvBarReader, SaysTheSameErrorAgain) {
  const auto reader =
      CsvBarReader::over("F.csv", "timestamp,open,high,low,close,volume\nx\n", kBarCsv, {}).value();
  const auto first = reader->next();
  const auto second = reader->next();

  ASSERT_FALSE(first.has_value());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(first.error().message, second.error().message);
}

TEST(CsvBarReader, KeepsSayingThatItIsAtTheEnd) {
  const auto reader = CsvBarReader::over("F.csv", kGood, kBarCsv, {}).value();
  ASSERT_TRUE(reader->next().value().has_value());
  EXPECT_FALSE(reader->next().value().has_value());
  EXPECT_FALSE(reader->next().value().has_value());
  EXPECT_EQ(reader->counters().missing_bars, 389U);
}

TEST(CsvBarReader, AcceptsAFileOfAHeaderOnly) {
  const auto read = read_text(kHeader);
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.bars.empty());
  EXPECT_EQ(read.counters.missing_bars, 0U);
}

TEST(CsvBarReader, SkipsAndCountsRowsOutsideRegularHours) {
  // Friday after Thanksgiving closes at 13:00.
  const auto read =
      read_text(with_header("2019-11-29T14:29:00Z,1,1,1,1,1\n2019-11-29T14:30:00Z,1,1,1,1,1\n"
                            "2019-11-29T17:59:00Z,1,1,1,1,1\n2019-11-29T18:00:00Z,1,1,1,1,1\n"
                            "2019-11-30T00:59:00Z,1,1,1,1,1\n"));

  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.bars.size(), 2U);
  EXPECT_EQ(read.counters.bars, 2U);
  EXPECT_EQ(read.counters.skipped_outside_hours, 3U);
}

TEST(CsvBarReader, RefusesABadRowOutsideRegularHoursToo) {
  const auto read = read_text(with_header("2019-11-29T14:29:00Z,1,1,1,-1,1\n"));
  EXPECT_NE(read.error, "");
}

TEST(CsvBarReader, CountsMissingBarsAndSessions) {
  const auto read =
      read_text(with_header("2019-02-11T14:32:00Z,1,1,1,1,1\n2019-02-11T14:33:00Z,1,1,1,1,1\n"
                            "2019-02-11T14:36:00Z,1,1,1,1,1\n2019-02-11T20:59:00Z,1,1,1,1,1\n"
                            "2019-02-14T14:30:00Z,1,1,1,1,1\n"));

  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.counters.missing_sessions, 2U);
  EXPECT_EQ(read.counters.missing_bars, 2U + 2U + 382U + 389U);
  EXPECT_EQ(read.counters.gaps, 4U);
  ASSERT_EQ(read.gaps.size(), 4U);
  EXPECT_EQ(read.gaps[0], (BarGap{utc("2019-02-11T14:30:00Z"), utc("2019-02-11T14:32:00Z"), 2}));
  EXPECT_EQ(read.gaps[1], (BarGap{utc("2019-02-11T14:34:00Z"), utc("2019-02-11T14:36:00Z"), 2}));
}

TEST(CsvBarReader, KeepsOnlyTheFirstGaps) {
  const std::string text =
      with_header("2019-02-11T14:31:00Z,1,1,1,1,1\n2019-02-11T14:33:00Z,1,1,1,1,1\n");
  const auto reader = CsvBarReader::over("F.csv", text, kBarCsv, {.gaps_max = 1}).value();

  const auto read = read_all(*reader);

  EXPECT_EQ(read.gaps.size(), 1U);
  EXPECT_EQ(read.counters.gaps, 3U);
}

TEST(CsvBarReader, ClipsTheLastBarAtTheClose) {
  const auto read =
      read_text(with_header("2019-02-11T20:30:00Z,1,1,1,1,1\n"), kBarCsv, BarInterval::minutes(60));

  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.bars.at(0).end, utc("2019-02-11T21:00:00Z"));
}

TEST(CsvBarReader, ReadsDatesAsSessions) {
  const auto read = read_text(with_header("2019-11-27,1,1,1,1,1\n2019-11-29,1,1,1,1,1\n"), kBarCsv,
                              BarInterval::session());

  ASSERT_EQ(read.error, "");
  ASSERT_EQ(read.bars.size(), 2U);
  EXPECT_EQ(read.bars[0].start, utc("2019-11-27T14:30:00Z"));
  EXPECT_EQ(read.bars[0].end, utc("2019-11-27T21:00:00Z"));
  EXPECT_EQ(read.bars[1].end, utc("2019-11-29T18:00:00Z"));
  EXPECT_EQ(read.counters.missing_sessions, 0U);
}

TEST(CsvBarReader, RefusesASessionBarThatDoesNotStartAtTheOpen) {
  const auto read =
      read_text(with_header("2019-11-27T00:00:00Z,1,1,1,1,1\n"), kBarCsv, BarInterval::session());
  EXPECT_NE(read.error.find("allowed is the start of a bar of session"), std::string::npos)
      << read.error;
}

TEST(CsvBarReader, RefusesADateWithoutSession) {
  const auto read =
      read_text(with_header("2019-11-28,1,1,1,1,1\n"), kBarCsv, BarInterval::session());
  EXPECT_EQ(read.error,
            "F.csv:2: column timestamp: found 2019-11-28, on which the exchange is closed "
            "(Thanksgiving Day), allowed is a session of XNYS");
}

TEST(CsvMinute2019, ConvertsTheEndOfAMinuteInNewYorkToItsStart) {
  const auto read = read_text(with_minute_header("2019-02-11 09:30:00,1,1,1,1,1\n"
                                                 "2019-02-11 09:31:00,2,2,2,2,1\n"
                                                 "2019-02-11 16:00:00,3,3,3,3,1\n"
                                                 "2019-02-11 16:01:00,4,4,4,4,1\n"),
                              kMinute2019Csv);

  ASSERT_EQ(read.error, "");
  ASSERT_EQ(read.bars.size(), 2U);
  EXPECT_EQ(read.bars[0].start, utc("2019-02-11T14:30:00Z"));
  EXPECT_EQ(read.bars[0].open, price("2"));
  EXPECT_EQ(read.bars[1].start, utc("2019-02-11T20:59:00Z"));
  EXPECT_EQ(read.bars[1].end, utc("2019-02-11T21:00:00Z"));
  EXPECT_EQ(read.counters.skipped_outside_hours, 2U);
}

TEST(CsvMinute2019, FollowsTheClockChange) {
  // The Friday before and the Monday after 2019-03-10.
  const auto read = read_text(with_minute_header("2019-03-08 09:31:00,1,1,1,1,1\n"
                                                 "2019-03-11 09:31:00,1,1,1,1,1\n"),
                              kMinute2019Csv);

  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.bars.at(0).start, utc("2019-03-08T14:30:00Z"));
  EXPECT_EQ(read.bars.at(1).start, utc("2019-03-11T13:30:00Z"));
}

TEST(CsvMinute2019, NamesItsOwnColumnAndTimes) {
  const auto read =
      read_text(with_minute_header("2019-02-11T09:31:00,1,1,1,1,1\n"), kMinute2019Csv);
  EXPECT_EQ(read.error,
            "F.csv:2: column datetime: found '2019-02-11T09:31:00', allowed is a New York time "
            "like 2019-02-11 09:31:00, or a date like 2019-02-11");
}

TEST(CsvBarFolder, ReadsTheRecordedMinuteSet) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const auto folder = CsvBarFolder::open(shared_data("us-equity-minute-2019")).value();
  // Rows of each file by its README and `gzip -dc | wc -l`; five sessions of 390 minutes.
  const std::map<std::string, std::uint64_t> rows{
      {"AAPL", 1948}, {"AMZN", 1944}, {"BAC", 1950}, {"GLD", 1927}, {"JPM", 1950},
      {"MSFT", 1948}, {"PPLT", 566},  {"QQQ", 1948}, {"SLV", 1776}, {"SPY", 1950},
      {"TSLA", 1946}, {"TZA", 1783},  {"VIX", 1923}, {"VOO", 1934}, {"VXXB", 1949}};

  const auto symbols = folder.symbols().value();

  EXPECT_EQ(symbols.size(), rows.size());
  for (const core::Symbol& symbol : symbols) {
    const auto reader = folder.bars_of(symbol, {}).value();
    const auto read = read_all(*reader);
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.bars.size(), rows.at(symbol.str())) << symbol.view();
    EXPECT_EQ(read.counters.skipped_outside_hours, 0U);
    EXPECT_EQ(read.bars.size() + read.counters.missing_bars, 5U * 390U) << symbol.view();
  }
}

TEST(CsvBarFolder, ReadsItsOwnFilesAndSaysWhichOneIsMissing) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "SPY.csv") << kGood;
  std::ofstream(folder / "BRK.B.csv.gz", std::ios::binary) << gzipped(kGood);
  std::ofstream(folder / "README") << "text";
  const auto opened = CsvBarFolder::open(folder.path()).value();

  const auto symbols = opened.symbols().value();
  ASSERT_EQ(symbols.size(), 2U);
  EXPECT_EQ(symbols[0].view(), "BRK.B");
  for (const core::Symbol& symbol : symbols)
    EXPECT_EQ(read_all(*opened.bars_of(symbol, {}).value()).bars.size(), 1U);
  const auto missing = opened.bars_of(core::Symbol{"QQQ"}, {});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, core::Errc::NotFound);
  EXPECT_NE(missing.error().message.find("QQQ.csv"), std::string::npos);
}

TEST(CsvBarFolder, RefusesAFolderThatIsNotThere) {
  const auto opened = CsvBarFolder::open("no/such/folder");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().message,
            "no/such/folder: no such folder, allowed is a folder of bar files");
}

TEST(CsvBarReader, SaysThatAFileIsNotThereOrAFolder) {
  const auto missing = CsvBarReader::open("no/such/file.csv", kBarCsv, {});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, core::Errc::NotFound);

  const test::TemporaryFolder folder;
  const auto directory = CsvBarReader::open(folder.path(), kBarCsv, {});
  ASSERT_FALSE(directory.has_value());
  EXPECT_EQ(directory.error().code, core::Errc::Io);
}

TEST(CsvEquityDaily, ReadsTheWholeRecordedSet) {
  ST0CK_NEED_SHARED_DATA("us-equity-daily");
  std::uint64_t bars = 0;
  std::size_t whole = 0;
  for (const auto& file : std::filesystem::directory_iterator(shared_data("us-equity-daily"))) {
    if (file.path().filename().string().starts_with("_")) continue;
    const auto reader =
        CsvBarReader::open(file.path(), kEquityDailyCsv, {.interval = BarInterval::session()});
    ASSERT_TRUE(reader.has_value()) << reader.error().message;
    const auto read = read_all(**reader);
    ASSERT_EQ(read.error, "");
    EXPECT_EQ(read.counters.missing_sessions, 0U) << file.path();
    bars += read.counters.bars;
    whole += read.counters.bars == 1760 ? 1U : 0U;
  }

  // The figures of the data's README.
  EXPECT_EQ(bars, 452'761U);
  EXPECT_EQ(whole, 247U);
}

TEST(CsvEquityDaily, ReadsTheDailyFilesOfTheMinuteSet) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const auto reader = CsvBarReader::open(shared_data("us-equity-minute-2019/daily/SPY.csv.gz"),
                                         kMinute2019Csv, {.interval = BarInterval::session()});
  const auto read = read_all(**reader);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.bars.size(), 283U);
  EXPECT_EQ(read.bars.back().close, price("277.37"));
}

}  // namespace
}  // namespace st0ck::market
