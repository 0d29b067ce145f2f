#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// A session of a run, as far as it speaks for the engines that were in it.
struct SessionEvidence {
  core::Date date{};
  std::string host;         ///< Where its orders went; empty where no broker was asked.
  std::string market_host;  ///< Where its quotes came from.
  std::string clock;        ///< By whose clock it went.
  std::string incomplete;   ///< Why it is not a whole session; empty where it is.
  std::string unclean;      ///< Why it was not reconciled clean; empty where it was.
};

/// What a run's trade log says of it: the grounds of a promotion.
struct RunEvidence {
  std::string mode;
  std::string configuration;   ///< As `promotion_hash` makes it.
  std::string broker_account;  ///< The broker's name of the account, when last asked.
  std::vector<kernel::BotIdentity> bots;
  std::vector<SessionEvidence> sessions;  ///< In their order.
  std::vector<std::string> unexplained;   ///< Differences now that no rule explains.
};

/// SHA-256 of a configuration's canonical text without what paper and live must differ in: the mode
/// and the account's name. Secrets, addresses and logging are in no canonical text.
std::string promotion_hash(std::string_view canonical);

/// Reads it, also while a daemon goes on writing. Errors are those of the trade log.
core::Result<RunEvidence> read_evidence(const std::filesystem::path& state_dir);

}  // namespace st0ck::app
