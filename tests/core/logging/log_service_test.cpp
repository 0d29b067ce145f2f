#include "st0ck/core/logging/log_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace st0ck::core {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StillClock final : public Clock {
 public:
  Timestamp now() const override { return timestamp_from_ns(1'549'895'400'000'000'000); }
};

class LogServiceTest : public testing::Test {
 protected:
  LogServiceTest()
      : folder_{fs::path{testing::TempDir()} /
                ("log_service_" + std::to_string(::getpid()) + "_" +
                 testing::UnitTest::GetInstance()->current_test_info()->name())} {
    fs::remove_all(folder_);
    settings_.terminal = TerminalStyle::Off;
  }
  ~LogServiceTest() override { fs::remove_all(folder_); }

  Result<std::unique_ptr<LogService>> open() {
    return LogService::open(settings_, folder_ / "log", "st0ckd", clock_.now());
  }

  std::vector<std::string> lines(const std::string& name = "st0ckd.log") const {
    std::ifstream file{folder_ / "log" / name};
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  fs::path folder_;
  LogSettings settings_;
  StillClock clock_;
};

TEST_F(LogServiceTest, WritesJsonLines) {
  auto service = open();
  ASSERT_TRUE(service) << service.error().message;
  const Logger log{**service, clock_};

  log.info("ENGINE_STATE", "ready", {{"bot", "a"}});
  log.debug("DETAIL", "below the level");
  (*service)->flush();

  ASSERT_EQ(lines().size(), 2U);
  EXPECT_THAT(lines()[0], HasSubstr("LOG_OPENED"));
  EXPECT_EQ(lines()[1],
            R"({"time":"2019-02-11T14:30:00.000000000Z","level":"info","code":"ENGINE_STATE",)"
            R"("message":"ready","bot":"a"})");
  EXPECT_EQ((*service)->counters().written, 1U);
}

TEST_F(LogServiceTest, GoesOnInTheSameFileAfterRestart) {
  for (int run = 0; run < 2; ++run) {
    auto service = open();
    ASSERT_TRUE(service);
    Logger{**service, clock_}.info("RUN", "again");
  }

  EXPECT_EQ(lines().size(), 4U);
}

TEST_F(LogServiceTest, CutsLineOffThatKilledProcessLeft) {
  fs::create_directories(folder_ / "log");
  std::ofstream{folder_ / "log" / "st0ckd.log"} << "{\"whole\":1}\n{\"to" << std::string(9000, 'r');

  ASSERT_TRUE(open());

  ASSERT_EQ(lines().size(), 2U);
  EXPECT_EQ(lines()[0], "{\"whole\":1}");
  EXPECT_THAT(lines()[1], HasSubstr("LOG_OPENED"));
}

TEST_F(LogServiceTest, RotatesAndKeepsTheNewestFiles) {
  settings_.file_size_max = ByteSize{1000};
  settings_.files_max = 3;
  auto service = open();
  ASSERT_TRUE(service);
  const Logger log{**service, clock_};

  for (int i = 0; i < 100; ++i) log.info("COUNT", "one more", {{"i", i}});
  (*service)->flush();

  std::vector<int> numbers;
  for (const char* name : {"st0ckd.2.log", "st0ckd.1.log", "st0ckd.log"}) {
    EXPECT_LE(fs::file_size(folder_ / "log" / name), 1000U);
    for (const auto& line : lines(name)) numbers.push_back(nlohmann::json::parse(line).at("i"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "log" / "st0ckd.3.log"));
  ASSERT_GT(numbers.size(), 10U);
  EXPECT_EQ(numbers.back(), 99);
  for (std::size_t i = 1; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], numbers[i - 1] + 1);
}

TEST_F(LogServiceTest, KeepsOneFileWhereOnlyOneIsWanted) {
  settings_.file_size_max = ByteSize{500};
  settings_.files_max = 1;
  auto service = open();
  ASSERT_TRUE(service);

  for (int i = 0; i < 50; ++i) Logger{**service, clock_}.info("COUNT", "one more", {{"i", i}});
  (*service)->flush();

  EXPECT_THAT(lines().back(), HasSubstr("\"i\":49"));
  EXPECT_EQ(std::distance(fs::directory_iterator{folder_ / "log"}, {}), 1);
}

TEST_F(LogServiceTest, RemovesFilesBeyondSmallerLimit) {
  fs::create_directories(folder_ / "log");
  for (const char* name : {"st0ckd.1.log", "st0ckd.2.log", "st0ckd.3.log"})
    std::ofstream{folder_ / "log" / name} << "{}\n";
  settings_.files_max = 2;

  ASSERT_TRUE(open());

  EXPECT_TRUE(fs::exists(folder_ / "log" / "st0ckd.1.log"));
  EXPECT_FALSE(fs::exists(folder_ / "log" / "st0ckd.2.log"));
  EXPECT_FALSE(fs::exists(folder_ / "log" / "st0ckd.3.log"));
}

TEST_F(LogServiceTest, SaysAtStartWhenTheDiskIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  fs::create_directories(folder_ / "log");
  fs::create_symlink("/dev/full", folder_ / "log" / "st0ckd.log");

  const auto service = open();

  ASSERT_FALSE(service);
  EXPECT_EQ(service.error().code, Errc::NoSpace);
  EXPECT_THAT(service.error().message, HasSubstr("st0ckd.log': cannot write: No space left"));
}

TEST_F(LogServiceTest, SaysAtStartWhenTheFolderCannotBeMade) {
  fs::create_directories(folder_);
  std::ofstream{folder_ / "log"} << "a file in its place";

  const auto service = open();

  ASSERT_FALSE(service);
  EXPECT_THAT(service.error().message, HasSubstr("cannot "));
}

TEST_F(LogServiceTest, CountsLinesThatTheFileDoesNotTakeAndGoesOn) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  settings_.file_size_max = ByteSize{300};
  settings_.files_max = 2;
  auto service = open();
  ASSERT_TRUE(service);
  const Logger log{**service, clock_};
  const auto line = std::string(300, 'x');
  // The rotation of the next line runs into a folder that stands where the old file should go.
  fs::create_directories(folder_ / "log" / "st0ckd.1.log" / "in the way");

