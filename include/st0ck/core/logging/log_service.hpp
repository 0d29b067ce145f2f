#pragma once

#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_settings.hpp"
#include "st0ck/core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace st0ck::core {

/// What became of the lines so far.
struct LogCounters {
  std::uint64_t written = 0;
  std::uint64_t dropped = 0;       ///< The queue was full.
  std::uint64_t write_failed = 0;  ///< The file took them not (full disk).
};

/// Writes messages as JSON lines to a rotated file and as text to standard error.
///
/// The caller formats its line and puts it into a bounded queue without a lock; a thread of this
/// service takes them out and does all input and output, so that a slow disk or terminal holds
/// nobody up. When the queue is full a line is dropped and counted, and the log says so. A file
/// that takes no more lines is reported once on standard error; the lines are counted, and writing
/// goes on when it can.
class LogService final : public LogSink {
 public:
  /// Opens `<folder>/<program>.log` and writes a first line into it, which shows that it can be
  /// written. `now` is the time of that line.
  static Result<std::unique_ptr<LogService>> open(const LogSettings& settings,
                                                  const std::filesystem::path& folder,
                                                  std::string_view program, Timestamp now);

  /// Writes to standard error alone, for programs that keep no log.
  static std::unique_ptr<LogService> open_terminal(const LogSettings& settings);

  /// Writes what is queued.
  ~LogService() override;

  void write(const LogRecord& record) override;

  /// Waits until everything written before has reached the file. Not for the core thread.
  void flush();

  LogCounters counters() const;

 private:
  class Worker;
  LogService(LogLevel level, std::unique_ptr<Worker> worker);

  std::unique_ptr<Worker> worker_;
};

}  // namespace st0ck::core
