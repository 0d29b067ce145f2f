#include "st0ck/core/logging.hpp"

#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <string>

namespace st0ck::core {
namespace {

using testing::HasSubstr;

class StillClock final : public Clock {
 public:
  Timestamp now() const override { return timestamp_from_ns(1'549'895'400'000'000'007); }
};

TEST(Logger, PassesOnTimeLevelCodeAndFields) {
  const StillClock clock;
  test::RecordingLogger log{clock};

  log.get().info("ENGINE_STATE", "the engine is ready", {{"symbol", Symbol{"SPY"}}, {"bars", 14}});

  ASSERT_EQ(log.entries().size(), 1U);
  EXPECT_EQ(log.entries()[0].level, LogLevel::Info);
  EXPECT_EQ(log.entries()[0].code, "ENGINE_STATE");
  EXPECT_EQ(log.entries()[0].json,
            R"({"time":"2019-02-11T14:30:00.000000007Z","level":"info","code":"ENGINE_STATE",)"
            R"("message":"the engine is ready","symbol":"SPY","bars":14})");
}

TEST(Logger, AddsItsContext) {
  test::RecordingLogger log;

  log.get().with({.bot = BotId{"a"}, .engine = EngineName{"st0cka"}}).info("X", "y");

  EXPECT_THAT(log.entries()[0].json, HasSubstr(R"("message":"y","bot":"a","engine":"st0cka"})"));
}

TEST(Logger, AsksNoClockAndNoSinkBelowTheLevel) {
  class Nothing final : public LogSink, public Clock {
   public:
    Nothing() : LogSink{LogLevel::Warning} {}
    void write(const LogRecord& /*record*/) override { ++written; }
    Timestamp now() const override {
      ++asked;
      return {};
    }
    int written = 0;
    mutable int asked = 0;
  };
  Nothing nothing;
  const Logger log{nothing, nothing};

  log.trace("T", "t");
  log.debug("D", "d");
  log.info("I", "i");
  EXPECT_EQ(nothing.asked, 0);

  log.warn("W", "w");
  log.error("E", "e");
  EXPECT_EQ(nothing.written, 2);
}

TEST(Logger, FollowsTheLevelOfItsSink) {
  NullLogSink sink;
  const StillClock clock;
  const Logger log{sink, clock};

  EXPECT_FALSE(log.enabled(LogLevel::Error));
  sink.set_level(LogLevel::Debug);
  EXPECT_TRUE(log.enabled(LogLevel::Debug));
  EXPECT_FALSE(log.enabled(LogLevel::Trace));
}

TEST(RecordingLogger, AcceptsExpectedWarning) {
  test::RecordingLogger log;
  log.expect("QUOTE_CROSSED");

  log.get().warn("QUOTE_CROSSED", "a quote was refused");

  EXPECT_EQ(log.count("QUOTE_CROSSED"), 1U);
}

TEST(RecordingLogger, FailsOnUnexpectedWarning) {
  EXPECT_NONFATAL_FAILURE(
      {
        test::RecordingLogger log;
        log.get().warn("QUOTE_CROSSED", "a quote was refused");
      },
      "unexpected log line");
}

TEST(RecordingLogger, FailsOnExpectedLineThatNeverCame) {
  EXPECT_NONFATAL_FAILURE(
      {
        test::RecordingLogger log;
        log.expect("QUOTE_CROSSED");
      },
      "never came: QUOTE_CROSSED");
}

}  // namespace
}  // namespace st0ck::core
