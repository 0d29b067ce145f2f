#include "st0ck/storage/schema.hpp"

#include "src/storage/sqlite.hpp"
#include "storage/sample_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace st0ck::storage {
namespace {

using testing::HasSubstr;

Database in_memory() {
  auto database = Database::in_memory();
  EXPECT_TRUE(database);
  return std::move(*database);
}

std::int64_t integer(Database& database, const std::string& query) {
  const auto value = database.integer(query);
  EXPECT_TRUE(value) << value.error().message;
  return value.value_or(-1);
}

TEST(Schema, GoesFromAnEmptyDatabaseToTheNewestVersion) {
  Database database = in_memory();

  const auto status = migrate(database);

  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(integer(database, "PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(integer(database, "PRAGMA application_id"), kApplicationId);
  EXPECT_EQ(integer(database, "SELECT value FROM meta WHERE key = 'last_sequence'"), 0);
}

TEST(Schema, BringsATradeLogOfVersionOneUpWithItsOrders) {
  Database database = in_memory();
  ASSERT_TRUE(migrate(database, migration_steps().first(1)));
  ASSERT_TRUE(database.execute(
      "INSERT INTO bots VALUES('default', 'a', 'st0cka', 1, 0, 0, 1);"
      "INSERT INTO instruments VALUES('SPY', 'equity', 1, 10000000, 2);"
      "INSERT INTO orders VALUES('a-st0cka-20190211-1', 1, 'default', 'a', 'st0cka', 'SPY', 'buy',"
      "'market', 'day', 'entry', 1000000000, NULL, NULL, 'filled', 1000000000, 0, 0, 0, 0, 'ENTRY',"
      "'', 3, 3)"));

  ASSERT_TRUE(migrate(database));

  EXPECT_EQ(integer(database, "PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(integer(database,
                    "SELECT count(*) FROM readable_orders WHERE group_kind = 'none' "
                    "AND group_role = 'single' AND trail IS NULL"),
            1);
  EXPECT_EQ(integer(database, "SELECT count(*) FROM halts"), 0);
  EXPECT_EQ(integer(database, "SELECT count(*) FROM readable_differences"), 0);
  EXPECT_EQ(integer(database, "SELECT count(*) FROM readable_account_checks"), 0);
}

TEST(Schema, ChangesNothingTheSecondTime) {
  Database database = in_memory();
  ASSERT_TRUE(migrate(database));
  ASSERT_TRUE(database.execute("UPDATE meta SET value = 7 WHERE key = 'last_sequence'"));
  const std::int64_t changes = integer(database, "PRAGMA schema_version");

  const auto status = migrate(database);

  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(integer(database, "PRAGMA schema_version"), changes);
  EXPECT_EQ(integer(database, "SELECT value FROM meta WHERE key = 'last_sequence'"), 7);
}

TEST(Schema, TakesOnlyTheStepsThatAreMissing) {
  Database database = in_memory();
  const std::array<std::string, 2> steps{"CREATE TABLE one(a)", "ALTER TABLE one ADD COLUMN b"};
  ASSERT_TRUE(migrate(database, std::span{steps}.first(1)));

  const auto status = migrate(database, steps);

  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(integer(database, "SELECT count(*) FROM pragma_table_info('one')"), 2);
  EXPECT_EQ(integer(database, "PRAGMA user_version"), 2);
}

TEST(Schema, IsWhatItWasAfterAFailedStep) {
  Database database = in_memory();
  const std::array<std::string, 2> steps{"CREATE TABLE one(a)",
                                         "CREATE TABLE two(a); CREATE TABLE one(a)"};

  const auto status = migrate(database, steps);

  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("migration to schema version 2"));
  EXPECT_EQ(integer(database, "SELECT count(*) FROM sqlite_schema"), 0);
  EXPECT_EQ(integer(database, "PRAGMA user_version"), 0);
}

TEST(Schema, RefusesANewerVersion) {
  Database database = in_memory();
  ASSERT_TRUE(migrate(database));
  ASSERT_TRUE(database.execute("PRAGMA user_version = 99"));

  for (const auto& status :
       {migrate(database), check_migratable(database), check_readable(database)}) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, core::Errc::TooNew);
    EXPECT_THAT(status.error().message, HasSubstr("has schema version 99, this st0ck knows"));
  }
}

TEST(Schema, RefusesTheDatabaseOfAnotherProgram) {
  Database database = in_memory();
  ASSERT_TRUE(database.execute("CREATE TABLE invoices(id)"));

  for (const auto& status :
       {migrate(database), check_migratable(database), check_readable(database)}) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, core::Errc::Mismatch);
    EXPECT_THAT(status.error().message, HasSubstr("is a database of another program"));
  }
}

TEST(Schema, ReadersAskForAMigrationOfAnOlderVersion) {
  Database database = in_memory();
  ASSERT_TRUE(migrate(database));
  ASSERT_TRUE(database.execute("PRAGMA user_version = 0"));

  const auto status = check_readable(database);

  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("start st0ckd once to migrate it"));
}

