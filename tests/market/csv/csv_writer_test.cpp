#include "st0ck/market/csv/csv_writer.hpp"

#include "st0ck/core/time_text.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "st0ck/market/csv/csv_tick_reader.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace st0ck::market {
namespace {

namespace fs = std::filesystem;

core::Timestamp utc(std::string_view text) { return core::parse_timestamp(text).value(); }
core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
core::Volume volume(std::string_view text) { return core::Volume::parse(text).value(); }

std::string text_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

Bar a_bar() {
  Bar bar;
  bar.start = utc("2019-02-11T14:30:00Z");
  bar.end = utc("2019-02-11T14:31:00Z");
  bar.open = price("10.01");
  bar.high = price("10.5");
  bar.low = price("9.000000001");
  bar.close = price("10");
  bar.volume = volume("1234.5");
  bar.vwap = price("10.123");
  return bar;
}

TEST(CsvWriter, WritesRowsThatPeopleCanRead) {
  std::string text;
  append_csv(text, a_bar(), BarColumns::Basic);
  append_csv(text, a_bar(), BarColumns::WithVwapAndTrades);

  EXPECT_EQ(text,
            "2019-02-11T14:30:00Z,10.01,10.50,9.000000001,10.00,1234.5\n"
            "2019-02-11T14:30:00Z,10.01,10.50,9.000000001,10.00,1234.5,10.123,\n");
  EXPECT_EQ(bar_csv_header(BarColumns::Basic), "timestamp,open,high,low,close,volume\n");
  EXPECT_EQ(bar_csv_header(BarColumns::WithVwapAndTrades),
            "timestamp,open,high,low,close,volume,vwap,trades\n");
}

TEST(CsvWriter, WritesBarsThatTheReaderReadsBack) {
  const test::TemporaryFolder folder;
  for (const auto* name : {"B.csv", "B.csv.gz"}) {
    std::string text = bar_csv_header(BarColumns::WithVwapAndTrades);
    append_csv(text, a_bar(), BarColumns::WithVwapAndTrades);
    const auto file = CsvFile::create(folder / name).value();
    ASSERT_TRUE(file->write(text).has_value());
    ASSERT_TRUE(file->commit().has_value());

    const auto reader = CsvBarReader::open(folder / name, kBarCsv, {}).value();
    const auto bar = reader->next().value();

    ASSERT_TRUE(bar.has_value());
    EXPECT_EQ(bar->start, a_bar().start);
    EXPECT_EQ(bar->low, a_bar().low);
    EXPECT_EQ(bar->volume, a_bar().volume);
    EXPECT_EQ(bar->vwap, a_bar().vwap);
    EXPECT_EQ(text_of(folder / name) == text, std::string{name} == "B.csv");
  }
}

TEST(CsvWriter, WritesTicksThatTheReadersReadBack) {
  Quote quote{.instrument = {},
              .time = utc("2019-02-11T14:30:00.123456789Z"),
              .bid = price("10.01"),
              .ask = price("10.02"),
              .bid_size = volume("100"),
              .ask_size = volume("200"),
              .derived_fresh_until = {}};
  Trade trade{.instrument = {},
              .time = utc("2019-02-11T14:30:00.5Z"),
              .price = price("10.01"),
              .size = volume("0.25"),
              .conditions = SaleConditions{"@ I"},
              .exchange = 'D'};
  std::string quotes = quote_csv_header();
  std::string trades = trade_csv_header();
  append_csv(quotes, quote);
  append_csv(trades, trade);
  trade.exchange = ' ';
  append_csv(trades, trade);

  const auto quote_back = CsvQuoteReader::over("Q", quotes, {}).value()->next().value();
  const auto trade_reader = CsvTradeReader::over("T", trades, {}).value();
  const auto trade_back = trade_reader->next().value();
  const auto second_back = trade_reader->next().value();

  EXPECT_EQ(quote_back->time, quote.time);
  EXPECT_EQ(quote_back->ask, quote.ask);
  EXPECT_EQ(quote_back->bid_size, quote.bid_size);
  EXPECT_EQ(trade_back->time, trade.time);
  EXPECT_EQ(trade_back->size, trade.size);
  EXPECT_EQ(trade_back->conditions, trade.conditions);
  EXPECT_EQ(trade_back->exchange, 'D');
  EXPECT_EQ(second_back->exchange, ' ');
}

TEST(CsvFile, AppearsOnlyWhenComplete) {
  const test::TemporaryFolder folder;
  {
    const auto file = CsvFile::create(folder / "A.csv").value();
    ASSERT_TRUE(file->write("half").has_value());
    EXPECT_FALSE(fs::exists(folder / "A.csv"));
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(CsvFile, RefusesAFolderThatIsNotThere) {
  const test::TemporaryFolder folder;
  const auto file = CsvFile::create(folder / "no/A.csv");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, core::Errc::Io);
  EXPECT_NE(file.error().message.find("A.csv: cannot be written: No such file"), std::string::npos);
}

TEST(CsvFile, SaysThatTheDiskIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "SKIPPED: no /dev/full on this system";
  const test::TemporaryFolder folder;
  // The file is first written under this name.
  fs::create_symlink("/dev/full", folder / "A.csv.partial");
  const auto file = CsvFile::create(folder / "A.csv").value();

  core::Status written = file->write(std::string(1 << 20, 'x'));
  if (written) written = file->commit();

  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, core::Errc::NoSpace) << written.error().message;
  EXPECT_FALSE(fs::exists(folder / "A.csv"));
}

}  // namespace
}  // namespace st0ck::market
