#include "src/app/console/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace st0ck::app {
namespace {

Table sample() {
  Table table{{{"id", Align::Right}, {"bot", Align::Left, 1}, {"reason", Align::Left, 2}, {"P&L"}}};
  table.add({"1", "scalper", "STOP_LOSS", {"-5.00", Tone::Bad}});
  table.add({"10", "b", "", {"0.50", Tone::Good}});
  return table;
}

std::string printed(const Table& table, std::size_t width, bool has_colour = false) {
  std::ostringstream out;
  std::ostringstream err;
  Console console{out, err};
  console.width = width;
  console.has_colour = has_colour;
  table.print(console);
  return out.str();
}

TEST(Table, AlignsColumnsUnderTheirTitles) {
  EXPECT_EQ(printed(sample(), 100),
            "id  bot      reason     P&L\n"
            " 1  scalper  STOP_LOSS  -5.00\n"
            "10  b                   0.50\n");
}

TEST(Table, LeavesOutTheMostExpendableColumnFirstAndSaysSo) {
  EXPECT_EQ(printed(sample(), 22),
            "id  bot      P&L\n"
            " 1  scalper  -5.00\n"
            "10  b        0.50\n"
            "(no room for: reason; --json has everything)\n");
}

TEST(Table, KeepsWhatIsNotExpendableHoweverNarrowTheConsole) {
  EXPECT_EQ(printed(sample(), 4),
            "id  P&L\n"
            " 1  -5.00\n"
            "10  0.50\n"
            "(no room for: bot, reason; --json has everything)\n");
}

TEST(Table, ColoursCellsWithoutMovingThem) {
  const std::string text = printed(sample(), 100, true);

  EXPECT_NE(text.find(" 1  scalper  STOP_LOSS  \x1b[31m-5.00\x1b[0m\n"), std::string::npos);
  EXPECT_NE(text.find("10  b                   \x1b[32m0.50\x1b[0m\n"), std::string::npos);
}

}  // namespace
}  // namespace st0ck::app
