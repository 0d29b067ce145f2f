#include "src/app/commands/command_line.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

namespace st0ck::app {
namespace {

/// Ends as it is told.
class ScriptedCommand final : public Command {
 public:
  explicit ScriptedCommand(std::string_view name) : name_{name} {}

  std::string_view name() const override { return name_; }
  std::string_view summary() const override { return "Does as told"; }
  void declare(CLI::App& cli) override { cli.add_option("--end", end_, "How it ends"); }

  core::Result<ExitCode> run(Console& console) override {
    console.print("{} ran\n", name_);
    if (end_ == "found") return kExitFound;
    if (end_ == "error") return core::fail(core::Errc::NotFound, "nothing\nthere");
    if (end_ == "throw") throw std::runtime_error("broken");
    return kExitFine;
  }

 private:
  std::string name_;
  std::string end_;
};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome run(const std::vector<std::string>& arguments) {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(std::make_unique<ScriptedCommand>("trades"));
  commands.push_back(std::make_unique<ScriptedCommand>("data"));
  commands.push_back(std::make_unique<CommandGroup>("db", "A group",
                                                    std::make_unique<ScriptedCommand>("check"),
                                                    std::make_unique<ScriptedCommand>("info")));
  std::ostringstream out;
  std::ostringstream err;
  Console console{out, err};
  const int code = run_command_line(arguments, commands, console);
  return {code, out.str(), err.str()};
}

TEST(CommandLine, RunsTheCommandThatIsNamed) {
  const auto outcome = run({"trades"});

  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "trades ran\n");
  EXPECT_EQ(outcome.err, "");
}

TEST(CommandLine, CompletesNamesThatAreUnambiguous) {
  EXPECT_EQ(run({"tr"}).out, "trades ran\n");
  EXPECT_EQ(run({"db", "ch", "--end", "found"}).out, "check ran\n");
}

TEST(CommandLine, NamesWhatAShortenedNameMayBe) {
  const auto outcome = run({"d"});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_EQ(outcome.err, "st0ck: 'd' may be data or db\n");
  EXPECT_EQ(outcome.out, "");
}

TEST(CommandLine, NamesWhatIsAllowedInPlaceOfAnUnknownName) {
  const auto outcome = run({"trdes"});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_EQ(outcome.err,
            "st0ck: no command 'trdes'; did you mean trades?; allowed are trades, data, db\n");
}

TEST(CommandLine, EndsWithTheCommandsCode) {
  EXPECT_EQ(run({"trades", "--end", "found"}).code, kExitFound);
}

TEST(CommandLine, WritesAnErrorAsOneLine) {
  const auto outcome = run({"trades", "--end", "error"});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_EQ(outcome.err, "st0ck: nothing there\n");
}

TEST(CommandLine, CallsAnExceptionAnInternalError) {
  const auto outcome = run({"trades", "--end", "throw"});

  EXPECT_EQ(outcome.code, kExitInternal);
  EXPECT_EQ(outcome.err, "st0ck: internal error: broken\n");
}

TEST(CommandLine, RefusesUnknownOptionsAndMissingParts) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"trades", "--nonsense"},
                                                                     {"trades", "extra"},
                                                                     {"db"},
                                                                     {"--json"},
                                                                     {"trades", "--end"}}) {
    const auto outcome = run(arguments);

    EXPECT_EQ(outcome.code, kExitInput) << arguments.back();
    EXPECT_EQ(outcome.err.find("st0ck: "), 0U) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(CommandLine, ShowsHelpAtEachLevel) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--help"}, {"trades", "--help"}, {"db", "--help"}, {"db", "check", "-h"}}) {
    const auto outcome = run(arguments);

    EXPECT_EQ(outcome.code, 0) << arguments.front();
    EXPECT_NE(outcome.out.find("Usage: st0ck"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.err, "");
  }
}

TEST(CommandLine, ShowsItsHelpAsAnErrorWhenNothingIsAskedFor) {
  const auto outcome = run({});

  EXPECT_EQ(outcome.code, kExitInput);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("Usage: st0ck"), std::string::npos);
}

}  // namespace
}  // namespace st0ck::app
