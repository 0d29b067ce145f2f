#include "app/program.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace st0ck {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDocument = "docs/commands.md";

/// Runs what the document shows in a folder that looks like the top of the source tree.
class Terminal {
 public:
  Terminal() {
    fs::create_directory(top());
    fs::create_symlink(fs::absolute("config"), top() / "config");
    fs::create_symlink(fs::absolute(test::shared_data("")).parent_path().parent_path(),
                       folder_ / "shared");
  }

  test::ProgramOutcome run(const std::string& commands) const {
    return test::run_shell(
        "export PATH=$(realpath \"$bin\"):$PATH; unset COLUMNS NO_COLOR\n"
        "cd " +
        top().string() + " && exec 2>&1\n" + commands);
  }

 private:
  fs::path top() const { return folder_ / "main"; }

  test::TemporaryFolder folder_;
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The document with what its commands print now.
std::string document_as_it_should_be(const std::vector<std::string>& lines) {
  const Terminal terminal;
  std::string text;
  std::string script;
  std::string block;
  for (const std::string& line : lines) {
    const bool is_fence = line.starts_with("```");
    if (is_fence && block == "sh") {
      const auto outcome = terminal.run(script);
      EXPECT_EQ(outcome.exit_code, 0) << script << outcome.out;
      script.clear();
    }
    if (block == "sh" && !is_fence) script += line + "\n";
    const bool is_output = block == "console" && !is_fence && !line.starts_with("$ ");
    if (!is_output) text += line + "\n";
    if (block == "console" && line.starts_with("$ ")) text += terminal.run(line.substr(2)).out;
    if (is_fence) block = block.empty() ? line.substr(3) : "";
  }
  return text;
}

TEST(CommandsDocument, ShowsWhatTheCommandsPrint) {
  ST0CK_NEED_SHARED_DATA("us-equity-minute-2019");
  const auto lines = lines_of(kDocument);
  ASSERT_FALSE(lines.empty());
  std::string written;
  for (const std::string& line : lines) written += line + "\n";

  const std::string expected = document_as_it_should_be(lines);

  if (std::getenv("ST0CK_UPDATE_DOCS") != nullptr) {
    std::ofstream{kDocument} << expected;
    return;
  }
  EXPECT_EQ(written, expected) << "ST0CK_UPDATE_DOCS=1 brings " << kDocument << " up to date";
}

}  // namespace
}  // namespace st0ck
