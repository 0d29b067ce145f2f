#include "st0ck/market/csv/csv_tick_reader.hpp"

#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace st0ck::market {
namespace {

const std::string kQuotes = "timestamp,bid,bid_size,ask,ask_size\n";
const std::string kTrades = "timestamp,price,size,conditions,exchange\n";

core::Timestamp utc(std::string_view text) { return core::parse_timestamp(text).value(); }

template <typename Tick>
struct Read {
  std::vector<Tick> ticks = {};
  std::string error = {};
  std::uint64_t skipped = 0;
};

template <typename Tick>
Read<Tick> read_text(const std::string& text, CsvTickSettings settings = {}) {
  Read<Tick> read;
  const auto reader = CsvTickReader<Tick>::over("F.csv", text, settings);
  if (!reader) {
    read.error = reader.error().message;
    return read;
  }
  for (;;) {
    const auto tick = (*reader)->next();
    if (!tick) read.error = tick.error().message;
    if (!tick || !*tick) break;
    read.ticks.push_back(**tick);
  }
  read.skipped = (*reader)->counters().skipped_outside_hours;
  return read;
}

TEST(CsvQuoteReader, ReadsQuotesAtEqualTimes) {
  const auto read = read_text<Quote>(kQuotes +
                                         "2019-02-11T14:30:00.000000001Z,10.01,100,10.02,200\n"
                                         "2019-02-11T14:30:00.000000001Z,10.02,0,10.02,1.5\n",
                                     {.instrument = core::InstrumentId{3}});

  ASSERT_EQ(read.error, "");
  ASSERT_EQ(read.ticks.size(), 2U);
  const Quote& quote = read.ticks[0];
  EXPECT_EQ(quote.instrument, core::InstrumentId{3});
  EXPECT_EQ(quote.time, utc("2019-02-11T14:30:00.000000001Z"));
  EXPECT_EQ(quote.bid.to_string(), "10.01");
  EXPECT_EQ(quote.ask.to_string(), "10.02");
  EXPECT_EQ(quote.bid_size.to_string(), "100");
  EXPECT_EQ(read.ticks[1].ask_size.to_string(), "1.5");
  EXPECT_FALSE(quote.is_derived());
}

TEST(CsvTradeReader, ReadsTradesWithAndWithoutVenue) {
  const auto read = read_text<Trade>(kTrades +
                                     "2019-02-11T14:30:00Z,10.01,100,@F I,D\n"
                                     "2019-02-11T14:30:01Z,10.02,1,,\n");

  ASSERT_EQ(read.error, "");
  ASSERT_EQ(read.ticks.size(), 2U);
  EXPECT_EQ(read.ticks[0].conditions.view(), "@F I");
  EXPECT_EQ(read.ticks[0].exchange, 'D');
  EXPECT_TRUE(read.ticks[1].conditions.empty());
  EXPECT_EQ(read.ticks[1].exchange, ' ');
}

TEST(CsvTradeReader, SkipsOrKeepsExtendedHours) {
  const std::string text = kTrades +
                           "2019-02-11T14:29:59.999Z,10,1,,\n2019-02-11T14:30:00Z,10,1,,\n"
                           "2019-02-11T21:00:00Z,10,1,,\n2019-02-12T00:59:59Z,10,1,,\n";

  const auto regular = read_text<Trade>(text);
  const auto all = read_text<Trade>(text, {.keep_extended_hours = true});

  EXPECT_EQ(regular.error, "");
  EXPECT_EQ(regular.ticks.size(), 1U);
  EXPECT_EQ(regular.skipped, 3U);
  EXPECT_EQ(all.ticks.size(), 4U);
  EXPECT_EQ(all.skipped, 0U);
}

struct Defect {
  std::string name;
  std::string rows;
  std::string message;
};

void PrintTo(const Defect& defect, std::ostream* stream) { *stream << defect.name; }
std::string name_of(const testing::TestParamInfo<Defect>& info) { return info.param.name; }

class CsvQuoteDefect : public testing::TestWithParam<Defect> {};
class CsvTradeDefect : public testing::TestWithParam<Defect> {};

TEST_P(CsvQuoteDefect, IsOneMessageWithItsPlace) {
  EXPECT_EQ(read_text<Quote>(kQuotes + GetParam().rows).error, GetParam().message);
}

TEST_P(CsvTradeDefect, IsOneMessageWithItsPlace) {
  EXPECT_EQ(read_text<Trade>(kTrades + GetParam().rows).error, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Each, CsvQuoteDefect,
    testing::Values(
        Defect{"Crossed", "2019-02-11T14:30:00Z,10.02,1,10.01,1\n",
               "F.csv:2: column bid,ask: found CROSSED: ask 10.01 below bid 10.02, allowed is bid "
               "<= ask"},
        Defect{"MissingSide", "2019-02-11T14:30:00Z,0,0,10.01,1\n",
               "F.csv:2: column bid: found '0', allowed is a decimal above zero"},
        Defect{"NegativeSize", "2019-02-11T14:30:00Z,10,1,10.01,-1\n",
               "F.csv:2: column ask_size: found '-1', allowed is a decimal of zero or more"},
        Defect{"TimeStepsBack",
               "2019-02-11T14:30:01Z,10,1,10.01,1\n2019-02-11T14:30:00Z,10,1,10.01,1\n",
               "F.csv:3: column timestamp: found '2019-02-11T14:30:00Z', allowed is "
               "2019-02-11T14:30:01Z, the row before, or later"},
        Defect{"DateOnly", "2019-02-11,10,1,10.01,1\n",
               "F.csv:2: column timestamp: found '2019-02-11', allowed is a UTC time like "
               "2019-02-11T14:30:00Z, or epoch nanoseconds"},
        Defect{"Holiday", "2019-12-25T15:00:00Z,10,1,10.01,1\n",
               "F.csv:2: column timestamp: found 2019-12-25, on which the exchange is closed "
               "(Christmas Day), allowed is a session of XNYS"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Each, CsvTradeDefect,
    testing::Values(
        Defect{"ZeroPrice", "2019-02-11T14:30:00Z,0,1,,\n",
               "F.csv:2: column price: found '0', allowed is a decimal above zero"},
        Defect{"ZeroSize", "2019-02-11T14:30:00Z,10,0,,\n",
               "F.csv:2: column size: found '0', allowed is a decimal above zero"},
        Defect{"LongConditions", "2019-02-11T14:30:00Z,10,1,ABCDEFGHI,\n",
               "F.csv:2: column conditions: found 'ABCDEFGHI', allowed is up to 8 letters"},
        Defect{"ControlCharacter", "2019-02-11T14:30:00Z,10,1,A\t,\n",
               "F.csv:2: column conditions: found 'A\\x09', allowed is up to 8 letters"},
        Defect{"LongExchange", "2019-02-11T14:30:00Z,10,1,,NYSE\n",
               "F.csv:2: column exchange: found 'NYSE', allowed is one letter, or nothing"}),
    name_of);

}  // namespace
}  // namespace st0ck::market
