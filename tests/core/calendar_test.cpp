#include "st0ck/core/calendar.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

namespace st0ck::core {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;

const ExchangeCalendar kCalendar = ExchangeCalendar::xnys();

Date date_of(std::string_view text) { return parse_date(text).value(); }
Timestamp utc(std::string_view text) { return parse_timestamp(text).value(); }
Session session_of(std::string_view text) { return kCalendar.session_on(date_of(text)).value(); }

Duration close_in_new_york(const Session& session) {
  return to_new_york(session.close).time_of_day;
}

/// The folder of recorded data; beside the source unless ST0CK_SHARED names another.
std::string shared_path(const std::string& file) {
  const char* shared = std::getenv("ST0CK_SHARED");
  return std::string{shared == nullptr ? "../shared" : shared} + "/data/us-calendar/" + file;
}

/// The unpacked text of a gzip file; empty when it cannot be opened.
std::string gzip_text(const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  std::string text;
  std::array<char, 65536> block{};
  for (int count = 0; (count = gzread(file, block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(count));
  gzclose(file);
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

TEST(Calendar, EqualsTheRecordedSessionsRowForRow) {
  const auto recorded = lines_of(gzip_text(shared_path("xnys_sessions.csv.gz")));
  if (recorded.empty())
    GTEST_SKIP() << "SKIPPED: no " << shared_path("xnys_sessions.csv.gz")
                 << " (set ST0CK_SHARED to the folder that holds data/)";
  std::set<std::string> years;
  for (std::size_t i = 1; i < recorded.size(); ++i) years.insert(recorded[i].substr(0, 4));

  std::vector<std::string> ours{"session,open_utc,close_utc"};
  for (const std::string& year : years) {
    const auto csv = sessions_csv(kCalendar, date_of(year + "-01-01"), date_of(year + "-12-31"));
    const auto rows = lines_of(csv.value());
    ours.insert(ours.end(), rows.begin() + 1, rows.end());
  }

  ASSERT_EQ(ours.size(), recorded.size());
  for (std::size_t i = 0; i < ours.size(); ++i) ASSERT_EQ(ours[i], recorded[i]) << "row " << i;
}

struct Closure {
  std::string_view date;
  std::string_view reason;
};

TEST(Calendar, KnowsTheSpecialClosures) {
  const Closure closures[] = {
      {"1994-04-27", "funeral of President Nixon"},
      {"2001-09-11", "attacks of September 11"},
      {"2001-09-12", "attacks of September 11"},
      {"2001-09-13", "attacks of September 11"},
      {"2001-09-14", "attacks of September 11"},
      {"2004-06-11", "day of mourning for President Reagan"},
      {"2007-01-02", "day of mourning for President Ford"},
      {"2012-10-29", "Hurricane Sandy"},
      {"2012-10-30", "Hurricane Sandy"},
      {"2018-12-05", "day of mourning for President George H. W. Bush"},
      {"2025-01-09", "day of mourning for President Carter"},
  };
  for (const Closure& closure : closures) {
    EXPECT_FALSE(kCalendar.is_session(date_of(closure.date))) << closure.date;
    EXPECT_EQ(kCalendar.closure_reason(date_of(closure.date)), closure.reason);
  }
  for (const auto* open : {"1994-04-26", "2001-09-10", "2001-09-17", "2012-10-31", "2025-01-08"})
    EXPECT_TRUE(kCalendar.is_session(date_of(open))) << open;
}

/// The closed weekdays of years that the recorded calendar leaves out, as the exchange announced
/// them (https://www.nyse.com/markets/hours-calendars).
struct Year {
  std::string_view year;
  std::vector<std::string_view> closed;
  std::vector<std::string_view> early;
};

const Year kAnnouncedYears[] = {
    {"2005", {"01-17", "02-21", "03-25", "05-30", "07-04", "09-05", "11-24", "12-26"}, {"11-25"}},
    {"2009",
     {"01-01", "01-19", "02-16", "04-10", "05-25", "07-03", "09-07", "11-26", "12-25"},
     {"11-27", "12-24"}},
    {"2013",
     {"01-01", "01-21", "02-18", "03-29", "05-27", "07-04", "09-02", "11-28", "12-25"},
     {"07-03", "11-29", "12-24"}},
    {"2014",
     {"01-01", "01-20", "02-17", "04-18", "05-26", "07-04", "09-01", "11-27", "12-25"},
     {"07-03", "11-28", "12-24"}},
    {"2015",
     {"01-01", "01-19", "02-16", "04-03", "05-25", "07-03", "09-07", "11-26", "12-25"},
     {"11-27", "12-24"}},
    {"2020",
     {"01-01", "01-20", "02-17", "04-10", "05-25", "07-03", "09-07", "11-26", "12-25"},
     {"11-27", "12-24"}},
    {"2021",
     {"01-01", "01-18", "02-15", "04-02", "05-31", "07-05", "09-06", "11-25", "12-24"},
     {"11-26"}},
    {"2023",
     {"01-02", "01-16", "02-20", "04-07", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"},
     {"07-03", "11-24"}},
    {"2025",
     {"01-01", "01-09", "01-20", "02-17", "04-18", "05-26", "06-19", "07-04", "09-01", "11-27",
      "12-25"},
     {"07-03", "11-28", "12-24"}},
    {"2027",
     {"01-01", "01-18", "02-15", "03-26", "05-31", "06-18", "07-05", "09-06", "11-25", "12-24"},
     {"11-26"}},
    {"2028",
     {"01-17", "02-21", "04-14", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"},
     {"07-03", "11-24"}},
};

TEST(Calendar, ClosesOnTheAnnouncedDaysOfYearsThatTheRecordLeavesOut) {
  for (const Year& expected : kAnnouncedYears) {
    const sys_days first{date_of(std::string{expected.year} + "-01-01")};
    const sys_days last{date_of(std::string{expected.year} + "-12-31")};
    std::vector<std::string> closed;
    std::vector<std::string> early;
    for (sys_days day = first; day <= last; day += days{1}) {
      const auto reason = kCalendar.closure_reason(Date{day});
      const auto session = kCalendar.session_on(Date{day});
      const std::string name = format_date(Date{day}).substr(5);
      EXPECT_EQ(session.has_value(), reason.empty()) << name;
      if (!session && reason != "weekend") closed.push_back(name);
      if (!session || !session->is_early_close()) continue;
      early.push_back(name);
      EXPECT_EQ(close_in_new_york(*session), 13h) << expected.year << "-" << name;
      EXPECT_FALSE(kCalendar.early_close_reason(Date{day}).empty());
    }
    EXPECT_TRUE(std::ranges::equal(closed, expected.closed))
        << expected.year << ": " << fmt::format("{}", fmt::join(closed, " "));
    EXPECT_TRUE(std::ranges::equal(early, expected.early))
        << expected.year << ": " << fmt::format("{}", fmt::join(early, " "));
  }
}

TEST(Calendar, KeepsJuneteenthSince2022) {
  EXPECT_TRUE(kCalendar.is_session(date_of("2020-06-19")));
  EXPECT_TRUE(kCalendar.is_session(date_of("2021-06-18")));
  for (const auto* closed : {"2022-06-20", "2023-06-19", "2024-06-19", "2027-06-18", "2033-06-20"})
    EXPECT_EQ(kCalendar.closure_reason(date_of(closed)), "Juneteenth") << closed;
}

TEST(Calendar, KeepsMartinLutherKingDaySince1998) {
  EXPECT_TRUE(kCalendar.is_session(date_of("1997-01-20")));
  EXPECT_EQ(kCalendar.closure_reason(date_of("1998-01-19")), "Martin Luther King Jr. Day");
}

TEST(Calendar, TradesOnTheFridayBeforeASaturdayNewYear) {
  for (const auto* friday :
       {"1993-12-31", "1999-12-31", "2004-12-31", "2010-12-31", "2021-12-31", "2027-12-31"})
    EXPECT_TRUE(kCalendar.is_session(date_of(friday))) << friday;
  EXPECT_EQ(kCalendar.closure_reason(date_of("2022-01-01")), "weekend");
  EXPECT_TRUE(kCalendar.is_session(date_of("2022-01-03")));
}

TEST(Calendar, KeepsASundayNewYearOnMonday) {
  for (const auto* monday : {"1995-01-02", "2006-01-02", "2023-01-02", "2034-01-02"})
    EXPECT_EQ(kCalendar.closure_reason(date_of(monday)), "New Year's Day") << monday;
}

struct Close {
  std::string_view date;
  Duration time;
  std::string_view reason;
};

TEST(Calendar, ClosesEarlyByTheRulesOfEachTime) {
  const Close closes[] = {
      {"1990-12-24", 14h, "Christmas Eve"},
      {"1991-11-29", 16h, ""},
      {"1992-11-27", 14h, "day after Thanksgiving"},
      {"1993-11-26", 13h, "day after Thanksgiving"},
      {"1990-07-03", 16h, ""},
      {"1995-07-03", 13h, "beside Independence Day"},
      {"1996-07-03", 16h, ""},
      {"1996-07-05", 13h, "beside Independence Day"},
      {"1997-12-26", 13h, "Friday after Christmas"},
      {"1999-12-31", 13h, "eve of the year 2000"},
      {"2003-12-26", 13h, "Friday after Christmas"},
      {"2008-12-26", 16h, ""},
      {"2002-07-05", 13h, "beside Independence Day"},
      {"2013-07-03", 13h, "beside Independence Day"},
      {"2013-07-05", 16h, ""},
      {"2015-07-02", 16h, ""},
      {"2021-07-02", 16h, ""},
      {"2020-12-23", 16h, ""},
  };
  for (const Close& expected : closes) {
    const Session session = session_of(expected.date);

    EXPECT_EQ(close_in_new_york(session), expected.time) << expected.date;
    EXPECT_EQ(session.is_early_close(), expected.time < 16h) << expected.date;
    EXPECT_EQ(kCalendar.early_close_reason(session.date), expected.reason) << expected.date;
  }
}

TEST(Calendar, MovesItsHoursInUtcInTheWeeksWhenTheClocksChange) {
  EXPECT_EQ(session_of("2019-03-08").open, utc("2019-03-08T14:30:00Z"));
  EXPECT_EQ(session_of("2019-03-11").open, utc("2019-03-11T13:30:00Z"));
  EXPECT_EQ(session_of("2019-11-01").close, utc("2019-11-01T20:00:00Z"));
  EXPECT_EQ(session_of("2019-11-04").close, utc("2019-11-04T21:00:00Z"));
  EXPECT_EQ(session_of("2006-03-31").open, utc("2006-03-31T14:30:00Z"));
  EXPECT_EQ(session_of("2006-04-03").open, utc("2006-04-03T13:30:00Z"));
}

/// Published dates, among them the earliest and latest Easters, and 2049 and 2076, when the Easter
/// formula needs its exceptions.
TEST(Calendar, ClosesOnGoodFriday) {
  for (const auto* friday :
       {"1990-04-13", "2000-04-21", "2008-03-21", "2011-04-22", "2019-04-19", "2024-03-29",
        "2038-04-23", "2049-04-16", "2076-04-17", "2079-04-21", "2100-03-26"})
    EXPECT_EQ(kCalendar.closure_reason(date_of(friday)), "Good Friday") << friday;
}

TEST(Calendar, HoldsItsRulesInEveryYear) {
  for (int number = 1990; number <= 2100; ++number) {
    const year year{number};
    const auto sessions = kCalendar.sessions_between(year / 1 / 1, year / 12 / 31).value();

    // 52 weeks have 260 weekdays; nine to eleven days off, four more in 2001.
    EXPECT_GE(sessions.size(), 248U) << number;
    EXPECT_LE(sessions.size(), 254U) << number;
    for (const Session& session : sessions) {
      const NewYorkTime open = to_new_york(session.open);
      const NewYorkTime close = to_new_york(session.close);
      ASSERT_EQ(open.date, session.date);
      ASSERT_EQ(close.date, session.date);
      ASSERT_EQ(open.time_of_day, 9h + 30min);
      ASSERT_EQ(session.is_early_close(), close.time_of_day != 16h);
      ASSERT_TRUE(close.time_of_day == 16h || close.time_of_day == 13h ||
                  (close.time_of_day == 14h && number <= 1992));
    }
  }
}

TEST(Calendar, KnowsTheHoursAroundASession) {
  const Session regular = session_of("2019-07-11");
  EXPECT_EQ(regular.pre_market_open(), utc("2019-07-11T08:00:00Z"));
  EXPECT_EQ(regular.post_market_close(), utc("2019-07-12T00:00:00Z"));

  const Session early = session_of("2019-11-29");
  EXPECT_EQ(early.pre_market_open(), utc("2019-11-29T09:00:00Z"));
  EXPECT_EQ(early.post_market_close(), utc("2019-11-29T22:00:00Z"));
}

TEST(Calendar, FindsTheSessionOfAMoment) {
  const Session session = session_of("2019-02-11");

  EXPECT_EQ(kCalendar.session_at(session.open), session);
  EXPECT_EQ(kCalendar.session_at(session.close - 1ns), session);
  EXPECT_EQ(kCalendar.session_at(session.open - 1ns), std::nullopt);
  EXPECT_EQ(kCalendar.session_at(session.close), std::nullopt);
  EXPECT_EQ(kCalendar.session_at(utc("2019-02-10T15:00:00Z")), std::nullopt);
  EXPECT_EQ(kCalendar.session_at(Timestamp::min()), std::nullopt);
  EXPECT_EQ(kCalendar.session_at(Timestamp::max()), std::nullopt);
}

TEST(Calendar, StepsOverClosedDays) {
  EXPECT_EQ(kCalendar.next_session(date_of("2001-09-10")).value(), session_of("2001-09-17"));
  EXPECT_EQ(kCalendar.next_session(date_of("2001-09-12")).value(), session_of("2001-09-17"));
  EXPECT_EQ(kCalendar.previous_session(date_of("2001-09-17")).value(), session_of("2001-09-10"));
  EXPECT_EQ(kCalendar.next_session(date_of("2019-02-11")).value(), session_of("2019-02-12"));
  EXPECT_EQ(kCalendar.previous_session(date_of("2019-02-11")).value(), session_of("2019-02-08"));
}

TEST(Calendar, ListsAPeriodWithBothItsEnds) {
  const auto week = kCalendar.sessions_between(date_of("2019-02-11"), date_of("2019-02-15"));
  ASSERT_EQ(week.value().size(), 5U);
  EXPECT_EQ(week->front(), session_of("2019-02-11"));
  EXPECT_EQ(week->back(), session_of("2019-02-15"));

  EXPECT_TRUE(
      kCalendar.sessions_between(date_of("2019-02-16"), date_of("2019-02-17")).value().empty());
}

TEST(Calendar, WritesSessionsAsCsv) {
  EXPECT_EQ(sessions_csv(kCalendar, date_of("2019-11-28"), date_of("2019-12-02")).value(),
            "session,open_utc,close_utc\n"
            "2019-11-29,2019-11-29T14:30:00Z,2019-11-29T18:00:00Z\n"
            "2019-12-02,2019-12-02T14:30:00Z,2019-12-02T21:00:00Z\n");
}

TEST(Calendar, RefusesDatesThatItDoesNotKnow) {
  const Date too_early = date_of("1989-12-29");
  const Date too_late = date_of("2101-01-03");
  const Date first = ExchangeCalendar::first_date();
  const Date last = ExchangeCalendar::last_date();

  EXPECT_TRUE(kCalendar.check(first));
  EXPECT_TRUE(kCalendar.check(last));
  EXPECT_EQ(kCalendar.check(too_early).error().message,
            "XNYS calendar: 1989-12-29 is outside 1990-01-01 to 2100-12-31");
  EXPECT_EQ(kCalendar.check(too_late).error().code, Errc::OutOfRange);
  EXPECT_EQ(kCalendar.check(2019y / 2 / 30).error().message,
            "XNYS calendar: 2019-02-30 is not a date that exists");
  EXPECT_EQ(kCalendar.session_on(too_early), std::nullopt);
  EXPECT_EQ(kCalendar.session_on(2019y / 2 / 30), std::nullopt);
  EXPECT_EQ(kCalendar.closure_reason(too_late), "outside the calendar");
  EXPECT_FALSE(kCalendar.next_session(too_late));
  EXPECT_FALSE(kCalendar.next_session(last));
  EXPECT_FALSE(kCalendar.previous_session(too_early));
  EXPECT_FALSE(kCalendar.previous_session(date_of("1990-01-02")));
  EXPECT_FALSE(kCalendar.sessions_between(too_early, first));
  EXPECT_FALSE(kCalendar.sessions_between(last, too_late));
  EXPECT_FALSE(sessions_csv(kCalendar, date_of("2019-02-12"), date_of("2019-02-11")));
}

}  // namespace
}  // namespace st0ck::core
