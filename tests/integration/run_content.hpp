#pragma once

#include "daemon_command.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace st0ck::test {

/// Names of files with their bytes.
using FileContents = std::map<std::string, std::string>;

std::string bytes_of_file(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, std::string_view bytes);

/// The files directly in a folder; none where there is no folder.
FileContents files_in(const std::filesystem::path& folder);

/// What a database says, whatever its pages look like: version, schema, and the rows of each
/// table and view, sorted. Throws what SQLite says against it.
std::string database_content(const std::filesystem::path& path);

/// What a finished run has to show for itself.
struct RunContent {
  std::string summary;  ///< Without the wall time.
  std::string database;
  FileContents journal;
};

/// Names the first place where two runs differ; empty where none does.
std::string difference(const RunContent& expected, const RunContent& found);

/// A command with the folder that its runs write to, and a summary beside that.
class RunInFolder {
 public:
  RunInFolder(DaemonCommand command, std::filesystem::path state_dir);

  const DaemonCommand& command() const { return command_; }
  const std::filesystem::path& state_dir() const { return state_dir_; }
  std::filesystem::path database() const { return state_dir_ / "trades.db"; }
  std::filesystem::path journal() const { return state_dir_ / "journal"; }
  std::filesystem::path summary() const;

  /// What there is now. Throws where a part is missing.
  RunContent content() const;

  /// Runs to the end, and throws when that is not exit code 0.
  RunContent finish() const;

 private:
  std::filesystem::path state_dir_;
  DaemonCommand command_;
};

}  // namespace st0ck::test
