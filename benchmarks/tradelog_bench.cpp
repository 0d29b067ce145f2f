#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/storage/trade_log.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// What the trade log costs: the core thread per row handed over, and the writer per row committed
// beside a bare SQLite insert of the same rows into the same table.

namespace {

using namespace st0ck;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatchRows = 1000;

/// Rows of one run: enough that opening and closing do not count.
std::size_t rows_per_run() { return std::getenv("ST0CK_BENCH_SMOKE") ? 2'000 : 50'000; }

struct Record {
  kernel::RecordKind kind{};
  std::vector<std::byte> payload;
};

template <typename Row>
std::vector<std::byte> encoded(const Row& row) {
  kernel::PayloadBuffer buffer;
  kernel::encode(row, buffer);
  return {buffer.view().begin(), buffer.view().end()};
}

kernel::FillRow fill_row(std::size_t i) {
  kernel::FillRow row;
  row.account = core::AccountId{"default"};
  row.bot = core::BotId{"a"};
  row.engine = core::EngineName{"st0cka"};
  row.symbol = core::Symbol{"SPY"};
  row.client_order_id = core::ClientOrderId{fmt::format("a-st0cka-20190211-{}", i / 4)};
  row.execution = core::ExecutionId{fmt::format("sim-{}", i)};
  row.time =
      core::timestamp_from_ns(1'549'895'400'000'000'000 + static_cast<std::int64_t>(i) * 1000);
  row.side = i % 2 == 0 ? trading::Side::Buy : trading::Side::Sell;
  row.quantity = core::Quantity::whole(1);
  row.price =
      core::Price::from_raw(270'120'000'000 + static_cast<std::int64_t>(i % 100) * 10'000'000);
  row.notional = core::notional(row.price, row.quantity, core::kUnitMultiplier);
  row.fee = core::Money::from_raw(5'000'000);
  return row;
}

kernel::OrderRow order_row(const kernel::FillRow& fill) {
  kernel::OrderRow row;
  row.client_order_id = fill.client_order_id;
  row.account = fill.account;
  row.bot = fill.bot;
  row.engine = fill.engine;
  row.symbol = fill.symbol;
  row.quantity = core::Quantity::whole(4);
  return row;
}

kernel::PositionRow position_row() {
  kernel::PositionRow row;
  row.account = core::AccountId{"default"};
  row.bot = core::BotId{"a"};
  row.symbol = core::Symbol{"SPY"};
  row.quantity = core::Quantity::whole(1);
  row.cost = core::Money::whole(270);
  return row;
}

/// What the rows refer to: a bot, an instrument, and the orders of so many fills.
std::vector<Record> first_records(std::size_t fills) {
  std::vector<Record> records;
  kernel::RunStart run;
  run.account = core::AccountId{"default"};
  run.bots.push_back({core::BotId{"a"}, core::EngineName{"st0cka"}, 1});
  records.push_back({kernel::RecordKind::RunStart, encoded(run)});
  market::Instrument spy;
  spy.symbol = core::Symbol{"SPY"};
  records.push_back({kernel::RecordKind::InstrumentDefined, encoded(spy)});
  for (std::size_t i = 0; i < fills; i += 4)
    records.push_back({kernel::RecordKind::Order, encoded(order_row(fill_row(i)))});
  return records;
}

/// The rows of a run: fills, of which a day has the most.
struct Fills {
  std::vector<Record> first = first_records(rows_per_run());
  std::vector<kernel::FillRow> rows;
  std::vector<std::vector<std::byte>> payloads;
};

const Fills& all_fills() {
  static const Fills made = [] {
    Fills fills;
    for (std::size_t i = 0; i < rows_per_run(); ++i) {
      fills.rows.push_back(fill_row(i));
      fills.payloads.push_back(encoded(fills.rows.back()));
    }
    return fills;
  }();
  return made;
}

/// A folder with the database of one run.
class RunFolder {
 public:
  RunFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "st0ck-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~RunFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  std::filesystem::path database() const { return path_ / "trades.db"; }

 private:
  std::filesystem::path path_;
};

void expect(const core::Status& status) {
  if (!status) throw std::runtime_error(status.error().message);
}

/// A log whose queue holds all rows of a run, so that the core thread never waits.
std::unique_ptr<storage::TradeLog> open_log(const std::filesystem::path& path) {
  storage::TradeLogSettings settings;
  settings.path = path;
  settings.queue_size = core::mebibytes(64);
  settings.batch_rows = kBatchRows;
  settings.when_full = storage::WhenFull::Wait;
  auto log = storage::TradeLog::open(settings);
  if (!log) throw std::runtime_error(log.error().message);
  return std::move(*log);
}

/// Writes the records into a new database, and gives the sequence of the last one.
std::uint64_t prepare_database(const std::filesystem::path& path,
                               const std::vector<Record>& records) {
  const auto log = open_log(path);
  std::uint64_t sequence = 0;
  for (const auto& [kind, payload] : records)
    log->append(kind, core::Sequence{++sequence}, {}, payload);
  expect(log->finish());
  return sequence;
}

/// Times the parts of a benchmark that count, and gives items_per_second by the clock on the wall;
/// the library's own way goes by the processor time of one thread.
class Stopwatch {
 public:
  explicit Stopwatch(benchmark::State& state) : state_{state} {}
  ~Stopwatch() {
    const std::chrono::duration<double> seconds = taken_;
    state_.counters["items_per_second"] =
        static_cast<double>(state_.iterations()) / seconds.count();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  /// Whether to go for another run of so many rows; the time stands still at first.
  bool keep_running(std::size_t rows) {
    if (is_paused_) state_.ResumeTiming();
    is_paused_ = state_.KeepRunningBatch(static_cast<benchmark::IterationCount>(rows));
    if (is_paused_) state_.PauseTiming();
    return is_paused_;
  }
  void start() {
    state_.ResumeTiming();
    begin_ = Clock::now();
  }
  void stop() {
    taken_ += Clock::now() - begin_;
    state_.PauseTiming();
  }

 private:
  benchmark::State& state_;
  bool is_paused_ = false;
  Clock::time_point begin_;
  Clock::duration taken_{};
};

/// One row handed over by the core thread, the writer running beside; a position, because it takes
/// the writer's place in the database instead of making it grow. `p99_ns` includes the call
/// of the clock, some 25 ns.
void tradelog_enqueue(benchmark::State& state) {
  const std::vector<std::byte> payload = encoded(position_row());
  std::vector<std::int64_t> nanoseconds;
  const RunFolder folder;
  std::uint64_t sequence = prepare_database(folder.database(), first_records(0));
  const auto log = open_log(folder.database());
  Stopwatch watch{state};
  while (watch.keep_running(rows_per_run())) {
    nanoseconds.reserve(nanoseconds.size() + rows_per_run());
    while (log->metrics().queue_rows > 0) std::this_thread::yield();
    watch.start();
    auto before = Clock::now();
    for (std::size_t i = 0; i < rows_per_run(); ++i) {
      log->append(kernel::RecordKind::Position, core::Sequence{++sequence}, {}, payload);
      const auto after = Clock::now();
      nanoseconds.push_back((after - before).count());
      before = after;
    }
    watch.stop();
  }
  expect(log->finish());
  const auto rank = static_cast<std::ptrdiff_t>(nanoseconds.size() * 99 / 100);
  std::ranges::nth_element(nanoseconds, nanoseconds.begin() + rank);
  state.counters["p99_ns"] = static_cast<double>(nanoseconds[static_cast<std::size_t>(rank)]);
}
BENCHMARK(tradelog_enqueue)->Name("tradelog/enqueue");

/// One row from the core thread's hand to the committed and closed database.
void tradelog_sustained(benchmark::State& state) {
  const Fills& all = all_fills();
  Stopwatch watch{state};
  while (watch.keep_running(all.payloads.size())) {
    const RunFolder folder;
    std::uint64_t sequence = prepare_database(folder.database(), all.first);
    const auto log = open_log(folder.database());
    watch.start();
    for (const auto& payload : all.payloads)
      log->append(kernel::RecordKind::Fill, core::Sequence{++sequence}, {}, payload);
    expect(log->finish());
    watch.stop();
  }
}
BENCHMARK(tradelog_sustained)->Name("tradelog/sustained");

void check(int code, sqlite3* database) {
  if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database));
}

void run_sql(sqlite3* database, const char* sql) {
  check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), database);
}

