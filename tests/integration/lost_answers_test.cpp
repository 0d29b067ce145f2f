#include "integration/lost_answers_stage.hpp"
#include "support/effort.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <string>

namespace st0ck::test {
namespace {

// Requests that stay without an answer, at every kind of broker that the simulator can be: which
// request, of which order, and whether it arrives all the same. Whatever gets lost, each share is
// sold once, positions are what the exchange has filled, and nobody enters where something is
// unknown. A seed gives one run; ST0CK_SEED names the first, ST0CK_LOST_RUNS how many.

using namespace std::chrono_literals;

constexpr std::array kRequests{Request::Submit, Request::Replace, Request::Cancel};
constexpr std::array kRequestNames{"submit", "replace", "cancel"};
constexpr std::array kMeants{Meant::Entry, Meant::Stop, Meant::Target, Meant::MarketExit};
constexpr std::array kMeantNames{"entry", "stop", "target", "market exit"};

struct LostCase {
  std::size_t profile = 0;
  std::size_t request = 0;
  std::size_t meant = 0;
  bool arrives = false;

  std::string name() const {
    return fmt::format("{}: {} of {}, {}", kProfiles[profile].name, kRequestNames[request],
                       kMeantNames[meant], arrives ? "reply lost" : "request lost");
  }
};

std::vector<LostCase> all_cases() {
  std::vector<LostCase> cases;
  for (std::size_t profile = 0; profile < std::size(kProfiles); ++profile)
    for (std::size_t request = 0; request < kRequests.size(); ++request)
      for (std::size_t meant = 0; meant < kMeants.size(); ++meant)
        for (const bool arrives : {false, true})
          cases.push_back({profile, request, meant, arrives});
  return cases;
}

/// A market order is neither changed nor, in a market that always trades, cancelled in time.
bool can_happen(const LostCase& lost) {
  return kMeants[lost.meant] != Meant::MarketExit || kRequests[lost.request] == Request::Submit;
}

constexpr std::uint64_t kRunsThatMeetAll = 20;

class LostAnswers : public testing::TestWithParam<std::size_t> {};

TEST_P(LostAnswers, SellNothingTwiceAndLeaveNothingAlone) {
  const std::uint64_t first = number_from("ST0CK_SEED", 1);
  const std::uint64_t runs = number_from("ST0CK_LOST_RUNS", effort(20, 2));
  std::uint64_t lost_in_all = 0;
  std::uint64_t refused = 0;
  for (const LostCase& lost : all_cases()) {
    if (lost.profile != GetParam()) continue;
    std::uint64_t lost_here = 0;
    for (std::uint64_t seed = first; seed < first + runs; ++seed) {
      SCOPED_TRACE(fmt::format("{}; again by ST0CK_SEED={} ST0CK_LOST_RUNS=1", lost.name(), seed));
      LostAnswersStage stage{kProfiles[lost.profile], seed};
      stage.line.loss = {kRequests[lost.request], kMeants[lost.meant], lost.arrives};
      for (int round = 0; round < 4; ++round) {
        stage.line.losses_left = 1 + round;
        // Now and then nobody answers at all for longer than the proof takes.
        if (round == 3) stage.line.look_ups_dead_until = stage.now() + 15s;
        stage.play(30s, true);
      }
      stage.line.losses_left = 0;
      EXPECT_TRUE(stage.comes_to_rest(90s)) << stage.state();
      for (const std::string& problem : stage.problems) ADD_FAILURE() << problem;
      EXPECT_GT(stage.entries, 2U);
      lost_here += stage.line.lost;
      refused += stage.entries_refused;
    }
    // A sample of seeds, as under the sanitizers, need not meet each case.
    if (can_happen(lost) && runs >= kRunsThatMeetAll) EXPECT_GT(lost_here, 0U) << lost.name();
    lost_in_all += lost_here;
  }
  std::cout << fmt::format("{}: {} requests without an answer, {} entries refused meanwhile\n",
                           kProfiles[GetParam()].name, lost_in_all, refused);
}

INSTANTIATE_TEST_SUITE_P(Profiles, LostAnswers,
                         testing::Range<std::size_t>(0, std::size(kProfiles)));

/// How long what groups have filled is without a stop, for docs/groups.md.
TEST(UnprotectedTime, IsMeasuredWithAndWithoutLosses) {
  constexpr std::array kMeasured{0, 2, 4};
  for (const int profile : kMeasured) {
    for (const std::uint64_t lost_one_in : {0, 10}) {
      std::vector<core::Duration> longest;
      LostAnswersStage stage{kProfiles[profile], 7};
      stage.unprotected_max = 60s;
      stage.line.lost_one_in = lost_one_in;
      stage.play(effort(60, 5) * 1min, false);
      const trading::ProtectionMeter& meter = stage.desk.protection();
      for (const std::string& problem : stage.problems) ADD_FAILURE() << problem;
      std::cout << fmt::format(
          "{}, {}: {} brackets, {} gaps, {} requests lost; unprotected p50 {} ms, p99 {} ms, max "
          "{} ms; closed at the bound {}\n",
          kProfiles[profile].name, lost_one_in == 0 ? "nothing lost" : "one request in ten lost",
          stage.entries, meter.count(), stage.line.lost, meter.quantile(0.5) / 1ms,
          meter.quantile(0.99) / 1ms, meter.max() / 1ms, meter.closed());
    }
  }
}

}  // namespace
}  // namespace st0ck::test
