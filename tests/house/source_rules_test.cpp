#include "house/source_rules.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::house {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::vector<Violation>& violations) {
  std::string text;
  for (const auto& [file, line, rule] : violations) {
    text += file + ":" + std::to_string(line) + ": " + rule + "\n";
  }
  return text;
}

/// A source tree of a few files that lives as long as the test.
class SmallTree {
 public:
  SmallTree() {
    std::string name = (fs::temp_directory_path() / "st0ck-house-XXXXXX").string();
    top_ = mkdtemp(name.data());
  }
  ~SmallTree() { fs::remove_all(top_); }
  SmallTree(const SmallTree&) = delete;
  SmallTree& operator=(const SmallTree&) = delete;

  void add(const std::string& file, const std::string& text) {
    fs::create_directories((top_ / file).parent_path());
    std::ofstream(top_ / file) << text;
  }

  std::vector<Violation> violations() const { return violations_in(top_); }

 private:
  fs::path top_;
};

TEST(SourceRules, HoldInThisTree) {
  const fs::path top = fs::current_path();
  ASSERT_TRUE(fs::exists(top / "CMakeLists.txt")) << "run this test in the top folder";

  const auto violations = violations_in(top);

  EXPECT_TRUE(violations.empty()) << text_of(violations);
}

struct Case {
  std::string name;
  std::string file;
  std::string text;
};

void PrintTo(const Case& test_case, std::ostream* stream) { *stream << test_case.name; }

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class BadSource : public testing::TestWithParam<Case> {};

TEST_P(BadSource, IsFoundOnce) {
  SmallTree tree;
  tree.add(GetParam().file, GetParam().text);

  const auto violations = tree.violations();

  ASSERT_EQ(violations.size(), 1U) << text_of(violations);
  EXPECT_EQ(violations.front().file, GetParam().file);
}

const std::string kOnce = "#pragma once\n";

INSTANTIATE_TEST_SUITE_P(
    SourceRules, BadSource,
    testing::Values(
        Case{"CoreUsesMarket", "src/core/a.cpp", "#include \"st0ck/market/events.hpp\"\n"},
        Case{"CoreUsesAsio", "src/core/a.cpp", "#include <boost/asio/io_context.hpp>\n"},
        Case{"MarketUsesTradingByAngleBrackets", "src/market/a.cpp",
             "#include <st0ck/trading/order.hpp>\n"},
        Case{"TradingUsesOptions", "src/trading/a.cpp", "# include \"st0ck/options/occ.hpp\"\n"},
        Case{"TradingUsesKernel", "include/st0ck/trading/a.hpp",
             kOnce + "#include \"st0ck/kernel/engine.hpp\"\n"},
        Case{"KernelUsesStorage", "src/kernel/a.cpp", "#include \"st0ck/storage/db.hpp\"\n"},
        Case{"StorageUsesPrivateHeaderOfNet", "src/storage/a.cpp",
             "#include \"src/net/frame.hpp\"\n"},
        Case{"AdapterUsesKernel", "src/adapters/sim/a.cpp",
             "#include \"st0ck/kernel/engine.hpp\"\n"},
        Case{"AdapterUsesOtherAdapter", "src/adapters/alpaca/a.cpp",
             "#include \"st0ck/adapters/sim/market.hpp\"\n"},
        Case{"VendorAdapterUsesOptions", "src/adapters/alpaca/a.cpp",
             "#include \"st0ck/options/occ.hpp\"\n"},
        Case{"EngineUsesAdapter", "engines/a/a.cpp",
             "#include \"st0ck/adapters/sim/market.hpp\"\n"},
        Case{"EngineUsesOtherEngine", "engines/a/a.cpp", "#include \"engines/b/b.hpp\"\n"},
        Case{"EngineUsesDatabase", "engines/a/a.cpp", "#include <sqlite3.h>\n"},
        Case{"EngineUsesSocket", "engines/a/a.cpp", "#include <sys/socket.h>\n"},
        Case{"EngineReadsClock", "engines/a/a.cpp", "auto t = steady_clock::now();\n"},
        Case{"StrategyUsesTrading", "strategies/a/a.hpp",
             kOnce + "#include \"st0ck/trading/order.hpp\"\n"},
        Case{"StrategyDrawsSeed", "strategies/a/a.cpp", "std::random_device device;\n"},
        Case{"ResearchUsesNet", "src/research/a.cpp", "#include \"st0ck/net/http.hpp\"\n"},
        Case{"UnknownRoom", "src/utils/a.cpp", "int a;\n"},
        Case{"IncludeGoesUp", "src/market/a.cpp", "#include \"../core/a.hpp\"\n"},
        Case{"HeaderWithoutPragmaOnce", "include/st0ck/core/a.hpp", "int a();\n"},
        Case{"HeaderUsesNamespace", "src/market/a.hpp", kOnce + "using namespace std;\n"},
        Case{"PublicHeaderLeaksAsio", "include/st0ck/kernel/a.hpp",
             kOnce + "#include <boost/asio.hpp>\n"},
        Case{"PublicHeaderLeaksSqlite", "include/st0ck/storage/a.hpp",
             kOnce + "#include <sqlite3.h>\n"}),
    name_of);

TEST(SourceRules, AcceptGoodTree) {
  SmallTree tree;
  tree.add("include/st0ck/core/a.hpp", kOnce + "#include <fmt/format.h>\n\n#include <string>\n");
  tree.add("src/core/a.cpp", "#include \"st0ck/core/a.hpp\"\n#include \"private.hpp\"\n");
  tree.add("src/core/private.hpp", kOnce + "// Not here: system_clock::now().\n");
  tree.add("src/core/clock.cpp", "auto a = system_clock::now(); auto b = system_clock::now();\n");
  tree.add("src/kernel/a.cpp", "#include <boost/asio.hpp>\nusing namespace std::literals;\n");
  tree.add("engines/a/a.cpp",
           "#include \"engines/a/a.hpp\"\n#include \"strategies/s/s.hpp\"\n"
           "#include \"st0ck/kernel/engine.hpp\"\n");
  tree.add("src/app/a.cpp", "#include \"st0ck/adapters/sim/market.hpp\"\n");

  const auto violations = tree.violations();

  EXPECT_TRUE(violations.empty()) << text_of(violations);
}

TEST(SourceRules, NameEveryFileThatReadsTheSystemClock) {
  SmallTree tree;
  tree.add("src/core/clock.cpp", "auto a = std::chrono::system_clock::now();\n");
  tree.add("src/app/a.cpp", "\nauto a = std::chrono::system_clock::now();\n");

  const auto violations = tree.violations();

  ASSERT_EQ(violations.size(), 2U) << text_of(violations);
  EXPECT_EQ(violations.front().file, "src/app/a.cpp");
  EXPECT_EQ(violations.front().line, 2U);
}

}  // namespace
}  // namespace st0ck::house
