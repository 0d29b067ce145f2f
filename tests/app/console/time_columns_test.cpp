#include "src/app/console/time_columns.hpp"

#include "st0ck/core/time_text.hpp"

#include <gtest/gtest.h>

namespace st0ck::app {
namespace {

core::Timestamp at(std::string_view text) { return *core::parse_timestamp(text); }

TEST(TimeBeside, IsTheTimeOfDayWithinADay) {
  EXPECT_EQ(time_beside(at("2019-02-11T14:31:00Z"), at("2019-02-11T16:00:00.250Z")),
            "11:00:00.250");
}

TEST(TimeBeside, IsAllOfItOnAnotherDay) {
  EXPECT_EQ(time_beside(at("2019-02-11T14:31:00Z"), at("2019-02-12T16:00:00Z")),
            "2019-02-12 11:00:00 -05:00");
}

TEST(TimeBeside, IsAllOfItWhenTheOffsetHasChangedMeanwhile) {
  EXPECT_EQ(time_beside(at("2019-03-10T05:30:00Z"), at("2019-03-10T12:00:00Z")),
            "2019-03-10 08:00:00 -04:00");
}

TEST(NewYorkTimes, HaveTheCommonOffsetInTheTitle) {
  const auto entry = at("2019-02-11T14:31:00Z");
  const auto exit = at("2019-02-11T16:00:00Z");
  const NewYorkTimes times{{entry, exit}};

  EXPECT_EQ(times.title("entry"), "entry, NY -05:00");
  EXPECT_EQ(times.text(entry), "2019-02-11 09:31");
  EXPECT_EQ(times.text_beside(entry, exit), "11:00");
}

TEST(NewYorkTimes, HaveTheirOwnOffsetsWhereTheyDiffer) {
  const auto winter = at("2019-02-11T14:31:00Z");
  const auto summer = at("2019-07-11T14:31:00Z");
  const NewYorkTimes times{{winter, summer}};

  EXPECT_EQ(times.title("entry"), "entry, NY");
  EXPECT_EQ(times.text(winter), "2019-02-11 09:31 -05:00");
  EXPECT_EQ(times.text_beside(winter, summer), "2019-07-11 10:31 -04:00");
  EXPECT_EQ(times.text_beside(winter, winter), "09:31");
}

TEST(NewYorkTimes, ShowSecondsWhereOneTimeHasSome) {
  const auto entry = at("2019-02-11T14:31:00Z");
  const NewYorkTimes times{{entry, at("2019-02-11T14:31:00.5Z")}};

  EXPECT_EQ(times.text(entry), "2019-02-11 09:31:00");
  EXPECT_EQ(times.text_beside(entry, at("2019-02-11T14:31:00.5Z")), "09:31:00.500");
}

}  // namespace
}  // namespace st0ck::app
