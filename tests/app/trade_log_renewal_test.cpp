#include "src/app/trade_log_renewal.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace st0ck::app {
namespace {

class TradeLogRenewalTest : public testing::Test {
 protected:
  void write(std::string_view ending, std::string_view text) const {
    std::ofstream{log_.string() + std::string{ending}} << text;
  }
  std::string read(std::string_view ending) const {
    std::ifstream file{log_.string() + std::string{ending}};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  bool exists(std::string_view ending) const {
    return std::filesystem::exists(log_.string() + std::string{ending});
  }

  test::TemporaryFolder folder_;
  std::filesystem::path log_ = folder_ / "trades.db";
  TradeLogRenewal renewal_{log_};
};

TEST_F(TradeLogRenewalTest, BringsTheOldLogBackWithAllItsFiles) {
  write("", "old");
  write("-wal", "old rows");
  ASSERT_TRUE(renewal_.set_aside());
  EXPECT_TRUE(renewal_.is_under_way());
  EXPECT_FALSE(exists("") || exists("-wal"));
  write("", "new");
  write("-shm", "new");

  ASSERT_TRUE(renewal_.bring_back());

  EXPECT_FALSE(renewal_.is_under_way());
  EXPECT_EQ(read(""), "old");
  EXPECT_EQ(read("-wal"), "old rows");
  EXPECT_FALSE(exists("-shm") || exists(".before") || exists(".before-wal"));
}

TEST_F(TradeLogRenewalTest, DropsTheOldLogForTheNewOne) {
  write("", "old");
  ASSERT_TRUE(renewal_.set_aside());
  write("", "new");

  ASSERT_TRUE(renewal_.drop_old());

  EXPECT_FALSE(renewal_.is_under_way());
  EXPECT_EQ(read(""), "new");
  EXPECT_FALSE(exists(".before"));
}

TEST_F(TradeLogRenewalTest, FindsWhatACrashLeft) {
  write("", "old");
  ASSERT_TRUE(renewal_.set_aside());
  write("", "half made");

  const TradeLogRenewal next{log_};
  ASSERT_TRUE(next.recover());

  EXPECT_EQ(read(""), "old");
  ASSERT_TRUE(next.recover()) << "there is nothing left to do";
  EXPECT_EQ(read(""), "old");
}

TEST_F(TradeLogRenewalTest, LeavesNothingOfACrashInTheMiddleOfAMove) {
  write("", "log");
  write(".before-wal", "rows of another");

  ASSERT_TRUE(renewal_.set_aside());

  EXPECT_FALSE(exists(".before-wal"));
  EXPECT_EQ(read(".before"), "log");
}

}  // namespace
}  // namespace st0ck::app
