#include "st0ck/storage/db_check.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "storage/sample_run.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace st0ck::storage {
namespace {

/// In a process of its own: hands over all records, and is killed with SIGKILL once `batches`
/// batches are in the database, wherever the writer then is.
void run_and_kill(const std::filesystem::path& path, const StoredRecords& records,
                  std::uint64_t batches) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    TradeLogSettings settings;
    settings.path = path;
    settings.batch_rows = 3;
    settings.when_full = WhenFull::Wait;
    auto log = TradeLog::open(settings);
    if (!log) ::_exit(1);
    std::thread killer([&] {
      while ((*log)->metrics().batches < batches) std::this_thread::yield();
      ::kill(::getpid(), SIGKILL);
    });
    append_all(**log, records);
    killer.join();
    ::_exit(2);
  }
  int state = 0;
  ASSERT_EQ(::waitpid(child, &state, 0), child);
  ASSERT_TRUE(WIFSIGNALED(state)) << "the child was not killed but ended";
}

TEST(TradeLogCrash, LeavesTheSameContentWhenTheRunIsExecutedAgain) {
  const TemporaryFolder folder;
  const StoredRecords records = sample_run({});
  write_trade_log(folder / "whole.db", records);
  const std::string whole = content_of(folder / "whole.db");
  std::mt19937 random{20190211};

  for (int round = 0; round < 12; ++round) {
    const auto path = folder / ("trades" + std::to_string(round) + ".db");
    const std::uint64_t batches = 1 + random() % 60;

    run_and_kill(path, records, batches);
    if (round % 2 == 0) run_and_kill(path, records, 1 + random() % 20);
    write_trade_log(path, records);

    EXPECT_EQ(content_of(path), whole) << "killed after batch " << batches;
    const auto report = check(path);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->is_sound()) << report->findings.front();
  }
}

}  // namespace
}  // namespace st0ck::storage
