#include "integration/run_content.hpp"
#include "support/own_mounts.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <csignal>

namespace st0ck::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kNoMount = "SKIPPED: mounting is not permitted here; run as root";

/// A state directory that a run of three sessions has filled, and what may become of it.
class StateDirectoryTest : public testing::Test {
 protected:
  static DaemonCommand command() { return DaemonCommand::generated(3); }

  void finish_a_run() { whole_ = run_.finish(); }

  /// The same command ends well and leaves what it left before.
  void expect_whole_again() { EXPECT_EQ(difference(whole_, run_.finish()), ""); }

  void expect_refused(const ProcessOutcome& outcome, int exit_code,
                      const std::string& message) const {
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.text();
    EXPECT_THAT(outcome.err, HasSubstr("st0ckd: "));
    EXPECT_THAT(outcome.err, HasSubstr(message));
  }

  /// The files of the state directory but for logs, which every start adds to, and the memory that
  /// a process took.
  FileContents kept() const {
    FileContents files = files_in(run_.journal());
    files.merge(files_in(run_.state_dir()));
    const auto metrics = files.find("metrics.json");
    if (metrics == files.end()) return files;
    auto json = nlohmann::ordered_json::parse(metrics->second);
    json.erase("memory");
    metrics->second = json.dump();
    return files;
  }

  void execute(const std::string& sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(run_.database().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  void flip(const fs::path& file, std::size_t place) const {
    std::string bytes = bytes_of_file(file);
    bytes.at(place) = static_cast<char>(bytes[place] ^ 0x10);
    write_bytes(file, bytes);
  }

  fs::path segment() const { return run_.journal() / "00000001.st0j"; }

  TemporaryFolder folder_;
  RunInFolder run_{command(), folder_ / "state"};
  RunContent whole_;
};

TEST_F(StateDirectoryTest, OfAFinishedRunGivesTheSameSummaryAgain) {
  finish_a_run();
  const FileContents before = kept();
  fs::remove(run_.summary());

  expect_whole_again();

  EXPECT_EQ(kept(), before);
}

TEST_F(StateDirectoryTest, OfAnotherConfigurationIsRefusedUntouched) {
  finish_a_run();
  const FileContents before = kept();

  const auto outcome = DaemonCommand::generated(3, 2).on(run_.state_dir()).run();

  expect_refused(outcome, 2,
                 "trades.db: the trade log belongs to another run: account=default configuration=");
  EXPECT_EQ(kept(), before);
}

// Without its journal a trade log still tells whose it is: rows of two runs must not mix.
TEST_F(StateDirectoryTest, WithTheTradeLogOfAnotherConfigurationIsRefusedUntouched) {
  finish_a_run();
  fs::remove_all(run_.journal());
  const FileContents before = kept();

  const auto journaled = DaemonCommand::generated(3, 2).on(run_.state_dir()).run();
  const auto unjournaled =
      DaemonCommand::generated(3, 2).with("journal.enabled", "false").on(run_.state_dir()).run();

  expect_refused(journaled, 2, "the trade log belongs to another run: account=default");
  expect_refused(unjournaled, 2, "the trade log belongs to another run: account=default");
  EXPECT_EQ(kept(), before);
}

TEST_F(StateDirectoryTest, MayBePlayedAtAnotherSpeedAndWithOtherBatches) {
  finish_a_run();

  const auto outcome = command()
                           .at_speed(1'000'000)
                           .with("storage.batch_rows", "3")
                           .with("log.level", "warning")
                           .on(run_.state_dir())
                           .run();

  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  expect_whole_again();
}

TEST_F(StateDirectoryTest, WithoutItsTradeLogGetsItAgain) {
  finish_a_run();
  fs::remove(run_.database());

  expect_whole_again();
}

TEST_F(StateDirectoryTest, WithATamperedTradeLogGetsItAnew) {
  finish_a_run();
  execute("UPDATE trades SET realized_pnl_e9 = 1; DELETE FROM daily_metrics");

  expect_whole_again();
}

TEST_F(StateDirectoryTest, WithoutItsJournalGetsItAgain) {
  finish_a_run();
  fs::remove_all(run_.journal());

  expect_whole_again();
}

// A power cut may take the journal's tail while the database stays.
TEST_F(StateDirectoryTest, WithAJournalCutAnywhereIsMadeWhole) {
  finish_a_run();
  const std::string journal = bytes_of_file(segment());
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{137}, std::size_t{138},
                                 journal.size() / 3, journal.size() - 1}) {
    SCOPED_TRACE(size);
    fs::resize_file(segment(), size);

    expect_whole_again();
  }
}

