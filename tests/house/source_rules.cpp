#include "house/source_rules.hpp"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace st0ck::house {
namespace {

namespace fs = std::filesystem;
using Rooms = std::set<std::string, std::less<>>;

constexpr std::string_view kAll = "*";

// Which rooms a room may include, besides itself. A name that ends in a slash stands for each
// folder below it: one engine may not include another.
const std::map<std::string, Rooms, std::less<>>& allowed_rooms() {
  static const std::map<std::string, Rooms, std::less<>> table{
      {"core", {}},
      {"options", {"core"}},
      {"market", {"core", "options"}},
      {"indicators", {"core", "market"}},
      {"trading", {"core", "market"}},
      {"kernel", {"core", "market", "trading"}},
      {"net", {"core"}},
      {"adapters/sim", {"core", "market", "trading", "net", "options"}},
      {"adapters/", {"core", "market", "trading", "net"}},
      {"storage", {"core", "market", "trading", "kernel"}},
      {"strategies/", {"core", "options", "market", "indicators"}},
      {"engines/", {"core", "options", "market", "indicators", "trading", "kernel", "strategies/"}},
      {"research",
       {"core", "options", "market", "indicators", "trading", "kernel", "adapters/sim", "storage",
        "strategies/", "engines/"}},
      {"app", {std::string(kAll)}},
  };
  return table;
}

// The part of a path up to the given number of slashes.
std::string leading_folders(std::string_view path, int count) {
  std::size_t end = 0;
  for (int i = 0; i < count; ++i) {
    end = path.find('/', end);
    if (end == std::string_view::npos) return std::string(path);
    ++end;
  }
  return std::string(path.substr(0, end - 1));
}

// The room that a path under the top folder, or an include of ours, belongs to.
std::optional<std::string> room_of(std::string_view path) {
  for (const std::string_view prefix : {"include/st0ck/", "st0ck/", "src/"}) {
    if (!path.starts_with(prefix)) continue;
    path.remove_prefix(prefix.size());
    return leading_folders(path, path.starts_with("adapters/") ? 2 : 1);
  }
  if (path.starts_with("engines/") || path.starts_with("strategies/")) {
    return leading_folders(path, 2);
  }
  // The generated list of engines.
  if (path == "cmake/registered_engines.hpp") return "app";
  return std::nullopt;
}

// "engines/" for "engines/swing"; nothing for a room that is no member of a family.
std::optional<std::string> family_of(std::string_view room) {
  const auto slash = room.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return std::string(room.substr(0, slash + 1));
}

const Rooms* rooms_allowed_to(std::string_view room) {
  const auto& table = allowed_rooms();
  auto row = table.find(room);
  if (row == table.end()) {
    const auto family = family_of(room);
    if (family) row = table.find(*family);
  }
  return row == table.end() ? nullptr : &row->second;
}

bool may_include(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const Rooms* rooms = rooms_allowed_to(from);
  if (rooms == nullptr) return false;
  const auto family = family_of(to);
  return rooms->contains(kAll) || rooms->contains(to) || (family && rooms->contains(*family));
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](auto prefix) { return text.starts_with(prefix); });
}

bool is_heavy(std::string_view include) {
  return starts_with_any(include, {"boost/asio", "boost/beast", "boost/process", "sqlite3", "curl/",
                                   "duckdb", "xgboost", "libpq", "simdjson"});
}

bool is_outside_world(std::string_view include) {
  return is_heavy(include) ||
         starts_with_any(include, {"sys/socket", "netinet/", "arpa/", "openssl/ssl", "fstream",
                                   "filesystem", "thread", "future", "unistd.h", "fcntl.h"});
}

struct Include {
  std::string path;
  bool quoted = false;
};

std::optional<Include> include_in(std::string_view line) {
  const auto skip_blanks = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_blanks();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
  const bool quoted = line.front() == '"';
  const auto end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), quoted};
}

std::string_view without_comment(std::string_view line) { return line.substr(0, line.find("//")); }

/// Walks the tree, file by file and line by line.
class Checker {
 public:
  explicit Checker(fs::path top) : top_(std::move(top)) {}

