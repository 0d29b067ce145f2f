#pragma once

#include "st0ck/kernel/records.hpp"

#include <string>
#include <vector>

namespace st0ck::app {

/// How a run of the daemon ended.
struct RunOutcome {
  kernel::RunEnd figures;
  bool is_finished = false;  ///< False when it was stopped and can be continued.
  /// What its owner should know and the figures do not say, one sentence each: positions and
  /// orders that are still open, bots that take no entries any more.
  std::vector<std::string> remarks;
};

}  // namespace st0ck::app
