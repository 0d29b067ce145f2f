#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/kernel/records.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::app {

enum class RunState : std::uint8_t {
  None,      ///< The state directory has no run yet.
  Running,   ///< A daemon holds the directory.
  Stopped,   ///< None does, and the run has not come to its end.
  Finished,  ///< It has.
};
std::string_view name_of(RunState state);

/// How a bot stands.
struct BotStatus {
  kernel::BotIdentity identity;
  std::vector<kernel::PositionRow> positions;  ///< Open ones.
  core::Money realized_pnl;                    ///< Of the last session, or the one under way.
  core::Money fees;
  std::optional<kernel::HaltRow> halt;  ///< Where it is halted by itself.
};

/// Something that holds the entries of all bots back.
struct EntryStop {
  std::string by;  ///< `process`, `halt`, `difference` or `provider`.
  std::string code;
  std::string message;
};

/// What a state directory tells of its run.
struct RunStatus {
  /// Whether something is held or ordered, and no daemon runs that would look after it.
  bool is_left_alone() const;

  RunState state = RunState::None;
  std::string mode;
  core::AccountId account;
  std::string promotion;  ///< Of a live run: on what grounds it may trade, by its record.
  std::string told;       ///< When the daemon last told its figures, UTC; empty when it never did.
  std::string warning;    ///< Why the rest may be old, though a daemon runs; mostly empty.
  std::optional<market::SessionPhase> session;  ///< The last, and how far it has come.
  std::size_t open_orders = 0;
  /// Groups that hold something without a stop; absent where no daemon runs that could tell.
  std::optional<std::uint64_t> unprotected_groups;
  std::vector<BotStatus> bots;
  std::vector<EntryStop> stops;
  bool is_account_unknown = false;                 ///< Nothing can be compared with it now.
  std::vector<kernel::DifferenceRow> differences;  ///< In force.
};

/// Reads it from the trade log, the figures that the daemon writes, and the lock that it holds.
/// `now` is by this machine's clock.
core::Result<RunStatus> read_run_status(const std::filesystem::path& state_dir,
                                        core::Timestamp now);

}  // namespace st0ck::app
