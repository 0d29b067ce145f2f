#include "src/app/metrics_writer.hpp"

#include "src/app/metrics_keeper.hpp"
#include "support/recording_logger.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

Json json_in(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return Json::parse(in, nullptr, false);
}

class MetricsWriterTest : public testing::Test {
 protected:
  MetricsWriterSettings settings(std::uint64_t resident = 1'000) const {
    return {.path = file, .resident_bytes = [resident] { return std::optional{resident}; }};
  }

  st0ck::test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "metrics.json";
};

TEST_F(MetricsWriterTest, HasWrittenWhatWasOfferedLastOnceItHasFinished) {
  MetricsWriter writer{settings()};
  for (int i = 1; i <= 100; ++i) writer.offer({{"turn", i}});
  writer.finish();

  EXPECT_EQ(json_in(file)["turn"], 100);
  EXPECT_TRUE(writer.status());
}

TEST_F(MetricsWriterTest, FinishesWhenItGoes) {
  {
    MetricsWriter{settings()}.offer({{"turn", 1}});
  }

  EXPECT_EQ(json_in(file)["turn"], 1);
}

TEST_F(MetricsWriterTest, WritesNothingWhereNothingWasOffered) {
  {
    const MetricsWriter writer{settings()};
  }

  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(MetricsWriterTest, LeavesNoPartOfAnEarlierProcess) {
  std::ofstream{folder / "metrics.json.part"} << "{\"torn";
  {
    MetricsWriter{settings()}.offer({{"turn", 1}});
  }

  EXPECT_EQ(json_in(file)["turn"], 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "metrics.json.part"));
}

/// Writes figures of many lengths for ever; says so by a byte after each of the first few.
[[noreturn]] void write_for_ever(const MetricsWriterSettings& settings, int pipe) {
  for (int i = 0;; ++i) {
    MetricsWriter writer{settings};
    const auto length = static_cast<std::size_t>(1 + i % 50) * 1'000;
    writer.offer({{"length", length}, {"text", std::string(length, 'x')}});
    writer.finish();
    if (i < 100 && ::write(pipe, "x", 1) != 1) ::_exit(1);
  }
}

TEST_F(MetricsWriterTest, LeavesAWholeFileWheneverItIsKilled) {
  for (int kill = 1; kill <= 20; ++kill) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_for_ever(settings(), pipe[1]);
    char byte = 0;
    for (int i = 0; i < kill; ++i) ASSERT_EQ(::read(pipe[0], &byte, 1), 1);

    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(pipe[0]);
    ::close(pipe[1]);

    const Json found = json_in(file);
    ASSERT_TRUE(found.is_object()) << "after kill " << kill;
    EXPECT_EQ(found["text"].get<std::string>().size(), found["length"]);
    EXPECT_TRUE(found.contains("memory"));
  }
}

TEST_F(MetricsWriterTest, TellsMemoryAndThatItIsHighFromTheLimitOn) {
  MetricsWriter below{settings(499'999'999)};
  below.offer(Json::object());
  below.finish();
  EXPECT_EQ(json_in(file)["memory"]["resident_bytes"], 499'999'999);
  EXPECT_EQ(below.high_memory(), std::nullopt);

  MetricsWriter at{settings(500'000'000)};
  at.offer(Json::object());
  at.finish();
  EXPECT_EQ(at.high_memory(), 500'000'000);
}

TEST_F(MetricsWriterTest, SaysWhyMemoryIsNotKnown) {
  MetricsWriter writer{
      {.path = file, .resident_bytes = [] { return std::optional<std::uint64_t>{}; }}};
  writer.offer(Json::object());
  writer.finish();

  EXPECT_TRUE(json_in(file)["memory"]["resident_bytes"].is_null());
  EXPECT_TRUE(json_in(file)["memory"].contains("reason"));
}

TEST(ResidentBytes, AreMoreThanNone) { EXPECT_GT(resident_bytes().value_or(0), 100'000U); }

TEST_F(MetricsWriterTest, KeepsItsFirstFailure) {
  MetricsWriter writer{{.path = folder / "missing" / "metrics.json"}};
  writer.offer(Json::object());
  writer.finish();

  ASSERT_FALSE(writer.status());
  EXPECT_EQ(writer.status().error().code, core::Errc::Io);
}

TEST_F(MetricsWriterTest, LeavesAFolderAloneThatIsInThePlaceOfTheFile) {
  std::filesystem::create_directory(file);
  MetricsWriter writer{settings()};
  writer.offer(Json::object());
  writer.finish();

  ASSERT_FALSE(writer.status());
  EXPECT_EQ(writer.status().error().code, core::Errc::Io);
  EXPECT_TRUE(std::filesystem::is_directory(file));
  EXPECT_FALSE(std::filesystem::exists(folder / "metrics.json.part"));
}

TEST_F(MetricsWriterTest, IsGivenFiguresEveryFiveSeconds) {
  st0ck::test::RecordingLogger log;
  MetricsKeeper keeper{settings(), log.get(), 100s};

  EXPECT_FALSE(keeper.is_due(105s - 1ns));
  EXPECT_TRUE(keeper.is_due(105s));
  EXPECT_FALSE(keeper.is_due(106s));
  EXPECT_TRUE(keeper.is_due(110s));
}

TEST_F(MetricsWriterTest, WarnsOfHighMemoryOnce) {
  st0ck::test::RecordingLogger log;
  log.expect("MEMORY_HIGH");
  MetricsKeeper keeper{settings(500'000'001), log.get(), {}};
  keeper.finish(Json::object());
  keeper.finish(Json::object());

  EXPECT_EQ(log.count("MEMORY_HIGH"), 1U);
}

TEST_F(MetricsWriterTest, WarnsOnceOfFiguresThatCannotBeWritten) {
  st0ck::test::RecordingLogger log;
  log.expect("METRICS_NOT_WRITTEN");
  MetricsKeeper keeper{{.path = folder / "missing" / "metrics.json"}, log.get(), {}};
  keeper.finish(Json::object());
  keeper.finish(Json::object());

  EXPECT_EQ(log.count("METRICS_NOT_WRITTEN"), 1U);
}

}  // namespace
}  // namespace st0ck::app