TEST(Schema, IsStrictInEveryTable) {
  Database database = in_memory();
  ASSERT_TRUE(migrate(database));

  EXPECT_EQ(integer(database,
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE "
                    "'%STRICT%'"),
            0);
}

TEST(Schema, HasViewsThatCanAllBeRead) {
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", sample_run({}));
  auto database = Database::open(folder / "trades.db", Database::Access::ReadOnly, {});
  ASSERT_TRUE(database);
  auto views = database->prepare("SELECT name FROM sqlite_schema WHERE type = 'view'");
  ASSERT_TRUE(views);

  int count = 0;
  while (views->next().value()) {
    const std::string name{views->text(0)};
    EXPECT_GT(integer(*database, "SELECT count(*) FROM " + name), 0) << name;
    auto all = database->prepare("SELECT * FROM " + name);
    ASSERT_TRUE(all) << all.error().message;
    while (all->next().value()) {
    }
    ++count;
  }

  EXPECT_EQ(count, 17);
}

TEST(Schema, WritesDecimalsAsCoreDoes) {
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", sample_run({}));
  for (const std::int64_t raw :
       {0L, 1L, -1L, 10'000'000L, 999'999'999L, 1'000'000'000L, -1'500'000'000L, 270'123'456'789L,
        -270'100'000'000L, INT64_MAX, INT64_MIN}) {
    run_sql(folder / "trades.db", fmt::format("UPDATE positions SET cost_e9 = {0}, quantity_e9 = "
                                              "{0}",
                                              raw));

    EXPECT_EQ(query_text(folder / "trades.db", "SELECT cost FROM readable_positions"),
              core::Money::from_raw(raw).to_string());
    EXPECT_EQ(query_text(folder / "trades.db", "SELECT quantity FROM readable_positions"),
              core::Quantity::from_raw(raw).to_string());
  }
}

TEST(Schema, WritesTimesInUtcToTheNanosecond) {
  const TemporaryFolder folder;
  write_trade_log(folder / "trades.db", sample_run({}));
  run_sql(folder / "trades.db", "UPDATE fills SET time_ns = 1549895400000000007");

  EXPECT_EQ(query_text(folder / "trades.db", "SELECT time FROM readable_fills"),
            "2019-02-11T14:30:00.000000007Z");
}

TEST(Schema, ShowsTheTablesOfTheSpecification) {
  const TemporaryFolder folder;
  const auto path = folder / "trades.db";
  write_trade_log(path, sample_run({}));

  EXPECT_EQ(query_text(path, "SELECT bot_id||name||strategy||account||active FROM bot_registry"),
            "aast0ckadefault1");
  EXPECT_EQ(query_text(path, "SELECT count(*) FROM stock_trades WHERE status = 'CLOSED'"),
            query_text(path,
                       "SELECT count(*) FROM trades JOIN instruments USING(symbol) WHERE "
                       "asset_class = 'equity'"));
  EXPECT_EQ(query_text(path, "SELECT count(*) FROM execution_logs WHERE error IS NULL"),
            query_text(path, "SELECT count(*) FROM fills"));
  EXPECT_EQ(query_text(path, "SELECT count(*) FROM execution_logs WHERE error = 'NO_MONEY'"),
            query_text(path, "SELECT count(*) FROM orders WHERE state = 'rejected'"));
  EXPECT_EQ(query_text(path, "SELECT count(*) FROM risk_metrics"),
            query_text(path, "SELECT count(*) FROM daily_metrics"));
}

// Five closed trades with the results +, -, -, 0 after fees, -: the last streak is one.
TEST(Schema, CountsConsecutiveLossesAfterFees) {
  const TemporaryFolder folder;
  const auto path = folder / "trades.db";
  write_trade_log(path, sample_run({.orders_per_session = 0}));
  const auto add = [&](int sequence, int realized) {
    run_sql(path, fmt::format("INSERT INTO trades VALUES({}, 1, 'default', 'a', 'st0cka', 'SPY', "
                              "'buy', 1, 1, 1, 1, 1, {}, 10, 'X')",
                              sequence, realized));
  };
  const auto streak = [&] {
    return query_text(path,
                      "SELECT consecutive_losses FROM risk_metrics WHERE bot_id = 'a' ORDER BY "
                      "timestamp DESC");
  };
  run_sql(path, "UPDATE daily_metrics SET sequence = sequence + 1000");

  EXPECT_EQ(streak(), "0");
  add(201, 20);
  EXPECT_EQ(streak(), "0");
  add(202, 9);
  add(203, -5);
  EXPECT_EQ(streak(), "2");
  add(204, 10);
  EXPECT_EQ(streak(), "0");
  add(205, 9);
  EXPECT_EQ(streak(), "1");
}

}  // namespace
}  // namespace st0ck::storage
