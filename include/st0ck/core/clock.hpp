#pragma once

#include "st0ck/core/timestamp.hpp"

namespace st0ck::core {

/// Tells the time that decisions are made by: real in live and paper trading, simulated elsewhere.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Never goes back within a run.
  virtual Timestamp now() const = 0;
};

}  // namespace st0ck::core
