#include "integration/run_content.hpp"

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace st0ck::test {
namespace {

using testing::HasSubstr;

// All that the crash tests find rests on this comparison: it must see the smallest difference.
class ComparisonTest : public testing::Test {
 protected:
  void execute(const std::string& sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(run_.database().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  std::string difference_now() const { return difference(before_, run_.content()); }

  TemporaryFolder folder_;
  RunInFolder run_{DaemonCommand::generated(1), folder_ / "state"};
  RunContent before_ = run_.finish();
};

TEST_F(ComparisonTest, FindsNothingWhereNothingDiffers) { EXPECT_EQ(difference_now(), ""); }

TEST_F(ComparisonTest, SeesOneChangedValue) {
  execute(
      "UPDATE fills SET price_e9 = price_e9 + 1 WHERE sequence = (SELECT max(sequence) FROM "
      "fills)");

  EXPECT_THAT(difference_now(), HasSubstr("database: line "));
}

TEST_F(ComparisonTest, SeesAMissingRow) {
  execute(
      "DELETE FROM risk_events; DELETE FROM decisions WHERE sequence = (SELECT min(sequence) "
      "FROM decisions)");

  EXPECT_THAT(difference_now(), HasSubstr("database: line "));
}

TEST_F(ComparisonTest, SeesATableTooMany) {
  execute("CREATE TABLE more(a)");

  EXPECT_THAT(difference_now(), HasSubstr("database: line "));
}

TEST_F(ComparisonTest, IgnoresHowPagesLie) {
  execute("VACUUM");

  EXPECT_EQ(difference_now(), "");
}

TEST_F(ComparisonTest, SeesOneFlippedBitOfTheJournal) {
  const auto segment = run_.journal() / "00000001.st0j";
  std::string bytes = bytes_of_file(segment);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_bytes(segment, bytes);

  EXPECT_THAT(difference_now(), HasSubstr("journal: 00000001.st0j differs at byte "));
}

TEST_F(ComparisonTest, SeesAFileTooManyInTheJournal) {
  write_bytes(run_.journal() / "00000002.st0j", "");

  EXPECT_EQ(difference_now(), "journal: 00000002.st0j is too much");
}

TEST_F(ComparisonTest, SeesAChangedSummary) {
  std::string text = bytes_of_file(run_.summary());
  text.replace(text.find("\"fees\": \"0.00\""), 14, "\"fees\": \"0.01\"");
  write_bytes(run_.summary(), text);

  EXPECT_THAT(difference_now(), HasSubstr("summary: line "));
}

}  // namespace
}  // namespace st0ck::test
