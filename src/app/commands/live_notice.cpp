#include "src/app/commands/live_notice.hpp"

#include "src/app/commands/state_files.hpp"
#include "src/app/promotion/permission.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

namespace st0ck::app {

std::string live_notice(const std::filesystem::path& state_dir) {
  auto log = storage::TradeLogReader::open(trade_log_of(state_dir));
  if (!log) return {};
  const auto summary = log->summary();
  if (!summary || summary->mode != "live") return {};
  const auto checks = log->account_checks();
  const bool is_known = checks && !checks->empty();
  return mode_banner(summary->mode, summary->account, is_known ? checks->back().row.host : "");
}

}  // namespace st0ck::app
