#include "src/app/run_files.hpp"

#include <system_error>

namespace st0ck::app {

namespace fs = std::filesystem;

core::Status check_state_dir(const fs::path& state_dir) {
  std::error_code ignored;
  if (fs::is_directory(state_dir, ignored)) return {};
  return core::fail(core::Errc::NotFound,
                    "{}: no such state directory; st0ckd makes one, --state-dir chooses another",
                    state_dir.string());
}

fs::path trade_log_of(const fs::path& state_dir) { return state_dir / "trades.db"; }

core::Result<storage::TradeLogReader> open_trade_log(const fs::path& state_dir) {
  if (const auto checked = check_state_dir(state_dir); !checked)
    return tl::unexpected(checked.error());
  auto reader = storage::TradeLogReader::open(trade_log_of(state_dir));
  if (!reader) return reader;
  if (const auto held = reader->hold_still(); !held) return tl::unexpected(held.error());
  return reader;
}

}  // namespace st0ck::app
