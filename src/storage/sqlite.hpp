#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace st0ck::storage {

/// A prepared statement. Must not outlive its Database; one thread.
class Statement {
 public:
  Statement() = default;

  /// Places are counted from 1. Text is not copied: it must live until `run` or the last `next`.
  void bind(int place, std::int64_t value);
  void bind(int place, double value);
  void bind(int place, std::string_view text);
  void bind_null(int place);

  /// Steps to the next row; false after the last one, when the statement is ready to run again.
  core::Result<bool> next();

  /// Runs a statement that gives no rows, and makes it ready to run again.
  core::Status run();

  /// Makes the statement ready to run again before its last row.
  void reset();

  /// Columns are counted from 0; valid until the next step. Text of a NULL is empty.
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const std::string* place_ = nullptr;
};

/// One SQLite connection; each failure becomes an Error that begins with the database's path. One
/// thread at a time.
class Database {
 public:
  enum class Access : std::uint8_t { ReadWrite, ReadOnly };

  /// Opens the file, for writing creating it, and reads its header. `busy_timeout` is how long a
  /// call waits for another program's lock.
  static core::Result<Database> open(const std::filesystem::path& path, Access access,
                                     core::Duration busy_timeout);

  /// An empty database that lives as long as the connection.
  static core::Result<Database> in_memory();

  /// Runs any number of statements and ignores their rows.
  core::Status execute(const std::string& sql);
  core::Result<Statement> prepare(std::string_view sql);

  /// The first column of the first row of a query; Errc::Corrupt where there is none.
  core::Result<std::int64_t> integer(std::string_view query);

  /// Ends a transaction without its changes, if one is open.
  void roll_back();

  bool is_read_only() const;
  const std::string& path() const { return *path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };

  Database() = default;
  static core::Result<Database> connect(const std::string& name, std::string path, int flags,
                                        core::Duration busy_timeout);
  core::Status check_readable();

  std::unique_ptr<std::string> path_;  ///< Behind a pointer: statements refer to it.
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace st0ck::storage
