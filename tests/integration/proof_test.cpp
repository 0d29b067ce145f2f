#include "integration/run_content.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace st0ck::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// What st0ck says of the runs that st0ckd leaves: the surfaces that issue 2 names.

ProcessOutcome st0ck(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program("st0ck").string());
  return run_process(arguments);
}

class ProofTest : public testing::Test {
 protected:
  void SetUp() override {
    run_.finish();
    summary_ = json::parse(bytes_of_file(run_.summary()));
  }

  TemporaryFolder folder_;
  RunInFolder run_{DaemonCommand::generated(3), folder_ / "state"};
  json summary_;
};

TEST_F(ProofTest, ReplaysToTheSameDecisions) {
  const auto outcome = st0ck({"replay", run_.state_dir().string(), "--verify"});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_EQ(outcome.out,
            fmt::format("identical: {} events, {} decisions, sha256 {}\n",
                        summary_.at("events").get<int>(), summary_.at("decisions").get<int>(),
                        summary_.at("decisions_sha256").get<std::string>()));
}

TEST_F(ProofTest, NamesTheFirstBadRecordOfADamagedJournal) {
  const auto segment = run_.journal() / "00000001.st0j";
  std::string bytes = bytes_of_file(segment);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_bytes(segment, bytes);

  const auto outcome = st0ck({"replay", run_.state_dir().string(), "--verify"});

  EXPECT_EQ(outcome.exit_code, 5) << outcome.text();
  EXPECT_THAT(outcome.err, HasSubstr("00000001.st0j byte "));
  EXPECT_THAT(outcome.err, HasSubstr("first bad record "));
}

TEST_F(ProofTest, ListsTradesWithTheKeysThatOthersRelyOn) {
  const auto outcome = st0ck({"trades", "--state-dir", run_.state_dir().string(), "--json"});

  ASSERT_EQ(outcome.exit_code, 0) << outcome.text();
  const json trades = json::parse(outcome.out);
  ASSERT_EQ(trades.size(), summary_.at("trades").get<std::size_t>());
  const std::set<std::string> expected{
      "id",         "account",      "bot",        "engine",      "symbol",
      "side",       "quantity",     "entry_time", "entry_price", "exit_time",
      "exit_price", "realized_pnl", "fees",       "exit_reason", "client_order_ids"};
  for (const json& trade : trades) {
    std::set<std::string> keys;
    for (const auto& [key, value] : trade.items()) keys.insert(key);
    EXPECT_EQ(keys, expected);
    for (const char* key : {"quantity", "entry_price", "exit_price", "realized_pnl", "fees"})
      EXPECT_TRUE(trade.at(key).is_string()) << key;
    // An entry and an exit at least; the lots of advanced mode are one round trip.
    EXPECT_GE(trade.at("client_order_ids").size(), 2U);
  }
}

TEST_F(ProofTest, FindsTheBooksInOrder) {
  const auto outcome = st0ck({"db", "check", "--state-dir", run_.state_dir().string()});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_THAT(outcome.out, HasSubstr("sound: "));
}

// Killed in the middle, a run has a journal that replays as far as it goes.
TEST_F(ProofTest, ReplaysWhatAKilledRunLeft) {
  const RunInFolder killed{DaemonCommand::generated(3), folder_ / "killed"};
  ProcessSettings settings;
  settings.file_size_max = bytes_of_file(run_.journal() / "00000001.st0j").size() - 5'000;
  ASSERT_NE(killed.command().run(settings).signal, 0);

  const auto outcome = st0ck({"replay", killed.state_dir().string(), "--verify"});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  EXPECT_THAT(outcome.out, testing::StartsWith("identical up to the interruption: "));
}

}  // namespace
}  // namespace st0ck::test
