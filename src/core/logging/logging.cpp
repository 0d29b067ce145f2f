#include "st0ck/core/logging.hpp"

namespace st0ck::core {

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::Trace: return "trace";
    case LogLevel::Debug: return "debug";
    case LogLevel::Info: return "info";
    case LogLevel::Warning: return "warning";
    case LogLevel::Error: return "error";
    case LogLevel::Off: return "off";
  }
  return "off";
}

void Logger::write(LogLevel level, std::string_view code, std::string_view message,
                   std::span<const LogField> fields) const {
  sink_->write({.time = clock_->now(),
                .level = level,
                .code = code,
                .message = message,
                .context = context_,
                .fields = fields});
}

}  // namespace st0ck::core
