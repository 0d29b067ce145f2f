#include "integration/bar_file.hpp"
#include "integration/run_content.hpp"
#include "support/gzip.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace st0ck::test {
namespace {

using testing::HasSubstr;

constexpr std::size_t kLine = 200;
constexpr int kMinute = 198;  ///< Line 2 holds minute 0.

struct BadRow {
  std::string name;
  std::string row;
  std::string message;  ///< After the file's name.
};

void PrintTo(const BadRow& bad, std::ostream* out) { *out << bad.name; }

std::string with_prices(const std::string& prices) {
  return BarFile::stamp(kMinute) + "," + prices;
}

const std::vector<BadRow> kBadRows{
    {"MissingColumns", with_prices("100.00,100.20"),
     ":200: found 3 columns, allowed is 6 as in the header"},
    {"ExtraColumn", with_prices("100.00,100.20,99.80,100.00,1000,7"),
     ":200: found 7 columns, allowed is 6 as in the header"},
    {"EmptyLine", "", ":200: found an empty line, allowed is a row"},
    {"Letters", with_prices("1o0.00,100.20,99.80,100.00,1000"),
     ":200: column open: found '1o0.00', allowed is a decimal above zero"},
    {"NegativePrice", with_prices("100.00,100.20,-99.80,100.00,1000"),
     ":200: column low: found '-99.80', allowed is a decimal above zero"},
    {"ZeroPrice", with_prices("100.00,100.20,99.80,0,1000"),
     ":200: column close: found '0', allowed is a decimal above zero"},
    {"NegativeVolume", with_prices("100.00,100.20,99.80,100.00,-1"),
     ":200: column volume: found '-1', allowed is a decimal of zero or more"},
    {"HighBelowLow", with_prices("100.00,99.80,100.20,100.00,1000"),
     "allowed is low <= open and close <= high"},
    {"DuplicateBar", BarFile::row(kMinute - 1),
     ":200: column timestamp: found a second bar of '2019-02-11T17:47:00Z', allowed is one bar "
     "for each time"},
    {"TimeBackwards", BarFile::row(kMinute - 60),
     ":200: column timestamp: found '2019-02-11T16:48:00Z', allowed is a time after "
     "'2019-02-11T17:47:00Z'"},
    {"TimeInsideAMinute", "2019-02-11T17:48:30Z,100.00,100.20,99.80,100.00,1000",
     "allowed is the start of a bar of"},
    {"Saturday", "2019-02-16T17:48:00Z,100.00,100.20,99.80,100.00,1000",
     ":200: column timestamp: found 2019-02-16, on which the exchange is closed (weekend), "
     "allowed is a session of XNYS"},
    {"ImpossibleDate", "2019-02-30T17:48:00Z,100.00,100.20,99.80,100.00,1000",
     ":200: column timestamp: found '2019-02-30T17:48:00Z', allowed is a UTC time"},
    {"NulByte", with_prices(std::string{"100.00,100.2\0,99.80,100.00,1000", 31}),
     ":200: found a NUL byte in '2019-02-11T17:48:00Z,"},
};

class BadRowTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadRowTest, StopsTheRunWhichGoesOnWhenTheFileIsRepaired) {
  const TemporaryFolder folder;
  const auto file = folder / "bars" / "SPY.csv";
  write_bytes(file, BarFile{}.text());
  const auto command = DaemonCommand::recorded_in(folder / "bars");
  const RunContent whole = RunInFolder{command, folder / "whole"}.finish();
  const RunInFolder run{command, folder / "state"};

  write_bytes(file, BarFile{}.with(kLine, GetParam().row).text());
  const auto outcome = run.command().run();

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("st0ckd: " + file.string() + ":200: "));
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
  EXPECT_FALSE(std::filesystem::exists(run.summary()));

  write_bytes(file, BarFile{}.text());
  EXPECT_EQ(difference(whole, run.finish()), "");
}

INSTANTIATE_TEST_SUITE_P(BadRows, BadRowTest, testing::ValuesIn(kBadRows),
                         [](const auto& instance) { return instance.param.name; });

/// A file as a whole that is no good.
class BadFile : public testing::Test {
 protected:
  ProcessOutcome outcome_with(const std::string& name, std::string_view bytes) const {
    write_bytes(bars() / name, bytes);
    return DaemonCommand::recorded_in(bars()).on(folder_ / "state").run();
  }

  std::filesystem::path bars() const { return folder_ / "bars"; }

  TemporaryFolder folder_;
};

TEST_F(BadFile, CutShortInARowSaysSo) {
  const std::string text = BarFile{}.text();

  const auto outcome = outcome_with("SPY.csv", text.substr(0, text.size() - 20));

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("SPY.csv:391: found "));
  EXPECT_THAT(outcome.err, HasSubstr("it may be cut short"));
}

TEST_F(BadFile, CutShortGzipSaysSo) {
  const std::string packed = gzipped(BarFile{}.text());

  const auto outcome = outcome_with("SPY.csv.gz", packed.substr(0, packed.size() - 8));

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err,
              HasSubstr("found gzip data that are cut short, allowed is a whole file"));
}

