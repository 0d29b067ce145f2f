#pragma once

#include "st0ck/core/units.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/market/events.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace st0ck::benchmarks {

/// The bars of the data set `sma-anchor`; empty where the shared data are not there.
std::vector<market::Bar> sma_anchor_bars();

/// One backtest of its strategy: what came out.
struct SmaAnchorResult {
  kernel::RunEnd figures;
  core::Money equity;  ///< Cash and the open position at the last close.
  core::Quantity open_position;
};

/// Runs the strategy over the bars through kernel, risk manager, matching and ledger; with a
/// journal in `journal_directory` where one is given.
SmaAnchorResult run_sma_anchor(const std::vector<market::Bar>& bars,
                               const std::optional<std::filesystem::path>& journal_directory);

}  // namespace st0ck::benchmarks
