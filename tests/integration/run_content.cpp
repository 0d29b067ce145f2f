#include "run_content.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace st0ck::test {

namespace fs = std::filesystem;

namespace {

using Row = std::string;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

DatabaseHandle open_database(const fs::path& path) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
  DatabaseHandle handle{database};
  if (code != SQLITE_OK) throw std::runtime_error(path.string() + ": " + sqlite3_errmsg(database));
  return handle;
}

std::vector<Row> rows_of(sqlite3* database, const std::string& sql) {
  std::vector<Row> rows;
  const auto keep = [](void* target, int count, char** values, char**) {
    Row row;
    for (int i = 0; i < count; ++i) row += fmt::format("|{}", values[i] ? values[i] : "NULL");
    static_cast<std::vector<Row>*>(target)->push_back(std::move(row));
    return 0;
  };
  if (sqlite3_exec(database, sql.c_str(), keep, &rows, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(database));
  return rows;
}

void add(std::string& content, const std::string& title, const std::vector<Row>& rows) {
  content += "== " + title + "\n";
  for (const Row& row : rows) content += row + "\n";
}

std::string without_wall_time(const std::string& summary) {
  auto json = nlohmann::ordered_json::parse(summary);
  json.erase("wall_seconds");
  return json.dump(2);
}

/// The first line that differs, from both.
std::string first_difference(const std::string& expected, const std::string& found) {
  const auto [a, b] = std::ranges::mismatch(expected, found);
  const auto line = std::count(expected.begin(), a, '\n') + 1;
  const auto line_at = [](const std::string& text, std::size_t offset) {
    const auto begin = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
    const auto from = begin == std::string::npos ? 0 : begin + 1;
    return text.substr(from, text.find('\n', offset) - from);
  };
  return fmt::format("line {}: expected '{}', found '{}'", line,
                     line_at(expected, static_cast<std::size_t>(a - expected.begin())),
                     line_at(found, static_cast<std::size_t>(b - found.begin())));
}

std::string journal_difference(const FileContents& expected, const FileContents& found) {
  for (const auto& [name, bytes] : expected) {
    const auto other = found.find(name);
    if (other == found.end()) return fmt::format("journal: no {}", name);
    if (bytes == other->second) continue;
    const auto place = std::ranges::mismatch(bytes, other->second).in1 - bytes.begin();
    return fmt::format("journal: {} differs at byte {}; {} bytes, expected {}", name, place,
                       other->second.size(), bytes.size());
  }
  for (const auto& [name, bytes] : found)
    if (!expected.contains(name)) return fmt::format("journal: {} is too much", name);
  return {};
}

}  // namespace

std::string bytes_of_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>{file}, {}};
}

void write_bytes(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << bytes;
  if (!file.flush()) throw std::runtime_error(path.string() + ": cannot be written");
}

FileContents files_in(const fs::path& folder) {
  FileContents files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.is_regular_file())
      files[entry.path().filename().string()] = bytes_of_file(entry.path());
  return files;
}

std::string database_content(const fs::path& path) {
  const DatabaseHandle database = open_database(path);
  std::string content;
  add(content, "user_version", rows_of(database.get(), "PRAGMA user_version"));
  add(content, "application_id", rows_of(database.get(), "PRAGMA application_id"));
  add(content, "integrity", rows_of(database.get(), "PRAGMA integrity_check"));
  add(content, "schema",
      rows_of(database.get(), "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"));
  for (const Row& name : rows_of(database.get(),
                                 "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
                                 "ORDER BY type, name")) {
    auto rows = rows_of(database.get(), fmt::format("SELECT * FROM \"{}\"", name.substr(1)));
    std::ranges::sort(rows);
    add(content, name.substr(1), rows);
  }
  return content;
}

std::string difference(const RunContent& expected, const RunContent& found) {
  if (expected.summary != found.summary)
    return "summary: " + first_difference(expected.summary, found.summary);
  if (expected.database != found.database)
    return "database: " + first_difference(expected.database, found.database);
  return journal_difference(expected.journal, found.journal);
}

RunInFolder::RunInFolder(DaemonCommand command, fs::path state_dir)
    : state_dir_{std::move(state_dir)},
      command_{command.on(state_dir_).with_option("--summary", summary().string())} {}

fs::path RunInFolder::summary() const {
  fs::path path = state_dir_;
  path += ".summary.json";
  return path;
}

RunContent RunInFolder::content() const {
  return {without_wall_time(bytes_of_file(summary())), database_content(database()),
          files_in(journal())};
}

RunContent RunInFolder::finish() const {
  const ProcessOutcome outcome = command_.run();
  if (outcome.exit_code != 0) throw std::runtime_error("st0ckd ended with " + outcome.text());
  return content();
}

}  // namespace st0ck::test
