#include "integration/crash_victim.hpp"
#include "support/effort.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <set>
#include <string>

namespace st0ck::test {
namespace {

// The paper day's three bots on generated days: two processes leave the same summary, trade log
// and journal, and a third one that makes the decisions again from the journal finds the same.
// RandomDays does the same twice within one process. ST0CK_DETERMINISM_DAYS says how many days,
// each with a seed of its own; scripts/campaign determinism takes a hundred.

namespace fs = std::filesystem;

std::string sha256_in(const RunContent& content) {
  return nlohmann::json::parse(content.summary).at("decisions_sha256").get<std::string>();
}

TEST(Determinism, TwoProcessesAndAReplayDecideTheSame) {
  const TemporaryFolder folder;
  const auto first = static_cast<int>(number_from("ST0CK_SEED", 1));
  const auto days = static_cast<int>(number_from("ST0CK_DETERMINISM_DAYS", effort(3, 1)));
  std::set<std::string> hashes;

  for (int seed = first; seed < first + days; ++seed) {
    SCOPED_TRACE(fmt::format("again by ST0CK_SEED={} ST0CK_DETERMINISM_DAYS=1", seed));
    const RunInFolder one{DaemonCommand::paper(1, seed), folder / "one"};
    const RunInFolder other{DaemonCommand::paper(1, seed), folder / "other"};

    const RunContent expected = one.finish();
    EXPECT_EQ(difference(expected, other.finish()), "");
    const auto replay =
        run_process({program("st0ck").string(), "replay", one.state_dir().string(), "--verify"});
    EXPECT_EQ(replay.exit_code, 0) << replay.text();
    EXPECT_NE(replay.out.find(sha256_in(expected)), std::string::npos) << replay.text();

    hashes.insert(sha256_in(expected));
    fs::remove_all(one.state_dir());
    fs::remove_all(other.state_dir());
  }

  std::cout << fmt::format("{} generated days from seed {}, {} different hashes\n", days, first,
                           hashes.size());
  EXPECT_EQ(hashes.size(), static_cast<std::size_t>(days)) << "days that should differ do not";
}

}  // namespace
}  // namespace st0ck::test
