#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "support/temporary_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace st0ck::storage {

/// A record as a journal holds it.
struct StoredRecord {
  kernel::RecordKind kind{};
  core::Sequence sequence;
  core::Timestamp time;
  kernel::PayloadBuffer payload;
};

using StoredRecords = std::vector<StoredRecord>;

/// Collects records as the kernel would number them.
class RecordScript {
 public:
  template <typename Row>
  void add(kernel::RecordKind kind, const Row& row) {
    StoredRecord record{kind, core::Sequence{records.size() + 1}, now, {}};
    kernel::encode(row, record.payload);
    records.push_back(std::move(record));
  }

  core::Timestamp now = core::timestamp_from_ns(1'549'893'000'000'000'000);
  StoredRecords records;
};

struct SampleSize {
  std::uint32_t seed = 1;
  int sessions = 3;
  int orders_per_session = 20;
  bool has_end = true;
};

/// A run of two bots with random orders, partial fills, turned positions, odd fees and every kind
/// of record, booked by trading::Ledger.
StoredRecords sample_run(const SampleSize& size);

/// Hands the records over, as the core thread does.
void append_all(kernel::RecordSink& sink, const StoredRecords& records, std::size_t from = 0);

/// A journal in memory from which a trade log can catch up.
CatchUp catch_up_from(const StoredRecords& records);

/// Each table's rows as text, for comparing what two databases hold.
std::string content_of(const std::filesystem::path& database);

/// Runs SQL on a database as somebody from outside would.
void run_sql(const std::filesystem::path& database, const std::string& sql);

/// The first column of the first row, as text.
std::string query_text(const std::filesystem::path& database, const std::string& sql);

using test::TemporaryFolder;

/// Writes the records into a new trade log at `database`.
void write_trade_log(const std::filesystem::path& database, const StoredRecords& records);

}  // namespace st0ck::storage