TEST_F(BadFile, DamagedGzipSaysSo) {
  std::string packed = gzipped(BarFile{}.text());
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);

  const auto outcome = outcome_with("SPY.csv.gz", packed);

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("SPY.csv.gz:"));
}

TEST_F(BadFile, EmptyNamesTheHeaderItShouldHave) {
  const auto outcome = outcome_with("SPY.csv", "");

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("SPY.csv:1: found an empty file, allowed is the header of "
                                     "st0ck bars: timestamp,open,high,low,close,volume"));
}

TEST_F(BadFile, WithoutHeaderNamesTheHeaderItShouldHave) {
  const auto outcome = outcome_with("SPY.csv", BarFile{}.without(1).text());

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("SPY.csv:1: found column '2019-02-11T14:30:00Z', allowed is "
                                     "the header of st0ck bars"));
}

TEST_F(BadFile, FullOfNulBytesIsRefused) {
  const auto outcome = outcome_with("SPY.csv", std::string(100'000, '\0'));

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("SPY.csv:1: found "));
}

TEST_F(BadFile, OfAnotherSymbolDoesNotStandIn) {
  const auto outcome = outcome_with("SPX.csv", BarFile{}.text());

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("st0ckd: " + bars().string() +
                                     ": no file for the symbol SPY, allowed are SPY.csv and "
                                     "SPY.csv.gz"));
}

TEST_F(BadFile, InPlaceOfTheFolderIsRefused) {
  write_bytes(folder_ / "file", "");

  const auto outcome = DaemonCommand::recorded_in(folder_ / "file").on(folder_ / "state").run();

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("no such folder, allowed is a folder of bar files"));
}

TEST_F(BadFile, WithoutAMinuteIsPlayedAndTheGapCounted) {
  const auto outcome =
      outcome_with("SPY.csv", BarFile{}.without(300).without(300).without(100).text());

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("WARN  BARS_MISSING"));
  EXPECT_THAT(outcome.err, HasSubstr("bars=3 gaps=2 sessions=0"));
}

TEST_F(BadFile, WithoutARowOfThePeriodIsRefused) {
  const auto outcome = outcome_with("SPY.csv", "timestamp,open,high,low,close,volume\n");

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("no bar from 2019-02-11 to 2019-02-11"));
}

// Played as minutes, the close of a longer bar would be known before the bar is over.
TEST_F(BadFile, OfFiveMinuteBarsIsRefused) {
  std::string text = "timestamp,open,high,low,close,volume\n";
  for (int minute = 30; minute < 60; minute += 5)
    text += fmt::format("2019-02-11T14:{}:00Z,10,11,9,10,100\n", minute);
  for (int minute = 0; minute < 60; minute += 5)
    text += fmt::format("2019-02-11T15:{:02}:00Z,10,11,9,10,100\n", minute);

  const auto outcome = outcome_with("SPY.csv", text);

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err,
              HasSubstr("the bars of SPY are 5 min apart, allowed are bars of one minute"));
}

TEST_F(BadFile, OfDailyBarsIsRefused) {
  std::string text = "timestamp,open,high,low,close,volume\n";
  for (int day = 11; day <= 15; ++day)
    text += fmt::format("2019-02-{}T14:30:00Z,10,11,9,10,100\n", day);

  const auto outcome = outcome_with("SPY.csv", text);

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("the bars of SPY are one a session"));
}

TEST_F(BadFile, WithWindowsLineEndsIsPlayed) {
  std::string text;
  for (const char c : BarFile{}.text()) text += c == '\n' ? std::string{"\r\n"} : std::string{c};

  const auto outcome = outcome_with("SPY.csv", text);

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_THAT(outcome.out, HasSubstr(" 2 fills, 1 trades"));
}

struct BadDates {
  std::string name;
  std::string from;
  std::string to;
  std::string message;
};

void PrintTo(const BadDates& bad, std::ostream* out) { *out << bad.name; }

const std::vector<BadDates> kBadDates{
    {"Reversed", "2019-02-15", "2019-02-11",
     "market.to: found '2019-02-11'; allowed: a date not before market.from"},
    {"Weekend", "2019-02-16", "2019-02-17",
     "market.from: found '2019-02-16'; allowed: a period with a session of the exchange"},
    {"Holiday", "2019-02-18", "2019-02-18",
     "market.from: found '2019-02-18'; allowed: a period with a session of the exchange"},
    {"Impossible", "2019-02-30", "2019-03-01", "market.from: found '2019-02-30'; allowed: "},
};

class BadDatesTest : public testing::TestWithParam<BadDates> {};

TEST_P(BadDatesTest, AreRefusedBeforeAnythingIsPlayed) {
  const TemporaryFolder folder;
  write_bytes(folder / "bars" / "SPY.csv", BarFile{}.text());

  const auto outcome = DaemonCommand::recorded_in(folder / "bars")
                           .with("market.from", GetParam().from)
                           .with("market.to", GetParam().to)
                           .on(folder / "state")
                           .run();

  EXPECT_EQ(outcome.exit_code, 2) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
  EXPECT_TRUE(files_in(folder / "state" / "journal").empty());
}

INSTANTIATE_TEST_SUITE_P(BadDates, BadDatesTest, testing::ValuesIn(kBadDates),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace st0ck::test
