#include "app/program.hpp"
#include "app/recorded_day.hpp"
#include "src/storage/sqlite.hpp"
#include "st0ck/core/version.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>

namespace st0ck {
namespace {

using test::recorded_day;
using test::run_program;

std::string state() { return recorded_day().state().string(); }

/// Turns one byte in the middle of a file over.
void damage(const std::filesystem::path& path) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
  file.seekg(middle);
  const int byte = file.get();
  file.seekp(middle);
  file.put(static_cast<char>(byte ^ 0x20));
}

void tamper(const std::filesystem::path& trade_log, const std::string& sql) {
  auto database = storage::Database::open(trade_log, storage::Database::Access::ReadWrite,
                                          std::chrono::seconds{1});
  ASSERT_TRUE(database) << database.error().message;
  const auto done = database->execute(sql);
  ASSERT_TRUE(done) << done.error().message;
}

TEST(St0ckProgram, EndsWithZeroWhenAllIsWell) {
  EXPECT_EQ(run_program("st0ck", {"--version"}).out, std::string{core::kVersion} + "\n");
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"trades", "--state-dir", state()},
                                             {"pos", "--state-dir", state()},
                                             {"orders", "--state-dir", state()},
                                             {"replay", state(), "--verify"},
                                             {"db", "check", "--state-dir", state()},
                                             {"data", "formats"},
                                             {"config", "keys"}}) {
    const auto outcome = run_program("st0ck", arguments);

    EXPECT_EQ(outcome.exit_code, 0) << arguments.front() << ": " << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_NE(outcome.out, "");
  }
}

TEST(St0ckProgram, EndsWithTwoOnUsageAndInput) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"nonsense"},
                                             {"trades", "--nonsense"},
                                             {"trades", "--state-dir", "/nowhere"},
                                             {"replay", "/nowhere", "--verify"},
                                             {"explain", "no-such-order", "--state-dir", state()},
                                             {"data", "check", "/nowhere"}}) {
    const auto outcome = run_program("st0ck", arguments);

    EXPECT_EQ(outcome.exit_code, 2) << arguments.front();
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err.find("st0ck: "), 0U) << outcome.err;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  }
}

TEST(St0ckProgram, EndsWithFiveOnADamagedJournalAndNamesTheRecord) {
  const auto copy = recorded_day().copy("damaged");
  damage(copy / "journal" / "00000001.st0j");

  const auto outcome = run_program("st0ck", {"replay", copy.string(), "--verify"});

  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  EXPECT_NE(outcome.err.find("record "), std::string::npos) << outcome.err;
}

TEST(St0ckProgram, EndsWithSixWhenTheTradeLogWasTamperedWith) {
  const auto copy = recorded_day().copy("tampered");
  tamper(copy / "trades.db", "UPDATE trades SET realized_pnl_e9 = realized_pnl_e9 + 1");

  const auto outcome = run_program("st0ck", {"db", "check", "--state-dir", copy.string()});

  EXPECT_EQ(outcome.exit_code, 6);
  EXPECT_NE(outcome.out.find("trade"), std::string::npos) << outcome.out;
}

TEST(St0ckProgram, DoesNotMindAReaderThatGoesAway) {
  const auto outcome = test::run_shell(
      "$bin/st0ck calendar --from 1990-01-01 --to 2100-12-31 --csv "
      "| head -1; exit ${PIPESTATUS[0]}");

  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "session,open_utc,close_utc\n");
  EXPECT_EQ(outcome.err, "");
}

TEST(St0ckProgram, SaysSoWhenItsOutputCannotBeWritten) {
  const auto outcome = test::run_shell("$bin/st0ck data formats > /dev/full");

  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err, "st0ck: standard output: cannot be written\n");
}

TEST(St0ckProgram, ColoursNothingForAPipe) {
  const auto outcome = run_program("st0ck", {"trades", "--state-dir", state()});

  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace st0ck
