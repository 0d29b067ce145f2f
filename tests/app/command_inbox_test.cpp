#include "src/app/command_inbox.hpp"

#include "src/app/operator_command_file.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/stat.h>

namespace st0ck::app {
namespace {

using testing::HasSubstr;
using trading::OperatorCommand;
using trading::OperatorCommandKind;

OperatorCommand halt(std::string_view id) {
  OperatorCommand command;
  command.id = id;
  command.kind = OperatorCommandKind::Halt;
  command.reason = "news at ten";
  return command;
}

TEST(OperatorCommandFile, ReadsWhatItWrites) {
  OperatorCommand cancel;
  cancel.id = "7";
  cancel.kind = OperatorCommandKind::Cancel;
  cancel.order = core::ClientOrderId{"a-st0cka-20190211-1"};

  EXPECT_EQ(parse_command(command_text(cancel)).value(), cancel);
  EXPECT_EQ(parse_command(command_text(halt("1"))).value(), halt("1"));
}

struct BadFile {
  std::string text;
  std::string_view why;
};

TEST(OperatorCommandFile, SaysWhatIsWrong) {
  const std::vector<BadFile> files{
      {"", "no JSON object"},
      {"{\"id\":", "no JSON object"},
      {"[]", "no JSON object"},
      {R"({"id":"1","command":"halt","reason":"x","when":"now"})", "a key that is none of"},
      {R"({"id":1,"command":"halt","reason":"x"})", "id: not a text"},
      {R"({"id":"1","command":"stop","reason":"x"})", "command: found 'stop', allowed are halt"},
      {R"({"command":"halt","reason":"x"})", "halt: a id is missing"},
      {R"({"id":"1","command":"halt"})", "halt: a reason is missing"},
      {R"({"id":"1","command":"resume"})", "resume: a reason is missing"},
      {R"({"id":"1","command":"close"})", "close: a symbol is missing"},
      {R"({"id":"1","command":"cancel"})", "cancel: a order is missing"},
      {R"({"id":"1","command":"halt","reason":"x","symbol":"SPY"})", "that it does not take"},
      {R"({"id":"1","command":"halt","reason":"x","bot":"No Such"})", "bot"},
      {R"({"id":"1","command":"close","symbol":"spy?"})", "spy?"},
      {R"({"id":"1","command":"halt","reason":"\u0007"})", "cannot be printed"},
      {std::string(kCommandFileMax + 1, ' '), "bytes, allowed are"},
  };
  for (const BadFile& file : files) {
    const auto command = parse_command(file.text);
    ASSERT_FALSE(command) << file.text;
    EXPECT_THAT(command.error().message, HasSubstr(file.why)) << file.text;
  }
}

class CommandInboxTest : public testing::Test {
 protected:
  void put(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(path_);
    std::ofstream{path_ / name, std::ios::binary} << text;
  }

  test::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "commands";
  CommandInbox inbox_{path_};
};

TEST_F(CommandInboxTest, GivesCommandsInTheirOrderUntilTheyAreAnswered) {
  EXPECT_TRUE(inbox_.take().empty()) << "without a folder";
  const auto second = inbox_.post(halt("2")).value();
  const auto first = inbox_.post(halt("1")).value();

  const auto waiting = inbox_.take();

  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting[0].command.id, "1");
  EXPECT_EQ(waiting[1].command.id, "2");
  EXPECT_FALSE(inbox_.find_answer(first));
  ASSERT_TRUE(inbox_.answer(first, waiting[0].command, true, "done"));
  ASSERT_TRUE(inbox_.answer(second, waiting[1].command, false, "no such bot"));
  EXPECT_THAT(inbox_.find_answer(first).value(), HasSubstr("\"accepted\": true"));
  EXPECT_THAT(inbox_.find_answer(second).value(), HasSubstr("no such bot"));
  EXPECT_TRUE(CommandInbox{path_}.take().empty());
}

TEST_F(CommandInboxTest, KeepsWhatIsNoCommandWithTheReason) {
  put("1.json", "garbage");
  put("2.json", std::string(100'000, 'x'));
  put("3.txt", "somebody's notes");
  std::filesystem::create_directory(path_ / "4.json");
  std::filesystem::create_symlink("/etc/hostname", path_ / "5.json");
  put("6.json", command_text(halt("6")));

  const auto waiting = inbox_.take();

  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].command.id, "6");
  EXPECT_EQ(inbox_.refused(), 4U);
  for (const char* name : {"1.json", "2.json", "4.json", "5.json"}) {
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::symlink_status(path_ / "refused" / name)))
        << name;
    EXPECT_TRUE(inbox_.find_answer(name)) << name;
  }
  EXPECT_TRUE(std::filesystem::exists(path_ / "3.txt")) << "not ours";
}

TEST_F(CommandInboxTest, TakesNoFolderOrPipeForAnAnswer) {
  std::filesystem::create_directories(path_ / "answered" / "1.json");
  std::filesystem::create_directories(path_ / "refused" / "1.json.why");
  ASSERT_EQ(::mkfifo((path_ / "answered" / "2.json").c_str(), 0600), 0);

  EXPECT_EQ(inbox_.find_answer("1.json"), std::nullopt);
  EXPECT_EQ(inbox_.find_answer("2.json"), std::nullopt);
}

TEST_F(CommandInboxTest, TakesManyAHundredAtATime) {
  for (int i = 0; i < 150; ++i) put(fmt::format("{:04}.json", i), command_text(halt("x")));

  const auto first = inbox_.take();
  for (const auto& waiting : first)
    ASSERT_TRUE(inbox_.answer(waiting.file, waiting.command, true, ""));

  EXPECT_EQ(first.size(), 100U);
  EXPECT_EQ(inbox_.take().size(), 50U);
}

}  // namespace
}  // namespace st0ck::app
