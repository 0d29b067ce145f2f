#pragma once

#include "src/app/configuration.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/kernel.hpp"

#include <functional>
#include <utility>

namespace st0ck::app {

/// The log of a kernel that may execute again what an earlier process did: that process has told of
/// it, so that whoever counts fills in the log would count them twice. What is made again is left
/// out; `tell_recovered` says how much that was. Core thread only.
class RecoveredLog final : public core::LogSink {
 public:
  /// `is_recovering` tells whether what happens now has happened before; `log` outlives it.
  RecoveredLog(core::LogSink& log, std::function<bool()> is_recovering)
      : LogSink{log.level()}, log_{log}, is_recovering_{std::move(is_recovering)} {}

  void write(const core::LogRecord& record) override {
    if (!is_recovering_()) log_.write(record);
  }

 private:
  core::LogSink& log_;
  std::function<bool()> is_recovering_;
};

/// One line: what an earlier process did, up to the record `last`, and what of it still stands.
void tell_recovered(const core::Logger& log, const kernel::Kernel& kernel,
                    const Configuration& configuration, core::Sequence last);

}  // namespace st0ck::app
