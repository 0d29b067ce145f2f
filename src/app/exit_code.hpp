#pragma once

#include "st0ck/core/result.hpp"

namespace st0ck::app {

/// What our programs end with (design section 6).
enum ExitCode : int {
  kExitFine = 0,
  kExitInput = 2,   ///< Usage, configuration, or data that cannot be used.
  kExitBroker = 3,  ///< Broker or authentication.
  kExitRiskStop = 4,
  kExitDiverged = 5,  ///< Records and what should equal them differ.
  kExitFound = 6,     ///< A check has findings.
  kExitInternal = 70,
};

/// The exit code of a program that ends on an error.
ExitCode exit_code_of(core::Errc code);

}  // namespace st0ck::app