  testing::internal::CaptureStderr();
  log.info("LOST", line);
  log.info("LOST", line);
  (*service)->flush();
  const auto said = testing::internal::GetCapturedStderr();
  fs::remove_all(folder_ / "log" / "st0ckd.1.log");
  log.info("KEPT", line);
  (*service)->flush();

  EXPECT_EQ((*service)->counters().write_failed, 2U);
  EXPECT_EQ((*service)->counters().written, 1U);
  EXPECT_THAT(said, HasSubstr("st0ck: log file"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
  EXPECT_THAT(lines().back(), HasSubstr("KEPT"));
}

TEST_F(LogServiceTest, LosesNoLineUnseenWhenManyThreadsWrite) {
  settings_.queue_max = 64;
  auto service = open();
  ASSERT_TRUE(service);
  constexpr int kThreads = 4;
  constexpr int kLines = 2000;

  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      const Logger log{**service, clock_};
      for (int i = 0; i < kLines; ++i) log.info("COUNT", "one more", {{"thread", t}, {"i", i}});
    });
  for (auto& thread : threads) thread.join();
  (*service)->flush();

  const auto counters = (*service)->counters();
  EXPECT_EQ(counters.written + counters.dropped, std::uint64_t{kThreads * kLines});
  std::uint64_t counted = 0;
  std::uint64_t reported = 0;
  for (const auto& text : lines()) {
    const auto line = nlohmann::json::parse(text);
    if (line.at("code") == "COUNT") ++counted;
    if (line.at("code") == "LOG_LINES_DROPPED") reported += line.at("lines").get<std::uint64_t>();
  }
  EXPECT_EQ(counted, counters.written);
  EXPECT_LE(reported, counters.dropped);
  if (counters.dropped > 0) EXPECT_GT(reported, 0U);
}

TEST_F(LogServiceTest, WritesPlainTextToStandardError) {
  settings_.terminal = TerminalStyle::Plain;
  testing::internal::CaptureStderr();
  {
    const auto service = LogService::open_terminal(settings_);
    Logger{*service, clock_}.warn("CODE", "a message");
  }

  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "2019-02-11 09:30:00 -05:00 WARN  CODE a message\n");
}

TEST(LogSettings, HaveDefaultsAndStayOutOfTheHash) {
  auto document = SettingsDocument::parse("log: {level: debug}", "t.yaml");

  const auto settings = document.root().section("log").read(log_schema());

  EXPECT_TRUE(document.finish().empty());
  EXPECT_EQ(settings.level, LogLevel::Debug);
  EXPECT_EQ(settings.file_size_max, mebibytes(16));
  EXPECT_EQ(document.canonical_text(), "");
}

}  // namespace
}  // namespace st0ck::core
