#include "src/app/trade_log_renewal.hpp"

#include <string>
#include <string_view>
#include <system_error>

namespace st0ck::app {

namespace {

namespace fs = std::filesystem;

// The files of a database: what is not in the first yet is in the second.
constexpr std::string_view kEndings[] = {"", "-wal", "-shm"};

fs::path part_of(const fs::path& database, std::string_view ending) {
  return database.string() + std::string{ending};
}

core::Status io_error(const fs::path& file, std::string_view what, const std::error_code& error) {
  return core::fail(core::Errc::Io, "{}: cannot be {}: {}", file.string(), what, error.message());
}

core::Status remove_database(const fs::path& database) {
  for (const std::string_view ending : kEndings) {
    std::error_code error;
    fs::remove(part_of(database, ending), error);
    if (error) return io_error(part_of(database, ending), "removed", error);
  }
  return {};
}

/// The database itself moves last: where its new place holds one, all of it is there.
core::Status move_database(const fs::path& from, const fs::path& to) {
  for (const std::string_view ending : {kEndings[2], kEndings[1], kEndings[0]}) {
    std::error_code error;
    fs::rename(part_of(from, ending), part_of(to, ending), error);
    if (error && error != std::errc::no_such_file_or_directory)
      return io_error(part_of(from, ending), "moved", error);
  }
  return {};
}

}  // namespace

fs::path TradeLogRenewal::old() const { return part_of(trade_log_, ".before"); }

core::Status TradeLogRenewal::recover() const {
  std::error_code ignored;
  if (!fs::exists(old(), ignored)) return {};
  if (auto removed = remove_database(trade_log_); !removed) return removed;
  return move_database(old(), trade_log_);
}

core::Status TradeLogRenewal::set_aside() {
  // A crash in the middle of a move leaves parts that belong to no log.
  if (auto removed = remove_database(old()); !removed) return removed;
  if (auto moved = move_database(trade_log_, old()); !moved) return moved;
  is_under_way_ = true;
  return {};
}

core::Status TradeLogRenewal::drop_old() {
  if (auto removed = remove_database(old()); !removed) return removed;
  is_under_way_ = false;
  return {};
}

core::Status TradeLogRenewal::bring_back() {
  if (auto recovered = recover(); !recovered) return recovered;
  is_under_way_ = false;
  return {};
}

}  // namespace st0ck::app
