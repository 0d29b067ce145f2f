#include "src/app/corporate_action_file.hpp"

#include "support/orders.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace st0ck::app {
namespace {

struct CorporateActionFile : testing::Test {
  core::Result<std::vector<market::CorporateAction>> read(const std::string& text) {
    std::ofstream{path} << text;
    return read_corporate_actions(path, instruments.table);
  }

  std::string complaint(const std::string& row) {
    const auto actions = read("ex_date,symbol,kind,value\n" + row + "\n");
    if (actions) return "none";
    const std::string& message = actions.error().message;
    return message.substr(message.find(".csv:") + 5);
  }

  test::ThreeInstruments instruments;
  test::TemporaryFolder folder;
  std::filesystem::path path = folder / "actions.csv";
};

TEST_F(CorporateActionFile, GivesDividendsAndSplitsOfKnownSymbols) {
  const auto actions = read(
      "ex_date,symbol,kind,value\n"
      "2019-02-08,SPY,dividend,1.23\n"
      "2020-08-31,NONE,split,4:1\n"
      "2020-08-31,QQQ,split,1:10\r\n");

  ASSERT_TRUE(actions) << actions.error().message;
  ASSERT_EQ(actions->size(), 2U);
  EXPECT_EQ((*actions)[0].instrument, instruments.spy);
  EXPECT_EQ((*actions)[0].kind, market::CorporateActionKind::CashDividend);
  EXPECT_EQ((*actions)[0].amount, test::price("1.23"));
  EXPECT_EQ((*actions)[1].instrument, instruments.qqq);
  EXPECT_EQ((*actions)[1].numerator, 1U);
  EXPECT_EQ((*actions)[1].denominator, 10U);
  EXPECT_EQ((*actions)[1].ex_date, core::parse_date("2020-08-31").value());
}

TEST_F(CorporateActionFile, SaysWhereSomethingIsWrongAndWhatIsAllowed) {
  EXPECT_EQ(complaint("2019-02-08,SPY,dividend"),
            "2: found '2019-02-08,SPY,dividend', allowed is four fields: "
            "ex_date,symbol,kind,value");
  EXPECT_EQ(complaint("2019-02-30,SPY,dividend,1"),
            "2: found '2019-02-30,SPY,dividend,1', allowed is an ex-date like 2020-08-31");
  EXPECT_EQ(complaint("2019-02-08,SPY,gift,1"),
            "2: found '2019-02-08,SPY,gift,1', allowed is dividend or split");
  EXPECT_EQ(complaint("2019-02-08,SPY,dividend,0"),
            "2: found '2019-02-08,SPY,dividend,0', allowed is dollars per share above 0");
  EXPECT_EQ(complaint("2019-02-08,SPY,split,4"),
            "2: found '2019-02-08,SPY,split,4', allowed is a ratio of new to old shares like 4:1");
  EXPECT_EQ(complaint("2019-02-08,SPY,split,4:0"),
            "2: found '2019-02-08,SPY,split,4:0', allowed is a ratio of new to old shares like "
            "4:1");
}

TEST_F(CorporateActionFile, NeedsItsHeaderAndToBeThere) {
  const auto no_header = read("2019-02-08,SPY,dividend,1\n");
  ASSERT_FALSE(no_header);
  EXPECT_NE(no_header.error().message.find("the header ex_date,symbol,kind,value"),
            std::string::npos);
  EXPECT_FALSE(read_corporate_actions(folder / "nowhere.csv", instruments.table));
  const auto no_file = read_corporate_actions(folder.path(), instruments.table);
  ASSERT_FALSE(no_file);
  EXPECT_NE(no_file.error().message.find("is a folder, allowed is a plain file"),
            std::string::npos);
}

}  // namespace
}  // namespace st0ck::app
