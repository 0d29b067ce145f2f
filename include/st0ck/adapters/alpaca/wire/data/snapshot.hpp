#pragma once

#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/tape.hpp"
#include "st0ck/core/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// Sensitivities of an option as the provider computes them, per share and year.
struct Greeks {
  std::optional<double> delta{};
  std::optional<double> gamma{};
  std::optional<double> theta{};
  std::optional<double> vega{};
  std::optional<double> rho{};

  friend bool operator==(const Greeks&, const Greeks&) = default;
};

/// All that is known of an instrument now. What is absent was not there, or could not be computed.
struct Snapshot {
  std::optional<TapeTrade> latest_trade{};
  std::optional<TapeQuote> latest_quote{};
  std::optional<TapeBar> minute_bar{};
  std::optional<TapeBar> daily_bar{};
  std::optional<TapeBar> previous_daily_bar{};
  std::optional<Greeks> greeks{};              ///< Options only.
  std::optional<double> implied_volatility{};  ///< Options only; 0.25 is 25 % a year.

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

struct SnapshotPage {
  std::map<std::string, Snapshot> snapshots{};
  std::optional<std::string> next_page_token{};

  friend bool operator==(const SnapshotPage&, const SnapshotPage&) = default;
};

/// Stocks: a map by symbol at the top, or one snapshot with its symbol.
core::Result<std::map<std::string, Snapshot>> read_stock_snapshots(std::string_view body);
std::string stock_snapshots_json(const std::map<std::string, Snapshot>& snapshots);
std::string stock_snapshot_json(std::string_view symbol, const Snapshot& snapshot);

core::Result<SnapshotPage> read_option_snapshots(std::string_view body);
std::string option_snapshots_json(const SnapshotPage& page);

struct MostActive {
  std::string symbol;
  core::Volume volume{};
  std::uint64_t trade_count = 0;

  friend bool operator==(const MostActive&, const MostActive&) = default;
};

struct MostActives {
  std::vector<MostActive> most_actives{};
  std::optional<core::Timestamp> last_updated{};

  friend bool operator==(const MostActives&, const MostActives&) = default;
};

core::Result<MostActives> read_most_actives(std::string_view body);
std::string to_json(const MostActives& actives);

}  // namespace st0ck::alpaca
