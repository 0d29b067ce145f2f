#include "adapters/alpaca/decoder_bench.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace st0ck::alpaca::test {
namespace {

core::Price price(std::string_view text) { return core::Price::parse(text).value(); }
core::Volume volume(std::string_view text) { return core::Volume::parse(text).value(); }

TEST(DataDecoder, ReadsEveryFormOfATimestampInMsgpack) {
  struct Form {
    std::string_view hex;
    std::int64_t ns;
  };
  const Form forms[] = {
      {"d6ff65e1e668", 1'709'303'400'000'000'000},
      {"d7ff1d6f345465e1e668", 1'709'303'400'123'456'789},
      {"c70cff075bcd150000000065e1e668", 1'709'303'400'123'456'789},
      {"c70cff075bcd15ffffffffffffffff", -876'543'211},
      {"b4323032342d30332d30315431343a33303a30305a", 1'709'303'400'000'000'000},
  };
  for (const auto& form : forms) {
    Bench bench;
    // [{"T":"t","S":"AAPL","p":1,"s":1,"t":...}]
    const auto frame =
        bytes_of_hex("9185a154a174a153a44141504ca17001a17301a174" + std::string{form.hex});

    EXPECT_EQ(bench.decoder.decode_msgpack(frame), FrameResult::Ok) << form.hex;
    ASSERT_EQ(bench.heard.trades.size(), 1U) << form.hex;
    EXPECT_EQ(core::to_ns(bench.heard.trades[0].second.time), form.ns) << form.hex;
  }
}

TEST(DataDecoder, RefusesMsgpackThatIsMalformed) {
  for (const std::string_view hex : {
           "c1",                            // Begins nothing.
           "91",                            // An element is missing.
           "dd7fffffff",                    // Far more elements than bytes.
           "df7fffffff",                    // Far more fields than bytes.
           "db7fffffff41",                  // A longer text than there is.
           "9181a154",                      // A value is missing.
           "91810101",                      // A key that is no text.
           "9090",                          // Something behind the end.
           "80",                            // No array.
           "9181a174d7ffffffffffffffffff",  // More than a second of nanoseconds.
           "9181a174c70cff00000000"
           "7fffffffffffffff",                        // A time beyond what we keep.
           "9181a174c705ff0000000000",                // A timestamp of five bytes.
           "91919191919191919191919191919191919190",  // Nested too deep.
       }) {
    Bench bench;

    EXPECT_EQ(bench.decoder.decode_msgpack(bytes_of_hex(hex)), FrameResult::Broken) << hex;
  }
}

TEST(DataDecoder, ReadsAMsgpackFloatByItsShortestDecimal) {
  Bench bench;
  // p is the float of 32 bits 10.01, s one of 64 bits, 0.1.
  const auto frame = bytes_of_hex(
      "9185a154a174a153a44141504ca170ca412028f6a173cb3fb999999999999aa174d6ff65e1e668");

  ASSERT_EQ(bench.decoder.decode_msgpack(frame), FrameResult::Ok);
  ASSERT_EQ(bench.heard.trades.size(), 1U);
  EXPECT_EQ(bench.heard.trades[0].second.price, price("10.01"));
  EXPECT_EQ(bench.heard.trades[0].second.size, volume("0.1"));
}

}  // namespace
}  // namespace st0ck::alpaca::test