void bind_text(sqlite3_stmt* statement, int place, std::string_view text) {
  sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void insert_bare(sqlite3* database, const std::vector<kernel::FillRow>& fills,
                 std::uint64_t sequence) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database, "INSERT INTO fills VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                           &statement, nullptr),
        database);
  std::size_t in_batch = 0;
  for (const kernel::FillRow& row : fills) {
    if (in_batch == 0) run_sql(database, "BEGIN");
    sqlite3_bind_int64(statement, 1, static_cast<std::int64_t>(++sequence));
    bind_text(statement, 2, row.account.view());
    bind_text(statement, 3, row.bot.view());
    bind_text(statement, 4, row.engine.view());
    bind_text(statement, 5, row.symbol.view());
    bind_text(statement, 6, row.client_order_id.view());
    bind_text(statement, 7, row.execution.view());
    sqlite3_bind_int64(statement, 8, core::to_ns(row.time));
    bind_text(statement, 9, trading::name_of(row.side));
    sqlite3_bind_int64(statement, 10, row.quantity.raw());
    sqlite3_bind_int64(statement, 11, row.price.raw());
    sqlite3_bind_int64(statement, 12, row.notional.raw());
    sqlite3_bind_int64(statement, 13, row.fee.raw());
    check(sqlite3_step(statement), database);
    sqlite3_reset(statement);
    if (++in_batch == kBatchRows) {
      run_sql(database, "COMMIT");
      in_batch = 0;
    }
  }
  if (in_batch > 0) run_sql(database, "COMMIT");
  sqlite3_finalize(statement);
}

/// One row by a prepared statement and nothing else: the same table with its indexes, the same
/// batches and synchronous level, without the foreign keys that the trade log checks.
void raw_sqlite_batch_insert(benchmark::State& state) {
  const Fills& all = all_fills();
  Stopwatch watch{state};
  while (watch.keep_running(all.rows.size())) {
    const RunFolder folder;
    const std::uint64_t sequence = prepare_database(folder.database(), all.first);
    sqlite3* database = nullptr;
    check(sqlite3_open(folder.database().c_str(), &database), database);
    run_sql(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
    watch.start();
    insert_bare(database, all.rows, sequence);
    sqlite3_close(database);
    watch.stop();
  }
}
BENCHMARK(raw_sqlite_batch_insert)->Name("raw/sqlite_batch_insert");

}  // namespace
