#pragma once

#include "st0ck/core/result.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace st0ck::storage {

class Database;

/// The `user_version` of a trade log that this program writes and reads.
inline constexpr std::int64_t kSchemaVersion = 5;

/// The `application_id` of every trade log: `ST0C` as `file(1)` shows it.
inline constexpr std::int64_t kApplicationId = 0x53543043;

/// The SQL that leads from version n to n + 1, at place n. Steps are only ever added at the end;
/// a step that has shipped does not change.
std::span<const std::string> migration_steps();

/// Brings a database that is empty or of an older version to the version after the last step, in
/// one transaction: after a failure it is what it was. A newer version is Errc::TooNew, a
/// database of another program Errc::Mismatch; neither is touched.
core::Status migrate(Database& database, std::span<const std::string> steps = migration_steps());

/// Whether `migrate` would take the database: the same errors, without a lock.
core::Status check_migratable(Database& database);

/// Whether a reader of this version understands the database; the same errors, and Errc::Mismatch
/// for an older one, which only the daemon migrates.
core::Status check_readable(Database& database);

}  // namespace st0ck::storage