  std::vector<Violation> run() {
    for (const auto& path : sources()) check_file(path);
    if (clock_users_.size() > 1) {
      for (const auto& user : clock_users_) {
        report_at(user, "system_clock::now() may appear in one file only");
      }
    }
    return std::move(violations_);
  }

 private:
  std::vector<fs::path> sources() const {
    std::vector<fs::path> found;
    for (const auto* folder : {"include", "src", "engines", "strategies"}) {
      if (!fs::is_directory(top_ / folder)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(top_ / folder)) {
        const auto extension = entry.path().extension();
        if (extension == ".hpp" || extension == ".cpp" || extension == ".h") {
          found.push_back(fs::relative(entry.path(), top_));
        }
      }
    }
    std::ranges::sort(found);
    return found;
  }

  void check_file(const fs::path& path) {
    file_ = path.generic_string();
    line_ = 0;
    is_header_ = path.extension() != ".cpp";
    const auto room = room_of(file_);
    room_ = room.value_or("");
    if (rooms_allowed_to(room_) == nullptr) {
      report("no room '" + room_ + "' in the table");
      return;
    }
    bool has_pragma_once = false;
    std::ifstream text(top_ / path);
    for (std::string line; std::getline(text, line);) {
      ++line_;
      has_pragma_once = has_pragma_once || line == "#pragma once";
      if (const auto include = include_in(line)) {
        check_include(*include);
      } else {
        check_line(without_comment(line));
      }
    }
    line_ = 1;
    if (is_header_ && !has_pragma_once) report("a header begins with #pragma once");
  }

  void check_include(const Include& include) {
    if (include.path.find("../") != std::string::npos) {
      report("includes name a path from the top, not ../");
      return;
    }
    if (is_ours(include)) check_arrow(include);
    if (is_header_ && file_.starts_with("include/") && is_heavy(include.path)) {
      report("heavy header " + include.path + " belongs into a .cpp");
    }
    if (is_pure() && is_outside_world(include.path)) {
      report("decisions know no " + include.path);
    }
    if (room_ == "core" && is_heavy(include.path)) {
      report("core knows no " + include.path);
    }
  }

  void check_arrow(const Include& include) {
    const auto target = room_of(include.path);
    // A private header beside its .cpp.
    if (!target) return;
    if (!may_include(room_, *target)) {
      report(room_ + " may not include " + *target + " (" + include.path + ")");
    }
  }

  void check_line(std::string_view line) {
    const auto has = [&](std::string_view text) {
      return line.find(text) != std::string_view::npos;
    };
    if (is_header_ && has("using namespace ")) report("no `using namespace` in a header");
    if (has("system_clock::now") && (clock_users_.empty() || clock_users_.back().file != file_)) {
      clock_users_.push_back({.file = file_, .line = line_, .rule = {}});
    }
    if (!is_pure()) return;
    for (const std::string_view word :
         {"_clock::now", "random_device", "std::thread", "std::jthread", "std::async", "getenv"}) {
      if (has(word)) report("decisions depend on no " + std::string(word));
    }
  }

  static bool is_ours(const Include& include) {
    return include.quoted ||
           starts_with_any(include.path, {"st0ck/", "engines/", "strategies/", "src/"});
  }

  // Engines and strategies are functions of their events and configuration, nothing else.
  bool is_pure() const { return starts_with_any(room_, {"engines/", "strategies/"}); }

  void report(std::string rule) {
    violations_.push_back({.file = file_, .line = line_, .rule = std::move(rule)});
  }

  void report_at(const Violation& place, std::string rule) {
    violations_.push_back({.file = place.file, .line = place.line, .rule = std::move(rule)});
  }

  fs::path top_;
  std::string file_;
  std::string room_;
  std::size_t line_ = 0;
  bool is_header_ = false;
  std::vector<Violation> clock_users_;
  std::vector<Violation> violations_;
};

}  // namespace

std::vector<Violation> violations_in(const fs::path& top) { return Checker(top).run(); }

}  // namespace st0ck::house