TEST_F(StateDirectoryTest, WithADamagedJournalNamesTheRecordAndChangesNothing) {
  finish_a_run();
  const std::string whole = bytes_of_file(segment());
  for (const std::size_t place : {std::size_t{3}, std::size_t{40}, whole.size() / 2}) {
    SCOPED_TRACE(place);
    write_bytes(segment(), whole);
    flip(segment(), place);
    const FileContents before = kept();

    const auto outcome = run_.command().run();

    expect_refused(outcome, 5, segment().string() + " byte ");
    EXPECT_THAT(outcome.err, HasSubstr("first bad record "));
    EXPECT_EQ(kept(), before);
  }
}

TEST_F(StateDirectoryTest, WithAStrangeFileAmongTheSegmentsNamesIt) {
  finish_a_run();
  write_bytes(run_.journal() / "notes.txt", "");

  const auto outcome = run_.command().run();

  expect_refused(outcome, 5, "notes.txt: is no part of the journal");
}

TEST_F(StateDirectoryTest, WithATradeLogOfANewerVersionIsRefusedUntouched) {
  finish_a_run();
  execute("PRAGMA user_version=999");
  const FileContents before = kept();

  const auto outcome = run_.command().run();

  expect_refused(outcome, 2, "trades.db: has schema version 999, this st0ck knows versions up to ");
  EXPECT_EQ(kept(), before);
}

TEST_F(StateDirectoryTest, WithADatabaseOfAnotherProgramIsRefusedUntouched) {
  fs::create_directories(run_.state_dir());
  execute("CREATE TABLE notes(text)");
  const std::string before = bytes_of_file(run_.database());

  const auto outcome = run_.command().run();

  expect_refused(outcome, 2, "trades.db: is a database of another program");
  EXPECT_EQ(bytes_of_file(run_.database()), before);
}

TEST_F(StateDirectoryTest, WithADamagedTradeLogSaysHowToGetItBack) {
  finish_a_run();
  std::string bytes = bytes_of_file(run_.database());
  write_bytes(run_.database(), bytes.replace(0, 200, std::string(200, 'x')));

  const auto outcome = run_.command().run();

  expect_refused(outcome, 5, "trades.db: the file is not a SQLite database; move it away");
  fs::rename(run_.database(), folder_ / "away.db");
  expect_whole_again();
}

TEST_F(StateDirectoryTest, ThatAFileStandsForIsRefused) {
  write_bytes(folder_ / "file", "kept");
  for (const fs::path& place : {folder_ / "file", folder_ / "file" / "below", fs::path{}}) {
    const auto outcome = command().on(place).run();

    expect_refused(outcome, 2, "state directory " + place.string() + ": cannot make it: ");
  }
  EXPECT_EQ(bytes_of_file(folder_ / "file"), "kept");
}

TEST_F(StateDirectoryTest, MadeOfFoldersWhereFilesBelongIsRefused) {
  for (const char* name : {"lock", "trades.db", "log/st0ckd.log", "journal/00000001.st0j"}) {
    SCOPED_TRACE(name);
    fs::create_directories(run_.state_dir() / name);

    const auto outcome = run_.command().run();

    EXPECT_GT(outcome.exit_code, 0) << outcome.text();
    EXPECT_THAT(outcome.err, HasSubstr("st0ckd: "));
    EXPECT_THAT(outcome.err, HasSubstr(run_.state_dir().string()));
    fs::remove_all(run_.state_dir());
  }
}

