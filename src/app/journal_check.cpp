#include "src/app/journal_check.hpp"

#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <filesystem>

namespace st0ck::app {

namespace {

/// Nothing that could be read from its beginning.
bool has_no_record(const std::filesystem::path& directory) {
  auto journal = kernel::JournalReader::open(directory);
  if (!journal) return journal.error().code == core::Errc::NotFound;
  const auto first = journal->next();
  return first && *first == nullptr;
}

/// Before an order leaves, and before a halt is confirmed, the journal has them on the disk.
bool tells_of_trading(const std::filesystem::path& trade_log) {
  auto log = storage::TradeLogReader::open(trade_log);
  if (!log) return false;
  const auto orders = log->orders();
  const auto halts = log->halts();
  return (orders && !orders->empty()) || (halts && !halts->empty());
}

}  // namespace

core::Status check_journal_is_there(const StateDirectory& state) {
  if (!has_no_record(state.journal()) || !tells_of_trading(state.trade_log())) return {};
  return core::fail(core::Errc::Corrupt,
                    "JOURNAL_LOST: {}: found no record, and the trade log {} tells of orders or "
                    "halts of this run: without its journal they would be forgotten. Put the "
                    "journal back; or look after what is open at the broker by hand and begin a "
                    "new run in another --state-dir",
                    state.journal().string(), state.trade_log().string());
}

}  // namespace st0ck::app
