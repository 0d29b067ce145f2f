#include "st0ck/core/logging/log_format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include <chrono>
#include <limits>
#include <string>
#include <vector>

namespace st0ck::core {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;

const Timestamp kTime = timestamp_from_ns(1'549'895'400'123'000'000);

std::string json_line(std::string_view message, const std::vector<LogField>& fields = {},
                      const LogContext& context = {}) {
  return format_json_line({.time = kTime,
                           .level = LogLevel::Warning,
                           .code = "CODE",
                           .message = message,
                           .context = context,
                           .fields = fields});
}

std::string terminal_line(TerminalStyle style, std::string_view message,
                          const std::vector<LogField>& fields = {}) {
  const LogContext context;
  return format_terminal_line({.time = kTime,
                               .level = LogLevel::Warning,
                               .code = "CODE",
                               .message = message,
                               .context = context,
                               .fields = fields},
                              style);
}

TEST(LogFormat, SaysOnEveryLineThatRealMoneyIsTraded) {
  const LogContext context{.account = AccountId{"roth"}, .is_live = true};
  const LogRecord record{.time = kTime,
                         .level = LogLevel::Info,
                         .code = "CODE",
                         .message = "m",
                         .context = context,
                         .fields = {}};

  EXPECT_EQ(json::parse(format_json_line(record))["mode"], "live");
  EXPECT_THAT(format_terminal_line(record, TerminalStyle::Plain), HasSubstr(" INFO  LIVE CODE m"));
  EXPECT_FALSE(json::parse(json_line("m")).contains("mode"));
}

TEST(LogFormat, WritesEveryKindOfValue) {
  const auto line = json_line("m", {{"text", "a\"b\\c\n"},
                                    {"integer", -7},
                                    {"count", std::uint64_t{18'446'744'073'709'551'615U}},
                                    {"number", 0.1},
                                    {"none", std::numeric_limits<double>::quiet_NaN()},
                                    {"truth", true},
                                    {"price", Price::parse("10.5").value()},
                                    {"quantity", Quantity::whole(3)},
                                    {"money", Money::parse("-0.000000001").value()},
                                    {"order", OrderId{9}},
                                    {"at", timestamp_from_ns(1)},
                                    {"age", std::chrono::milliseconds{2}},
                                    {"date", Date{std::chrono::year{2019} / 2 / 11}}});

  EXPECT_EQ(line, R"({"time":"2019-02-11T14:30:00.123000000Z","level":"warning","code":"CODE",)"
                  R"("message":"m","text":"a\"b\\c\n","integer":-7,"count":18446744073709551615,)"
                  R"("number":0.1,"none":null,"truth":true,"price":"10.50","quantity":"3",)"
                  R"("money":"-0.000000001","order":9,"at":"1970-01-01T00:00:00.000000001Z",)"
                  R"("age_ns":2000000,"date":"2019-02-11"})"
                  "\n");
}

TEST(LogFormat, KeepsItsOwnWordsAndEachKeyOnce) {
  const auto line =
      json_line("m", {{"bot", "other"}, {"time", "now"}, {"x", 1}, {"x", 2}}, {.bot = BotId{"a"}});

  EXPECT_THAT(line, EndsWith("\"bot\":\"a\",\"field_time\":\"now\",\"x\":1}\n"));
}

TEST(LogFormat, ReplacesBytesThatAreNoText) {
  EXPECT_THAT(json_line("a\xff\xc3z\x01\x7f\xc2\x9b"),
              HasSubstr("\"a\xef\xbf\xbd\xef\xbf\xbdz\\u0001\\u007f\\u009b\""));
}

TEST(LogFormat, CutsLongText) {
  const auto line = json_line(std::string(kLogTextMax - 1, 'x') + "\xe2\x82\xac tail");

  EXPECT_THAT(line, HasSubstr(std::string(kLogTextMax - 1, 'x') + "...\""));
}

TEST(LogFormat, IsOneJsonObjectPerLineWhateverTheBytes) {
  EXPECT_TRUE(rc::check("any bytes", [](const std::string& message, const std::string& key,
                                        const std::string& value) {
    const auto line = json_line(message, {{key, value}});

    RC_ASSERT(line.find('\n') == line.size() - 1);
    const auto parsed = json::parse(line, nullptr, false);
    RC_ASSERT(parsed.is_object());
    RC_ASSERT(parsed.size() == 5U);
  }));
}

TEST(LogFormat, ShowsPeopleNewYorkTime) {
  EXPECT_EQ(terminal_line(TerminalStyle::Plain, "a quote was refused",
                          {{"symbol", "SPY"}, {"bid", Price::whole(10)}, {"why", "too old"}}),
            "2019-02-11 09:30:00.123 -05:00 WARN  CODE a quote was refused symbol=SPY bid=10.00 "
            "why=\"too old\"\n");
}

TEST(LogFormat, ColoursTheLevelOnTerminals) {
  EXPECT_EQ(terminal_line(TerminalStyle::Colour, "m"),
            "\x1b[90m2019-02-11 09:30:00.123 -05:00\x1b[0m \x1b[33mWARN \x1b[0m CODE m\n");
}

TEST(LogFormat, GivesSystemdThePriority) {
  EXPECT_EQ(terminal_line(TerminalStyle::Systemd, "m"), "<4>CODE m\n");
}

TEST(LogFormat, LetsNoTextSteerTheTerminal) {
  EXPECT_THAT(terminal_line(TerminalStyle::Plain, "a\x1b[31m\nb", {{"k", "\x1b]0;x\x07"}}),
              EndsWith("CODE a\\u001b[31m\\nb k=\"\\u001b]0;x\\u0007\"\n"));
}

}  // namespace
}  // namespace st0ck::core
