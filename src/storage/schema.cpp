#include "st0ck/storage/schema.hpp"

#include "sqlite.hpp"

#include <fmt/format.h>

namespace st0ck::storage {

namespace {

struct Identity {
  std::int64_t version = 0;
  std::int64_t application = 0;
  std::int64_t objects = 0;

  bool is_empty() const { return version == 0 && application == 0 && objects == 0; }
};

core::Result<Identity> identity_of(Database& database) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto application = database.integer("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  const auto objects = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!objects) return tl::unexpected(objects.error());
  return Identity{*version, *application, *objects};
}

core::Status check_ours(const Database& database, const Identity& found, std::int64_t version) {
  if (found.application != kApplicationId) {
    return core::fail(core::Errc::Mismatch,
                      "{}: is a database of another program (application id {}), expected a trade "
                      "log of st0ck",
                      database.path(), found.application);
  }
  if (found.version > version) {
    return core::fail(core::Errc::TooNew,
                      "{}: has schema version {}, this st0ck knows versions up to {}; use the "
                      "newer st0ck that wrote it",
                      database.path(), found.version, version);
  }
  return {};
}

core::Status apply(Database& database, std::int64_t from, std::span<const std::string> steps) {
  for (auto step = static_cast<std::size_t>(from); step < steps.size(); ++step) {
    if (auto status = database.execute(steps[step]); !status) {
      return core::at(fmt::format("migration to schema version {}", step + 1), status.error());
    }
  }
  return database.execute(fmt::format("PRAGMA application_id={};PRAGMA user_version={};COMMIT",
                                      kApplicationId, steps.size()));
}

}  // namespace

core::Status check_migratable(Database& database) {
  const auto found = identity_of(database);
  if (!found) return tl::unexpected(found.error());
  return found->is_empty() ? core::Status{} : check_ours(database, *found, kSchemaVersion);
}

core::Status migrate(Database& database, std::span<const std::string> steps) {
  const auto version = static_cast<std::int64_t>(steps.size());
  // The lock comes first, so that two programs that start at once do not both migrate.
  if (auto status = database.execute("BEGIN IMMEDIATE"); !status) return status;
  core::Status status;
  const auto found = identity_of(database);
  if (!found) {
    status = tl::unexpected<core::Error>(found.error());
  } else if (!found->is_empty()) {
    status = check_ours(database, *found, version);
  }
  if (status && found->version < version) status = apply(database, found->version, steps);
  database.roll_back();
  return status;
}

core::Status check_readable(Database& database) {
  const auto found = identity_of(database);
  if (!found) return tl::unexpected(found.error());
  if (auto status = check_ours(database, *found, kSchemaVersion); !status) return status;
  if (found->version < kSchemaVersion) {
    return core::fail(core::Errc::Mismatch,
                      "{}: has schema version {}, expected {}; start st0ckd once to migrate it",
                      database.path(), found->version, kSchemaVersion);
  }
  return {};
}

}  // namespace st0ck::storage