TEST_F(StateDirectoryTest, HeldByAnotherDaemonIsRefusedAndTheOtherGoesOn) {
  finish_a_run();
  const RunInFolder slow{command().at_speed(20'000), folder_ / "slow"};
  Process first{slow.command().words()};
  ASSERT_TRUE(first.wait_for_error_text("FILL buy"));

  const auto second = slow.command().run();

  expect_refused(second, 2,
                 "state directory " + slow.state_dir().string() + ": another st0ckd is running");
  first.send(SIGTERM);
  const auto outcome = first.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
}

TEST_F(StateDirectoryTest, ThatCannotBeWrittenIsRefusedAndServesLater) {
  fs::create_directories(run_.state_dir());
  {
    const auto mount = OwnMount::read_only(run_.state_dir());
    if (!mount) GTEST_SKIP() << kNoMount;

    expect_refused(run_.command().run(), 2,
                   "state directory " + run_.state_dir().string() +
                       ": cannot write into it: Read-only file system");
  }
  finish_a_run();
}

TEST_F(StateDirectoryTest, OfAFinishedRunThatBecameReadOnlyIsRefusedUntouched) {
  finish_a_run();
  {
    const auto mount = OwnMount::read_only(run_.state_dir());
    if (!mount) GTEST_SKIP() << kNoMount;

    expect_refused(run_.command().run(), 2, "Read-only file system");
  }
  expect_whole_again();
}

// The disk is full at every place that a run comes to in turn; with room the run goes on there.
TEST_F(StateDirectoryTest, OnAFullDiskSaysSoAndGoesOnWithRoom) {
  const RunContent whole = RunInFolder{command(), folder_ / "whole"}.finish();
  for (const std::uint64_t pages : {1U, 3U, 20U, 60U, 80U, 100U}) {
    SCOPED_TRACE(pages);
    const fs::path disk = folder_ / fmt::format("disk{}", pages);
    const auto mount = OwnMount::small_disk(disk, pages * 4096);
    if (!mount) GTEST_SKIP() << kNoMount;
    const RunInFolder run{command(), disk / "state"};

    const auto outcome = run.command().run();

    EXPECT_EQ(outcome.exit_code, 70) << outcome.text();
    EXPECT_THAT(outcome.err, testing::AnyOf(HasSubstr("No space left on device"),
                                            HasSubstr("the disk or the database's size limit is "
                                                      "full; free some space")));
    mount->resize(16 << 20);
    EXPECT_EQ(difference(whole, run.finish()), "");
  }
}

// The same where nobody may mount: a limit on the size of files fails each write past it.
TEST_F(StateDirectoryTest, WhoseFilesMayNotGrowSaysSoAndGoesOnWhenTheyMay) {
  const RunContent whole = RunInFolder{command(), folder_ / "whole"}.finish();
  for (const std::uint64_t size : {100U, 3'000U, 30'000U, 140'000U, 190'000U}) {
    SCOPED_TRACE(size);
    const RunInFolder run{command(), folder_ / std::to_string(size)};
    ProcessSettings settings;
    settings.file_size_max = size;
    settings.at_limit = FileSizeLimit::Fails;

    const auto outcome = run.command().run(settings);

    EXPECT_EQ(outcome.exit_code, 70) << outcome.text();
    EXPECT_THAT(outcome.err, HasSubstr(run.state_dir().string()));
    EXPECT_FALSE(fs::exists(run.summary()));
    EXPECT_EQ(difference(whole, run.finish()), "");
  }
}

}  // namespace
}  // namespace st0ck::test
