#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"

#include "adapters/alpaca/golden.hpp"
#include "adapters/alpaca/recording_listener.hpp"
#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <string>

namespace st0ck::alpaca::test {
namespace {

using rc::gen::inRange;

core::Timestamp some_time() {
  return core::timestamp_from_ns(*inRange<std::int64_t>(0, 4'000'000'000'000'000'000));
}
/// Up to fifteen significant digits: what a float keeps.
core::Price some_price() {
  return core::Price::from_raw(*inRange<std::int64_t>(0, 10'000'000'000) * 100'000);
}
core::Volume some_volume() {
  return core::Volume::from_raw(*inRange<std::int64_t>(0, 1'000'000'000'000));
}
char some_letter() { return *rc::gen::element(' ', 'A', 'Q', 'z'); }
market::SaleConditions some_conditions() {
  return market::SaleConditions{*rc::gen::element<std::string>("", "@", "@I", "12345678", " 7")};
}
std::uint64_t some_id() { return *rc::gen::arbitrary<std::uint64_t>(); }

TapePrint some_print() { return {some_id(), some_price(), some_volume(), some_conditions()}; }

void decode(Codec codec, std::string_view frame, RecordingListener& heard) {
  const SymbolMap symbols = some_symbols();
  DataDecoder decoder{symbols, heard};
  const auto result =
      codec == Codec::Json ? decoder.decode_json(frame) : decoder.decode_msgpack(frame);
  RC_ASSERT(result == FrameResult::Ok);
  RC_ASSERT(heard.refused.empty());
}

class EncoderCodecs : public testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(DataFrame, EncoderCodecs, testing::Values(Codec::Json, Codec::Msgpack));

TEST_P(EncoderCodecs, WritesWhatTheDecoderReadsEqual) {
  const Codec codec = GetParam();
  EXPECT_TRUE(rc::check([codec] {
    DataFrame frame{codec};
    const TapeTrade trade{some_time(),   some_price(),  some_volume(), some_conditions(),
                          some_letter(), some_letter(), some_id()};
    const TapeQuote quote{some_time(),   some_price(),  some_price(),
                          some_volume(), some_volume(), some_conditions(),
                          some_letter(), some_letter(), some_letter()};
    const TapeBar bar{some_time(),  some_price(),  some_price(), some_price(),
                      some_price(), some_volume(), 17,           some_price()};
    const TapeStatus status{some_time(),        core::Code{"H"},   core::Code{"T1"},
                            "Trading \"Halt\"", "n\\o\n\x01 news", some_letter()};
    const TapeBands bands{some_time(), some_price(), some_price(), some_letter(), some_letter()};
    const TapeCorrection correction{some_time(), some_print(), some_print(), some_letter(),
                                    some_letter()};
    const TapeCancel cancel{some_time(),   some_id(),     some_price(), some_volume(),
                            some_letter(), some_letter(), some_letter()};
    frame.add("AAPL", trade);
    frame.add("AAPL", quote);
    frame.add("MSFT", TapeBarKind::Minute, bar);
    frame.add("MSFT", TapeBarKind::Updated, bar);
    frame.add("MSFT", TapeBarKind::Daily, bar);
    frame.add("AAPL", status);
    frame.add("AAPL", bands);
    frame.add("AAPL", correction);
    frame.add("AAPL", cancel);
    RC_ASSERT(frame.size() == 9U);

    RecordingListener heard;
    decode(codec, frame.take(), heard);

    RC_ASSERT(heard.trades.at(0).second == trade);
    RC_ASSERT(heard.quotes.at(0).second == quote);
    RC_ASSERT(heard.bars.size() == 3U);
    RC_ASSERT(heard.bars[0].second == (RecordingListener::Bar{TapeBarKind::Minute, bar}));
    RC_ASSERT(heard.bars[1].second == (RecordingListener::Bar{TapeBarKind::Updated, bar}));
    RC_ASSERT(heard.bars[2].second == (RecordingListener::Bar{TapeBarKind::Daily, bar}));
    RC_ASSERT(heard.statuses.at(0).second == status);
    RC_ASSERT(heard.bands.at(0).second == bands);
    RC_ASSERT(heard.corrections.at(0).second == correction);
    RC_ASSERT(heard.cancels.at(0).second == cancel);
    RC_ASSERT(frame.size() == 0U);
  }));
}

TEST_P(EncoderCodecs, WritesManyMessagesAndNone) {
  DataFrame frame{GetParam(), TapeProduct::Option};
  for (int i = 0; i < 1'000; ++i) frame.add("AAPL240621C00190000", TapeTrade{});
  RecordingListener heard;
  decode(GetParam(), frame.take(), heard);
  decode(GetParam(), frame.take(), heard);

  EXPECT_EQ(heard.trades.size(), 1'000U);
}

TEST_P(EncoderCodecs, WritesControlMessagesThatTheDecoderReads) {
  const DataFrame frame{GetParam()};
  Channels channels;
  for (int i = 0; i < 40; ++i) channels.quotes.push_back("S" + std::to_string(i));
  channels.news = {"*"};
  RecordingListener heard;
  decode(GetParam(), frame.success("connected"), heard);
  decode(GetParam(), frame.error(406), heard);
  decode(GetParam(), frame.subscription(channels), heard);

  EXPECT_EQ(heard.successes, std::vector<std::string>{"connected"});
  EXPECT_EQ(heard.errors.at(0).first, 406U);
  EXPECT_EQ(heard.errors.at(0).second, "connection limit exceeded");
  EXPECT_EQ(heard.subscriptions.at(0), channels);
}

TEST(DataFrame, TellsEveryListThatOldClientsLookFor) {
  const auto frame = DataFrame{Codec::Json}.subscription({});

  EXPECT_EQ(frame,
            R"([{"T":"subscription","trades":[],"quotes":[],"bars":[],"updatedBars":[],)"
            R"("dailyBars":[],"statuses":[],"lulds":[],"corrections":[],"cancelErrors":[]}])");
}

TEST(DataFrame, KnowsAMessageForEachErrorCode) {
  for (std::uint32_t code = 400; code <= 413; ++code)
    EXPECT_FALSE(data_error_message(code).empty()) << code;
  EXPECT_EQ(data_error_message(500), "internal error");
  EXPECT_EQ(data_error_message(999), "");
}

class RequestCodecs : public testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(DataRequest, RequestCodecs, testing::Values(Codec::Json, Codec::Msgpack));

std::string golden_request(Codec codec, const std::string& name) {
  return codec == Codec::Json ? golden(name) : golden_msgpack(name);
}

TEST_P(RequestCodecs, ReadsWhatClientsSay) {
  DataRequestReader reader;
  const auto auth = reader.read(golden_request(GetParam(), "client_auth"));
  const auto subscribe = reader.read(golden_request(GetParam(), "client_subscribe"));
  const auto unsubscribe = reader.read(golden_request(GetParam(), "client_unsubscribe"));

  ASSERT_TRUE(auth) << auth.error().message;
  EXPECT_EQ(std::get<DataAuth>(*auth), (DataAuth{"PKTEST", "SECRET"}));
  ASSERT_TRUE(subscribe) << subscribe.error().message;
  const auto& channels = std::get<Subscribe>(*subscribe).channels;
  EXPECT_EQ(channels.quotes, (std::vector<std::string>{"AAPL", "MSFT"}));
  EXPECT_EQ(channels.bars, std::vector<std::string>{"*"});
  EXPECT_EQ(channels.updated_bars, std::vector<std::string>{"A"});
  EXPECT_EQ(channels.daily_bars, std::vector<std::string>{"B"});
  EXPECT_EQ(channels.statuses, std::vector<std::string>{"C"});
  EXPECT_EQ(channels.lulds, std::vector<std::string>{"D"});
  EXPECT_EQ(channels.imbalances, std::vector<std::string>{"E"});
  EXPECT_EQ(channels.news, std::vector<std::string>{"F"});
  EXPECT_EQ(channels.orderbooks, std::vector<std::string>{"G"});
  ASSERT_TRUE(unsubscribe) << unsubscribe.error().message;
  EXPECT_EQ(std::get<Unsubscribe>(*unsubscribe).channels.quotes, std::vector<std::string>{"MSFT"});
}

TEST_P(RequestCodecs, ReadsWhatItWrites) {
  DataRequestReader reader;
  Channels channels;
  channels.trades = {"AAPL"};
  channels.orderbooks = {"*"};
  for (const DataRequest& request :
       {DataRequest{DataAuth{"k\"ey", "s"}}, DataRequest{Subscribe{channels}},
        DataRequest{Unsubscribe{channels}}}) {
    const auto read = reader.read(to_frame(GetParam(), request));

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, request);
  }
}

TEST_P(RequestCodecs, RefusesARequestThatIsCutOffAnywhere) {
  const auto frame = golden_request(GetParam(), "client_subscribe");
  DataRequestReader reader;
  for (std::size_t size = 0; size < frame.find_last_not_of("\n") + 1; ++size)
    EXPECT_FALSE(reader.read(std::string_view{frame}.substr(0, size))) << size;
}

TEST(DataRequest, RefusesWhatIsNoRequest) {
  DataRequestReader reader{1'000};
  for (const std::string_view frame :
       {"{}", "[]", R"({"action":"dance"})", R"({"action":"auth"})",
        R"({"action":"auth","key":1,"secret":"s"})", R"({"action":"subscribe","trades":"AAPL"})",
        R"({"action":"subscribe","trades":[1]})", R"({"action":)"})
    EXPECT_FALSE(reader.read(frame)) << frame;
  EXPECT_FALSE(reader.read(R"({"action":"subscribe","x":")" + std::string(1'000, 'x') + "\"}"));
}

}  // namespace
}  // namespace st0ck::alpaca::test
