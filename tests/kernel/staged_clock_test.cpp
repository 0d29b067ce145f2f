#include "st0ck/kernel/staged_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace st0ck::kernel {
namespace {

using std::chrono::seconds;

const core::Timestamp kNoon = core::timestamp_from_ns(1'700'000'000'000'000'000);

TEST(StagedClock, StandsWhereTheRecordsSayThenIsTheMachines) {
  core::Timestamp machine = kNoon;
  StagedClock clock{LiveClock{[&] { return machine; }}};
  clock.recorded().advance_to(kNoon - seconds{5});
  EXPECT_EQ(clock.now(), kNoon - seconds{5});

  clock.go_live();

  EXPECT_EQ(clock.now(), kNoon);
  machine += seconds{1};
  EXPECT_EQ(clock.now(), kNoon + seconds{1});
}

TEST(StagedClock, NeverTellsATimeBeforeTheRecords) {
  core::Timestamp machine = kNoon;
  StagedClock clock{LiveClock{[&] { return machine; }}};
  clock.recorded().advance_to(kNoon + seconds{5});

  clock.go_live();

  EXPECT_EQ(clock.now(), kNoon + seconds{5}) << "the machine's clock was set back";
  machine = kNoon + seconds{6};
  EXPECT_EQ(clock.now(), kNoon + seconds{6});
}

}  // namespace
}  // namespace st0ck::kernel
