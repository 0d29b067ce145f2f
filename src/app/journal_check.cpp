#include "src/app/journal_check.hpp"

#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace st0ck::app {

namespace {

/// Nothing that could be read from its beginning.
bool has_no_record(const std::filesystem::path& directory) {
  auto journal = kernel::JournalReader::open(directory);
  if (!journal) return journal.error().code == core::Errc::NotFound;
  const auto first = journal->next();
  return first && *first == nullptr;
}

/// A start that was interrupted has set it aside (TradeLogRenewal).
std::filesystem::path trade_log_of(const StateDirectory& state) {
  const std::filesystem::path aside = state.trade_log().string() + ".before";
  std::error_code ignored;
  return std::filesystem::exists(aside, ignored) ? aside : state.trade_log();
}

/// One that cannot be read may do so too.
bool tells_of_trading(const std::filesystem::path& trade_log) {
  std::error_code ignored;
  if (!std::filesystem::exists(trade_log, ignored)) return false;
  auto log = storage::TradeLogReader::open(trade_log);
  if (!log) return true;
  const auto orders = log->orders();
  const auto halts = log->halts();
  return !orders || !halts || !orders->empty() || !halts->empty();
}

}  // namespace

core::Status check_journal_is_there(const StateDirectory& state) {
  if (!has_no_record(state.journal()) || !tells_of_trading(trade_log_of(state))) return {};
  return core::fail(core::Errc::Corrupt,
                    "JOURNAL_LOST: {}: found no record, and the trade log {} tells of orders or "
                    "halts of this run, or cannot be read: without its journal they would be "
                    "forgotten. Put the journal back; or look after what is open at the broker by "
                    "hand and begin a new run in another --state-dir",
                    state.journal().string(), trade_log_of(state).string());
}

core::Sequence last_record_promised(const StateDirectory& state) {
  core::Sequence last;
  auto log = storage::TradeLogReader::open(trade_log_of(state));
  if (!log) return last;
  if (const auto orders = log->orders())
    for (const storage::LoggedOrder& order : *orders)
      if (order.row.purpose == trading::Purpose::Entry) last = std::max(last, order.first);
  if (const auto halts = log->halts())
    for (const storage::LoggedHalt& halt : *halts)
      if (halt.row.is_halted) last = std::max(last, halt.sequence);
  return last;
}

std::string cut_journal_text(const StateDirectory& state, core::Sequence last,
                             core::Sequence promised) {
  return fmt::format(
      "JOURNAL_CUT: {} ends with record {}, and the trade log has an entry or a halt as record {}: "
      "the journal has lost its end. Nothing is entered until `st0ck resume`: before that compare "
      "what is open at the broker, and halts that you gave",
      state.journal().string(), last.value(), promised.value());
}

}  // namespace st0ck::app
