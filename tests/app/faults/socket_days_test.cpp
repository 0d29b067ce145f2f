#include "src/app/faults/campaign.hpp"
#include "src/app/faults/report.hpp"
#include "support/effort.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>

namespace st0ck::app::faults {
namespace {

using namespace std::chrono_literals;

/// Fifty schedules of all faults between the transports of st0ckd and the server of st0ck-exchange,
/// over sockets of this machine (issue 5). Time is simulated: nothing waits.
TEST(FaultDaysOverSockets, BreakNoRule) {
  CampaignSettings settings;
  settings.wires = Wires::Sockets;
  settings.seeds = static_cast<std::uint64_t>(st0ck::test::effort(50, 3));

  const CampaignFigures figures = run_campaign(settings);

  for (const FailedDay& failed : figures.failed) ADD_FAILURE() << text_of(failed);
  EXPECT_EQ(figures.schedules, settings.seeds);
  EXPECT_GT(figures.sum.fills, 10 * figures.schedules) << "too little happens to show anything";
  EXPECT_GT(figures.sum.requests, 100 * figures.schedules);
  std::cout << text_of(figures, 0s);
}

}  // namespace
}  // namespace st0ck::app::faults
