#include "st0ck/market/session_schedule.hpp"

#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace st0ck::market {
namespace {

using testing::ElementsAre;

core::Timestamp utc(std::string_view text) { return core::parse_timestamp(text).value(); }

SessionPhase phase_of(std::string_view date, Phase phase) {
  return {phase, core::ExchangeCalendar::xnys().session_on(core::parse_date(date).value()).value()};
}

struct Heard final : EventSink {
  void on_quote(const Quote&) override {}
  void on_trade(const Trade&) override {}
  void on_bar(const Bar&) override {}
  void on_session_phase(const SessionPhase& phase) override {
    phases.push_back(
        fmt::format("{} {}", name_of(phase.phase), core::format_date(phase.session.date)));
  }
  void on_provider_status(const ProviderStatus&) override {}
  std::vector<std::string> phases;
};

/// The phases told up to `until`, with the time that each was due at.
std::vector<std::string> phases_until(SessionSchedule schedule, std::string_view until) {
  Heard heard;
  std::vector<std::string> all;
  while (schedule.next_time() && *schedule.next_time() <= utc(until)) {
    const std::string due = core::format_utc(*schedule.next_time());
    EXPECT_TRUE(schedule.step(heard));
    all.push_back(heard.phases.back() + " " + due.substr(0, 16));
  }
  return all;
}

SessionSchedule schedule_from(std::string_view now, std::optional<SessionPhase> last = {}) {
  return {core::ExchangeCalendar::xnys(), utc(now), last};
}

TEST(SessionSchedule, TellsTheSessionsOverAWeekendAndAnEarlyClose) {
  EXPECT_THAT(
      phases_until(schedule_from("2025-11-27T12:00:00Z"), "2025-12-01T14:30:00Z"),
      ElementsAre("prepare 2025-11-28 2025-11-28T14:20", "open 2025-11-28 2025-11-28T14:30",
                  "close 2025-11-28 2025-11-28T18:00", "prepare 2025-12-01 2025-12-01T14:20",
                  "open 2025-12-01 2025-12-01T14:30"));
}

TEST(SessionSchedule, TellsAtOnceWhatASessionHasHadSoFar) {
  auto schedule = schedule_from("2025-11-26T16:00:00Z");

  EXPECT_LE(*schedule.next_time(), utc("2025-11-26T16:00:00Z"));
  EXPECT_THAT(
      phases_until(schedule, "2025-11-26T16:00:00Z"),
      ElementsAre("prepare 2025-11-26 2025-11-26T14:20", "open 2025-11-26 2025-11-26T14:30"));
}

TEST(SessionSchedule, BeginsWithTheNextSessionOnceTheDaysIsOver) {
  EXPECT_EQ(*schedule_from("2025-11-26T21:00:00Z").next_time(), utc("2025-11-28T14:20:00Z"));
}

TEST(SessionSchedule, GoesOnAfterWhatAnEarlierProcessTold) {
  EXPECT_THAT(
      phases_until(schedule_from("2025-11-26T16:00:00Z", phase_of("2025-11-26", Phase::Open)),
                   "2025-11-26T21:00:00Z"),
      ElementsAre("close 2025-11-26 2025-11-26T21:00"));
  EXPECT_EQ(
      *schedule_from("2025-11-26T21:00:00Z", phase_of("2025-11-26", Phase::Close)).next_time(),
      utc("2025-11-28T14:20:00Z"));
}

TEST(SessionSchedule, TellsAMissedCloseLateAndSkipsSessionsThatNobodySaw) {
  EXPECT_THAT(
      phases_until(schedule_from("2025-12-02T22:00:00Z", phase_of("2025-11-26", Phase::Open)),
                   "2025-12-03T14:20:00Z"),
      ElementsAre("close 2025-11-26 2025-11-26T21:00", "prepare 2025-12-03 2025-12-03T14:20"));
  EXPECT_THAT(
      phases_until(schedule_from("2025-12-02T22:00:00Z", phase_of("2025-11-26", Phase::Prepare)),
                   "2025-11-26T21:00:00Z"),
      ElementsAre("close 2025-11-26 2025-11-26T21:00"));
}

}  // namespace
}  // namespace st0ck::market
