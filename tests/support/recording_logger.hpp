#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/logging/log_format.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::test {

/// A logger that keeps what it is given. A message at warning or above whose code the test did
/// not `expect` fails the test; so does an expected one that never came.
class RecordingLogger {
 public:
  struct Entry {
    core::LogLevel level;
    std::string code;
    std::string message;
    std::string json;  ///< The whole line as a file would have it.
  };

  /// Messages carry the time of `clock`, which outlives this; without one they carry 1970.
  RecordingLogger() : RecordingLogger{standing_still()} {}
  explicit RecordingLogger(const core::Clock& clock) : logger_{sink_, clock} {}

  ~RecordingLogger() {
    for (const auto& entry : sink_.entries())
      if (entry.level >= core::LogLevel::Warning && !expects_any_ &&
          !expected_.contains(entry.code))
        ADD_FAILURE() << "unexpected log line: " << entry.json;
    for (const auto& code : expected_)
      if (count(code) == 0) ADD_FAILURE() << "expected log line never came: " << code;
  }

  RecordingLogger(const RecordingLogger&) = delete;
  RecordingLogger& operator=(const RecordingLogger&) = delete;

  /// What the part under test is given.
  core::Logger& get() { return logger_; }
  operator core::Logger&() { return logger_; }

  void expect(std::string_view code) { expected_.emplace(code); }

  /// Where chance decides what goes wrong: any message may come.
  void expect_any() { expects_any_ = true; }

  std::vector<Entry> entries() const { return sink_.entries(); }

  std::size_t count(std::string_view code) const {
    const auto all = sink_.entries();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const Entry& entry) { return entry.code == code; }));
  }

 private:
  class Sink final : public core::LogSink {
   public:
    Sink() : LogSink{core::LogLevel::Trace} {}

    void write(const core::LogRecord& record) override {
      Entry entry{record.level, std::string{record.code}, std::string{record.message},
                  core::format_json_line(record)};
      entry.json.pop_back();
      const std::lock_guard lock{mutex_};
      entries_.push_back(std::move(entry));
    }

    std::vector<Entry> entries() const {
      const std::lock_guard lock{mutex_};
      return entries_;
    }

   private:
    mutable std::mutex mutex_;
    std::vector<Entry> entries_;
  };

  class StandingClock final : public core::Clock {
   public:
    core::Timestamp now() const override { return {}; }
  };

  static const core::Clock& standing_still() {
    static const StandingClock clock;
    return clock;
  }

  Sink sink_;
  core::Logger logger_;
  std::set<std::string, std::less<>> expected_;
  bool expects_any_ = false;
};

}  // namespace st0ck::test
