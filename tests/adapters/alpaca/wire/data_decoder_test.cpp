#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"

#include "adapters/alpaca/decoder_bench.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::alpaca::test {
namespace {

const core::Timestamp kTime = core::timestamp_from_ns(1'709'303'400'123'456'789);
const core::Timestamp kMinute = core::timestamp_from_ns(1'709'303'400'000'000'000);

core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
core::Volume volume(std::string_view text) { return core::Volume::parse(text).value(); }
market::SaleConditions letters(std::string_view text) { return market::SaleConditions{text}; }

class BothCodecs : public testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(DataDecoder, BothCodecs, testing::Values(Codec::Json, Codec::Msgpack));

TEST_P(BothCodecs, ReadsTradesAndQuotesOfStocks) {
  Bench bench;
  bench.hear(GetParam(), "stock_trade");
  bench.hear(GetParam(), "stock_quote");

  ASSERT_EQ(bench.heard.trades.size(), 1U);
  EXPECT_EQ(bench.heard.trades[0].first, 1U);
  EXPECT_EQ(bench.heard.trades[0].second, (TapeTrade{.time = kTime,
                                                     .price = price("189.1234"),
                                                     .size = volume("100"),
                                                     .conditions = letters("@I"),
                                                     .exchange = 'D',
                                                     .tape = 'C',
                                                     .id = 52983525029461}));
  ASSERT_EQ(bench.heard.quotes.size(), 1U);
  EXPECT_EQ(bench.heard.quotes[0].second, (TapeQuote{.time = kTime,
                                                     .bid = price("189.12"),
                                                     .ask = price("189.13"),
                                                     .bid_size = volume("300"),
                                                     .ask_size = volume("200"),
                                                     .conditions = letters("R"),
                                                     .bid_exchange = 'V',
                                                     .ask_exchange = 'Q',
                                                     .tape = 'C'}));
}

TEST_P(BothCodecs, ReadsTradesAndQuotesOfOptions) {
  Bench bench;
  bench.hear(GetParam(), "option_trade");
  bench.hear(GetParam(), "option_quote");

  ASSERT_EQ(bench.heard.trades.size(), 1U);
  EXPECT_EQ(bench.heard.trades[0].first, 3U);
  EXPECT_EQ(bench.heard.trades[0].second, (TapeTrade{.time = kTime,
                                                     .price = price("5.05"),
                                                     .size = volume("2"),
                                                     .conditions = letters("I"),
                                                     .exchange = 'N',
                                                     .id = std::nullopt}));
  ASSERT_EQ(bench.heard.quotes.size(), 1U);
  EXPECT_EQ(bench.heard.quotes[0].second.conditions, letters("A"));
  EXPECT_EQ(bench.heard.quotes[0].second.tape, ' ');
}

TEST_P(BothCodecs, ReadsBarsOfEachKind) {
  Bench bench;
  bench.hear(GetParam(), "minute_bar");
  bench.hear(GetParam(), "updated_bar");
  bench.hear(GetParam(), "daily_bar");

  ASSERT_EQ(bench.heard.bars.size(), 3U);
  EXPECT_EQ(bench.heard.bars[0].second.kind, TapeBarKind::Minute);
  EXPECT_EQ(bench.heard.bars[0].second.bar, (TapeBar{.start = kMinute,
                                                     .open = price("189.1"),
                                                     .high = price("189.5"),
                                                     .low = price("189.05"),
                                                     .close = price("189.2"),
                                                     .volume = volume("12345"),
                                                     .trade_count = 321,
                                                     .vwap = price("189.234567")}));
  EXPECT_EQ(bench.heard.bars[1].second.kind, TapeBarKind::Updated);
  EXPECT_EQ(bench.heard.bars[2].second.kind, TapeBarKind::Daily);
  EXPECT_EQ(bench.heard.bars[2].second.bar.volume, volume("52345678.5"));
}

TEST_P(BothCodecs, ReadsStatusBandsCorrectionAndCancel) {
  Bench bench;
  for (const auto* name : {"status", "luld", "correction", "cancel"}) bench.hear(GetParam(), name);

  ASSERT_EQ(bench.heard.statuses.size(), 1U);
  EXPECT_EQ(bench.heard.statuses[0].second.status_code.view(), "H");
  EXPECT_EQ(bench.heard.statuses[0].second.reason_code.view(), "T12");
  EXPECT_EQ(bench.heard.statuses[0].second.status_message, "Trading Halt");
  ASSERT_EQ(bench.heard.bands.size(), 1U);
  EXPECT_EQ(bench.heard.bands[0].second, (TapeBands{.time = kTime,
                                                    .up = price("198.58"),
                                                    .down = price("179.68"),
                                                    .indicator = 'B',
                                                    .tape = 'C'}));
  ASSERT_EQ(bench.heard.corrections.size(), 1U);
  EXPECT_EQ(bench.heard.corrections[0].second.original, (TapePrint{.id = 52983525033527,
                                                                   .price = price("39.1582"),
                                                                   .size = volume("440000"),
                                                                   .conditions = letters(" 7")}));
  EXPECT_EQ(bench.heard.corrections[0].second.corrected.price, price("39.1809"));
  ASSERT_EQ(bench.heard.cancels.size(), 1U);
  EXPECT_EQ(bench.heard.cancels[0].second.action, 'C');
  EXPECT_EQ(bench.heard.cancels[0].second.id, 465U);
}

TEST_P(BothCodecs, ReadsControlMessages) {
  Bench bench;
  for (const auto* name : {"connected", "authenticated", "error", "subscription"})
    bench.hear(GetParam(), name);

  EXPECT_EQ(bench.heard.successes, (std::vector<std::string>{"connected", "authenticated"}));
  ASSERT_EQ(bench.heard.errors.size(), 1U);
  EXPECT_EQ(bench.heard.errors[0].first, 402U);
  EXPECT_EQ(bench.heard.errors[0].second, "auth failed");
  ASSERT_EQ(bench.heard.subscriptions.size(), 1U);
  Channels expected;
  expected.trades = {"AAPL"};
  expected.quotes = {"AAPL", "MSFT"};
  expected.bars = {"*"};
  expected.statuses = {"*"};
  expected.corrections = {"AAPL"};
  expected.cancel_errors = {"AAPL"};
  EXPECT_EQ(bench.heard.subscriptions[0], expected);
}

TEST_P(BothCodecs, PassesOverUnknownTypesAndSymbolsAndCountsThem) {
  Bench bench;
  bench.hear(GetParam(), "mixed");

  EXPECT_EQ(bench.heard.trades.size(), 1U);
  EXPECT_EQ(bench.heard.quotes.size(), 1U);
  EXPECT_EQ(bench.decoder.counters().unknown_types, 2U);
  EXPECT_EQ(bench.decoder.counters().unknown_symbols, 1U);
  EXPECT_EQ(bench.decoder.counters().messages, 2U);
}

TEST_P(BothCodecs, RefusesAFrameThatIsCutOffAnywhere) {
  for (const auto* name : {"mixed", "subscription", "correction"}) {
    const auto frame = GetParam() == Codec::Json ? golden(name) : golden_msgpack(name);
    const auto end = frame.find_last_not_of("\n") + 1;
    for (std::size_t size = 0; size < end; ++size) {
      Bench bench;

      EXPECT_EQ(bench.decode(GetParam(), std::string_view{frame}.substr(0, size)),
                FrameResult::Broken)
          << name << " cut to " << size;
      EXPECT_EQ(bench.decoder.counters().frames_broken, 1U);
    }
  }
}

TEST_P(BothCodecs, RefusesAFrameThatIsTooLarge) {
  SymbolMap symbols = some_symbols();
  RecordingListener heard;
  DataDecoder decoder{symbols, heard, {.frame_bytes_max = 20}};
  const auto frame =
      GetParam() == Codec::Json ? golden("stock_trade") : golden_msgpack("stock_trade");

  const auto result =
      GetParam() == Codec::Json ? decoder.decode_json(frame) : decoder.decode_msgpack(frame);

  EXPECT_EQ(result, FrameResult::TooLarge);
  EXPECT_EQ(heard.count(), 0U);
}

TEST_P(BothCodecs, AllocatesNothingPerMessageOnceWarm) {
  struct Silent final : DataListener {
    void on_trade(core::InstrumentId, const TapeTrade&) override { ++count; }
    void on_quote(core::InstrumentId, const TapeQuote&) override { ++count; }
    void on_bar(core::InstrumentId, TapeBarKind, const TapeBar&) override { ++count; }
    void on_status(core::InstrumentId, const TapeStatus&) override {}
    void on_bands(core::InstrumentId, const TapeBands&) override {}
    void on_correction(core::InstrumentId, const TapeCorrection&) override {}
    void on_cancel(core::InstrumentId, const TapeCancel&) override {}
    void on_success(std::string_view) override {}
    void on_error(std::uint32_t, std::string_view) override {}
    void on_subscription(const Channels&) override {}
    void on_refused(const RefusedMessage&) override {}
    std::size_t count = 0;
  };
  SymbolMap symbols = some_symbols();
  Silent listener;
  DataDecoder decoder{symbols, listener};
  std::vector<std::string> frames;
  for (const auto* name : {"stock_trade", "stock_quote", "minute_bar", "mixed"})
    frames.push_back(GetParam() == Codec::Json ? golden(name) : golden_msgpack(name));
  const auto decode_all = [&] {
    for (const auto& frame : frames)
      GetParam() == Codec::Json ? decoder.decode_json(frame) : decoder.decode_msgpack(frame);
  };
  decode_all();

  const auto before = st0ck::test::allocations_of_this_thread();
  for (int i = 0; i < 100; ++i) decode_all();
  const auto after = st0ck::test::allocations_of_this_thread();

  EXPECT_EQ(after - before, 0U);
  EXPECT_EQ(listener.count, 505U);
}

TEST(DataDecoder, GivesOutABarWithoutAnAverageThatDoesNotFit) {
  Bench bench;

  bench.decoder.decode_json(
      R"([{"T":"b","S":"AAPL","o":1,"h":1,"l":1,"c":1,"v":1,"vw":1.00000000001,)"
      R"("t":"2024-03-01T14:30:00Z"}])");

  ASSERT_EQ(bench.heard.bars.size(), 1U);
  EXPECT_FALSE(bench.heard.bars[0].second.bar.vwap);
  EXPECT_EQ(bench.decoder.counters().vwaps_dropped, 1U);
}

TEST(DataDecoder, FindsFieldsInAnyOrderAndBehindEscapes) {
  Bench bench;

  bench.decoder.decode_json(
      R"( [ { "new": {"T":"x"}, "t" : "2024-03-01T14:30:00Z" , "s":1 , "p":1 ,)"
      R"( "S":"AA\u0050L", "T":"t", "note":"a \"b\"" } ] )");

  EXPECT_EQ(bench.heard.trades.size(), 1U);
}

TEST(DataDecoder, DoesNotKeepListsFromTheSubscriptionBefore) {
  Bench bench;

  bench.decoder.decode_json(R"([{"T":"subscription","trades":["AAPL"]}])");
  bench.decoder.decode_json(R"([{"T":"subscription","quotes":["MSFT"]}])");
  bench.decoder.decode_json(R"([{"T":"subscription"}])");

  ASSERT_EQ(bench.heard.subscriptions.size(), 3U);
  EXPECT_TRUE(bench.heard.subscriptions[1].trades.empty());
  EXPECT_EQ(bench.heard.subscriptions[2], Channels{});
}

}  // namespace
}  // namespace st0ck::alpaca::test
