#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace st0ck::core {

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warning, Error, Off };

/// `trace` to `error`, and `off`.
std::string_view name_of(LogLevel level);

/// A value beside a message. Made without formatting or allocation; text is only looked at during
/// the call.
class LogValue {
 public:
  using Any = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool, Price,
                           Quantity, Volume, Money, Timestamp, Duration, Date>;

  constexpr LogValue(std::string_view text) : any_{text} {}
  constexpr LogValue(const char* text) : any_{std::string_view{text}} {}
  LogValue(const std::string& text) : any_{std::string_view{text}} {}
  template <typename Tag, std::size_t Capacity>
  constexpr LogValue(const FixedText<Tag, Capacity>& text) : any_{text.view()} {}
  constexpr LogValue(bool value) : any_{value} {}
  template <std::signed_integral Value>
  constexpr LogValue(Value value) : any_{std::int64_t{value}} {}
  template <std::unsigned_integral Value>
    requires(!std::same_as<Value, bool>)
  constexpr LogValue(Value value) : any_{std::uint64_t{value}} {}
  template <typename Tag, typename Rep>
  constexpr LogValue(Id<Tag, Rep> id) : any_{std::uint64_t{id.value()}} {}
  constexpr LogValue(double value) : any_{value} {}
  constexpr LogValue(Price value) : any_{value} {}
  constexpr LogValue(Quantity value) : any_{value} {}
  constexpr LogValue(Volume value) : any_{value} {}
  constexpr LogValue(Money value) : any_{value} {}
  constexpr LogValue(Timestamp value) : any_{value} {}
  template <typename Rep, typename Period>
  constexpr LogValue(std::chrono::duration<Rep, Period> value) : any_{Duration{value}} {}
  constexpr LogValue(Date value) : any_{value} {}

  constexpr const Any& any() const { return any_; }

 private:
  Any any_;
};

struct LogField {
  std::string_view key;
  LogValue value;
};

/// Whose message it is: what a part's logger adds to every line. Empty names are left out, and so
/// is that no real money is traded.
struct LogContext {
  AccountId account{};
  BotId bot{};
  EngineName engine{};
  bool is_live = false;  ///< Of the whole program: real money.
};

/// One message on its way to a sink; valid during the call.
struct LogRecord {
  Timestamp time;
  LogLevel level;
  std::string_view code;
  std::string_view message;
  const LogContext& context;
  std::span<const LogField> fields;
};

/// Where messages go. `write` may be called by several threads and never throws.
class LogSink {
 public:
  explicit LogSink(LogLevel level) : level_{level} {}
  virtual ~LogSink() = default;
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  bool takes(LogLevel level) const { return level >= level_.load(std::memory_order_relaxed); }
  LogLevel level() const { return level_.load(std::memory_order_relaxed); }

  /// May be changed while running, from any thread.
  void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }

  virtual void write(const LogRecord& record) = 0;

 private:
  std::atomic<LogLevel> level_;
};

/// What a part of the program writes its messages with; passed in, small, copied freely.
///
///     log.warn("QUOTE_CROSSED", "a quote was refused", {{"symbol", symbol}, {"bid", bid}});
///
/// `code` is stable, upper case, and documented; `message` is one sentence for people. Below the
/// sink's level a call costs one comparison and the making of its fields. Each thread uses a
/// logger with a clock that it may read; sink and clock outlive it.
class Logger {
 public:
  Logger(LogSink& sink, const Clock& clock, LogContext context = {})
      : sink_{&sink}, clock_{&clock}, context_{context} {}

  /// The same sink and clock for another part of the same program.
  Logger with(LogContext context) const {
    context.is_live = context.is_live || context_.is_live;
    return {*sink_, *clock_, context};
  }

  bool enabled(LogLevel level) const { return sink_->takes(level); }

  void log(LogLevel level, std::string_view code, std::string_view message,
           std::initializer_list<LogField> fields = {}) const {
    if (enabled(level)) [[unlikely]]
      write(level, code, message, {fields.begin(), fields.size()});
  }

  void trace(std::string_view code, std::string_view message,
             std::initializer_list<LogField> fields = {}) const {
    log(LogLevel::Trace, code, message, fields);
  }
  void debug(std::string_view code, std::string_view message,
             std::initializer_list<LogField> fields = {}) const {
    log(LogLevel::Debug, code, message, fields);
  }
  void info(std::string_view code, std::string_view message,
            std::initializer_list<LogField> fields = {}) const {
    log(LogLevel::Info, code, message, fields);
  }
  void warn(std::string_view code, std::string_view message,
            std::initializer_list<LogField> fields = {}) const {
    log(LogLevel::Warning, code, message, fields);
  }
  void error(std::string_view code, std::string_view message,
             std::initializer_list<LogField> fields = {}) const {
    log(LogLevel::Error, code, message, fields);
  }

 private:
  void write(LogLevel level, std::string_view code, std::string_view message,
             std::span<const LogField> fields) const;

  LogSink* sink_;
  const Clock* clock_;
  LogContext context_;
};

/// Takes nothing; for parts that need a logger where nobody listens.
class NullLogSink final : public LogSink {
 public:
  NullLogSink() : LogSink{LogLevel::Off} {}
  void write(const LogRecord& /*record*/) override {}
};

}  // namespace st0ck::core
