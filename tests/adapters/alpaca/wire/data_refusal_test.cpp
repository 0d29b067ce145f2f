#include "adapters/alpaca/decoder_bench.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace st0ck::alpaca::test {
namespace {

constexpr std::string_view kGoodQuote =
    R"({"T":"q","S":"MSFT","bp":1,"bs":1,"ap":2,"as":1,"t":"2024-03-01T14:30:00Z"})";

struct BrokenMessage {
  std::string_view text;
  std::string_view field;
  Refusal refusal;
};

TEST(DataDecoder, RefusesABrokenMessageAloneAndSaysWhy) {
  const BrokenMessage cases[] = {
      {R"({"S":"AAPL","p":1})", "T", Refusal::MissingField},
      {R"({"T":5,"S":"AAPL"})", "T", Refusal::WrongType},
      {R"(17)", "", Refusal::NotAnObject},
      {R"("text")", "", Refusal::NotAnObject},
      {R"({"T":"t","p":1,"s":1,"t":"2024-03-01T14:30:00Z"})", "S", Refusal::MissingField},
      {R"({"T":"t","S":"","p":1,"s":1,"t":"2024-03-01T14:30:00Z"})", "S", Refusal::MissingField},
      {R"({"T":"t","S":7,"p":1,"s":1,"t":"2024-03-01T14:30:00Z"})", "S", Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","s":1,"t":"2024-03-01T14:30:00Z"})", "p", Refusal::MissingField},
      {R"({"T":"t","S":"AAPL","p":null,"s":1,"t":"2024-03-01T14:30:00Z"})", "p",
       Refusal::MissingField},
      {R"({"T":"t","S":"AAPL","p":1,"t":"2024-03-01T14:30:00Z"})", "s", Refusal::MissingField},
      {R"({"T":"t","S":"AAPL","p":1,"s":1})", "t", Refusal::MissingField},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"t":"yesterday"})", "t", Refusal::BadTime},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"t":12})", "t", Refusal::BadTime},
      {R"({"T":"t","S":"AAPL","p":true,"s":1,"t":"2024-03-01T14:30:00Z"})", "p",
       Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":[1],"s":1,"t":"2024-03-01T14:30:00Z"})", "p", Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":{"a":1},"s":1,"t":"2024-03-01T14:30:00Z"})", "p",
       Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":"x","s":1,"t":"2024-03-01T14:30:00Z"})", "p",
       Refusal::NotANumber},
      {R"({"T":"t","S":"AAPL","p":1.0000000001,"s":1,"t":"2024-03-01T14:30:00Z"})", "p",
       Refusal::TooManyDecimals},
      {R"({"T":"t","S":"AAPL","p":1e10,"s":1,"t":"2024-03-01T14:30:00Z"})", "p", Refusal::TooLarge},
      {R"({"T":"t","S":"AAPL","p":1,"s":0.0000001,"t":"2024-03-01T14:30:00Z"})", "s",
       Refusal::TooManyDecimals},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"x":"NYSE","t":"2024-03-01T14:30:00Z"})", "x",
       Refusal::TooLong},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"x":4,"t":"2024-03-01T14:30:00Z"})", "x",
       Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"c":["AB"],"t":"2024-03-01T14:30:00Z"})", "c",
       Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"c":[["A"]],"t":"2024-03-01T14:30:00Z"})", "c",
       Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"c":["1","2","3","4","5","6","7","8","9"],)"
       R"("t":"2024-03-01T14:30:00Z"})",
       "c", Refusal::TooLong},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"c":"123456789","t":"2024-03-01T14:30:00Z"})", "c",
       Refusal::TooLong},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"c":4,"t":"2024-03-01T14:30:00Z"})", "c",
       Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"i":-1,"t":"2024-03-01T14:30:00Z"})", "i",
       Refusal::WrongType},
      {R"({"T":"t","S":"AAPL","p":1,"s":1,"i":99999999999999999999,"t":"2024-03-01T14:30:00Z"})",
       "i", Refusal::TooLarge},
      {R"({"T":"q","S":"AAPL","bs":1,"ap":2,"as":1,"t":"2024-03-01T14:30:00Z"})", "bp",
       Refusal::MissingField},
      {R"({"T":"q","S":"AAPL","bp":1,"ap":2,"as":1,"t":"2024-03-01T14:30:00Z"})", "bs",
       Refusal::MissingField},
      {R"({"T":"q","S":"AAPL","bp":1,"bs":1,"as":1,"t":"2024-03-01T14:30:00Z"})", "ap",
       Refusal::MissingField},
      {R"({"T":"q","S":"AAPL","bp":1,"bs":1,"ap":2,"t":"2024-03-01T14:30:00Z"})", "as",
       Refusal::MissingField},
      {R"({"T":"q","S":"AAPL","bp":1,"bs":1,"ap":2,"as":1})", "t", Refusal::MissingField},
      {R"({"T":"b","S":"AAPL","h":1,"l":1,"c":1,"v":1,"t":"2024-03-01T14:30:00Z"})", "o",
       Refusal::MissingField},
      {R"({"T":"b","S":"AAPL","o":1,"l":1,"c":1,"v":1,"t":"2024-03-01T14:30:00Z"})", "h",
       Refusal::MissingField},
      {R"({"T":"u","S":"AAPL","o":1,"h":1,"c":1,"v":1,"t":"2024-03-01T14:30:00Z"})", "l",
       Refusal::MissingField},
      {R"({"T":"d","S":"AAPL","o":1,"h":1,"l":1,"v":1,"t":"2024-03-01T14:30:00Z"})", "c",
       Refusal::MissingField},
      {R"({"T":"b","S":"AAPL","o":1,"h":1,"l":1,"c":1,"t":"2024-03-01T14:30:00Z"})", "v",
       Refusal::MissingField},
      {R"({"T":"b","S":"AAPL","o":1,"h":1,"l":1,"c":1,"v":1})", "t", Refusal::MissingField},
      {R"({"T":"b","S":"AAPL","o":1,"h":1,"l":1,"c":1,"v":1,"n":4294967296,)"
       R"("t":"2024-03-01T14:30:00Z"})",
       "n", Refusal::TooLarge},
      {R"({"T":"b","S":"AAPL","o":1,"h":1,"l":1,"c":1,"v":1,"vw":"x",)"
       R"("t":"2024-03-01T14:30:00Z"})",
       "vw", Refusal::NotANumber},
      {R"({"T":"s","S":"AAPL","t":"2024-03-01T14:30:00Z"})", "sc", Refusal::MissingField},
      {R"({"T":"l","S":"AAPL","d":1,"t":"2024-03-01T14:30:00Z"})", "u", Refusal::MissingField},
      {R"({"T":"l","S":"AAPL","u":1,"t":"2024-03-01T14:30:00Z"})", "d", Refusal::MissingField},
      {R"({"T":"c","S":"AAPL","t":"2024-03-01T14:30:00Z"})", "oi", Refusal::MissingField},
      {R"({"T":"x","S":"AAPL","t":"2024-03-01T14:30:00Z"})", "i", Refusal::MissingField},
      {R"({"T":"success"})", "msg", Refusal::MissingField},
      {R"({"T":"error","msg":"what"})", "code", Refusal::MissingField},
      {R"({"T":"error","code":4294967296})", "code", Refusal::TooLarge},
      {R"({"T":"subscription","trades":[1]})", "", Refusal::WrongType},
      {R"({"T":"subscription","trades":"AAPL"})", "", Refusal::WrongType},
  };
  for (const auto& it : cases) {
    Bench bench;
    const std::string frame = "[" + std::string{it.text} + "," + std::string{kGoodQuote} + "]";

    EXPECT_EQ(bench.decoder.decode_json(frame), FrameResult::Ok) << it.text;

    ASSERT_EQ(bench.heard.refused.size(), 1U) << it.text;
    EXPECT_EQ(bench.heard.refused[0].field, it.field) << it.text;
    EXPECT_EQ(bench.heard.refused[0].refusal, it.refusal)
        << it.text << " " << name_of(bench.heard.refused[0].refusal);
    EXPECT_EQ(bench.heard.count(), 1U) << "the good quote is lost behind " << it.text;
    EXPECT_EQ(bench.decoder.counters().refused[static_cast<std::size_t>(it.refusal)], 1U);
  }
}

TEST(DataDecoder, RefusesWhatIsNoArrayOfMessages) {
  for (const std::string_view frame :
       {"", " ", "{}", "17", "[", "]", "[{}", "[{]", "[{\"T\"}]", "[{\"T\":}]", "[{\"T\":\"t\",}]",
        "[{\"T\":nul}]", "[{\"T\":\"t\" \"S\":1}]", "[1] 2", "[{\"T\":\"\x01\"}]", "[\"\xff\"]"}) {
    Bench bench;

    EXPECT_EQ(bench.decoder.decode_json(frame), FrameResult::Broken) << frame;
  }
}

}  // namespace
}  // namespace st0ck::alpaca::test
