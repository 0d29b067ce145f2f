#include "rows.hpp"

#include "st0ck/core/take.hpp"

#include <utility>

namespace st0ck::storage {

namespace {

// The rows that one fill leads to follow it within so many records.
constexpr std::uint64_t kRecordsPerFill = 16;

}  // namespace

core::Multiplier CheckRows::multiplier_of(const core::Symbol& symbol) const {
  const auto found = multipliers.find(symbol);
  return found == multipliers.end() ? core::kUnitMultiplier : found->second;
}

bool CheckRows::is_at_cut(core::Sequence sequence) const {
  return !summary.end && sequence.value() + kRecordsPerFill > summary.last_sequence.value();
}

core::Result<CheckRows> read_check_rows(TradeLogReader& reader) {
  CheckRows rows;
  std::vector<LoggedInstrument> instruments;
  if (auto s = reader.hold_still(); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.summary(), rows.summary); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.instruments(), instruments); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.orders(), rows.orders); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.fills(), rows.fills); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.trades(), rows.trades); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.positions(), rows.positions); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.daily_metrics(), rows.days); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.equity(), rows.equity); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.ledger_entries(), rows.ledger_entries); !s)
    return tl::unexpected(s.error());
  if (auto s = take(reader.equity_marks(), rows.equity_marks); !s) return tl::unexpected(s.error());
  if (auto s = take(reader.decisions(), rows.decisions); !s) return tl::unexpected(s.error());
  for (const LoggedInstrument& instrument : instruments)
    rows.multipliers[instrument.symbol] = instrument.multiplier;
  return rows;
}

}  // namespace st0ck::storage
