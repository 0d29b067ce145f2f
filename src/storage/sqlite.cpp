#include "sqlite.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/core/plain_file.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace st0ck::storage {

namespace {

bool is_permission(int system_error) {
  return system_error == EACCES || system_error == EPERM || system_error == EROFS;
}

core::Errc errc_of_system(int system_error) {
  if (is_permission(system_error)) return core::Errc::ReadOnly;
  if (system_error == ENOSPC || system_error == EDQUOT) return core::Errc::NoSpace;
  if (system_error == ENOENT || system_error == ENOTDIR) return core::Errc::NotFound;
  return core::Errc::Io;
}

core::Errc errc_of(int code, int system_error) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return core::Errc::NoSpace;
    case SQLITE_READONLY:
    case SQLITE_PERM: return core::Errc::ReadOnly;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return core::Errc::Locked;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return core::Errc::Corrupt;
    case SQLITE_CANTOPEN: return errc_of_system(system_error);
    case SQLITE_IOERR:
      return errc_of_system(system_error) == core::Errc::NoSpace ? core::Errc::NoSpace
                                                                 : core::Errc::Io;
    default: return core::Errc::Io;
  }
}

std::string finding_of(sqlite3* connection, int code, int system_error) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return "the disk or the database's size limit is full; free some space";
    case SQLITE_READONLY: return "the file cannot be written; give the user write permission";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another program holds the lock; only one may write at a time";
    case SQLITE_NOTADB: return "the file is not a SQLite database";
    default: break;
  }
  std::string finding = connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection);
  if (system_error != 0) finding += " (" + std::generic_category().message(system_error) + ")";
  return finding;
}

tl::unexpected<core::Error> failure(sqlite3* connection, const std::string& path, int code) {
  const int kind = code & 0xFF;
  const bool is_system = kind == SQLITE_CANTOPEN || kind == SQLITE_IOERR;
  const int system_error =
      is_system && connection != nullptr ? sqlite3_system_errno(connection) : 0;
  const core::Errc errc = errc_of(code, system_error);
  const bool may_pass = errc == core::Errc::Locked || errc == core::Errc::NoSpace;
  return tl::unexpected<core::Error>(
      core::Error{errc, path + ": " + finding_of(connection, code, system_error),
                  may_pass ? core::Retry::Yes : core::Retry::No});
}

int milliseconds(core::Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::bind(int place, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_.get(), place, value);
  ST0CK_ASSERT(code == SQLITE_OK, "a bound place is in the statement");
}

void Statement::bind(int place, double value) {
  const int code = sqlite3_bind_double(statement_.get(), place, value);
  ST0CK_ASSERT(code == SQLITE_OK, "a bound place is in the statement");
}

void Statement::bind(int place, std::string_view text) {
  // A null pointer would bind NULL.
  const char* begin = text.data() == nullptr ? "" : text.data();
  const int code =
      sqlite3_bind_text64(statement_.get(), place, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  ST0CK_ASSERT(code == SQLITE_OK, "a bound place is in the statement");
}

void Statement::bind_null(int place) {
  const int code = sqlite3_bind_null(statement_.get(), place);
  ST0CK_ASSERT(code == SQLITE_OK, "a bound place is in the statement");
}

core::Result<bool> Statement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3* connection = sqlite3_db_handle(statement_.get());
  if (code != SQLITE_DONE) {
    auto error = failure(connection, *place_, sqlite3_extended_errcode(connection));
    reset();
    return error;
  }
  reset();
  return false;
}

core::Status Statement::run() {
  const auto row = next();
  if (!row) return tl::unexpected(row.error());
  reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (begin == nullptr) return {};
  return {begin, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

core::Result<Database> Database::connect(const std::string& name, std::string path, int flags,
                                         core::Duration busy_timeout) {
  Database database;
  database.path_ = std::make_unique<std::string>(std::move(path));
  sqlite3* connection = nullptr;
  // Each connection stays on one thread, so SQLite's own locks are not needed.
  const int code = sqlite3_open_v2(name.c_str(), &connection,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database.connection_.reset(connection);
  if (code != SQLITE_OK) return failure(connection, *database.path_, code);
  sqlite3_busy_timeout(connection, milliseconds(busy_timeout));
  if (auto status = database.check_readable(); !status) return tl::unexpected(status.error());
  return database;
}

core::Status Database::check_readable() {
  const auto tables = integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tl::unexpected(tables.error());
  return {};
}

core::Result<Database> Database::open(const std::filesystem::path& path, Access access,
                                      core::Duration busy_timeout) {
  if (const auto checked = core::check_plain_file(path);
      !checked && checked.error().code == core::Errc::BadInput)
    return tl::unexpected(checked.error());
  if (access == Access::ReadWrite) {
    return connect(path.string(), path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                   busy_timeout);
  }
  auto opened = connect(path.string(), path.string(), SQLITE_OPEN_READONLY, busy_timeout);
  if (opened || opened.error().code == core::Errc::Locked ||
      opened.error().code == core::Errc::Corrupt) {
    return opened;
  }
  // In a folder that cannot be written, SQLite cannot make the shared memory that even a reader of
  // a WAL database needs. Without a -wal file the main file is all there is and does not change.
  std::error_code ignored;
  if (std::filesystem::exists(path.string() + "-wal", ignored)) return opened;
  std::string uri = "file:";
  for (const char c : path.string()) {
    if (c == '%' || c == '?' || c == '#') {
      fmt::format_to(std::back_inserter(uri), "%{:02x}", static_cast<unsigned>(c));
    } else {
      uri += c;
    }
  }
  auto immutable = connect(uri + "?immutable=1", path.string(),
                           SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, busy_timeout);
  if (immutable) return immutable;
  return opened;
}

core::Result<Database> Database::in_memory() {
  return connect(":memory:", "in-memory database", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, {});
}

core::Status Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(connection_.get(), *path_, code);
  return {};
}

core::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) return failure(connection_.get(), *path_, code);
  Statement statement;
  statement.statement_.reset(prepared);
  statement.place_ = path_.get();
  return statement;
}

core::Result<std::int64_t> Database::integer(std::string_view query) {
  auto statement = prepare(query);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return core::fail(core::Errc::Corrupt, "{}: no row for '{}'", *path_, query);
  return statement->integer(0);
}

void Database::roll_back() {
  if (sqlite3_get_autocommit(connection_.get()) == 0) {
    // SQLite may have rolled back by itself; then there is nothing to do, which is no failure.
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

bool Database::is_read_only() const { return sqlite3_db_readonly(connection_.get(), "main") == 1; }

}  // namespace st0ck::storage
