#pragma once

#include "st0ck/core/byte_size.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_format.hpp"
#include "st0ck/core/settings.hpp"

namespace st0ck::core {

/// The section `log` of the settings.
struct LogSettings {
  LogLevel level = LogLevel::Info;
  TerminalStyle terminal = TerminalStyle::Auto;
  ByteSize file_size_max = mebibytes(16);
  int files_max = 8;
  int queue_max = 8192;
};

/// None of it is in the configuration hash.
Schema<LogSettings> log_schema();

}  // namespace st0ck::core
