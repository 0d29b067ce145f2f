#include "st0ck/core/logging/log_service.hpp"

#include "src/core/logging/line_queue.hpp"
#include "src/core/logging/rotating_file.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/core/version.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace st0ck::core {

namespace {

/// Whether standard error is systemd's journal: it names the stream's device and inode.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat facts{};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &facts) != 0) return false;
  return fmt::format("{}:{}", facts.st_dev, facts.st_ino) == stream;
}

TerminalStyle settle(TerminalStyle style) {
  if (style != TerminalStyle::Auto) return style;
  if (stderr_is_journal()) return TerminalStyle::Systemd;
  return ::isatty(STDERR_FILENO) == 1 ? TerminalStyle::Colour : TerminalStyle::Plain;
}

/// Standard error is the last resort: what cannot be written there is lost.
void write_to_stderr(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// A message in its final form.
struct Line {
  Timestamp time;
  std::string json;
  std::string terminal;
};

}  // namespace

/// The queue and the thread that drains it.
class LogService::Worker {
 public:
  Worker(std::optional<RotatingFile> file, TerminalStyle style, int queue_max)
      : file_{std::move(file)}, style_{style}, queue_{static_cast<std::size_t>(queue_max)} {
    thread_ = std::thread{[this] { run(); }};
  }

  ~Worker() {
    stopping_.store(true);
    wake();
    thread_.join();
  }

  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Never throws: without memory for a line the line is dropped.
  void push(const LogRecord& record) noexcept {
    try {
      enqueue(record);
    } catch (const std::bad_alloc&) {
      dropped_.fetch_add(1);
    }
  }

  void flush() {
    const auto target = entered_.load();
    for (auto left = left_.load(); left < target; left = left_.load()) left_.wait(left);
  }

  LogCounters counters() const { return {written_.load(), dropped_.load(), write_failed_.load()}; }

 private:
  void enqueue(const LogRecord& record) {
    auto line = std::make_unique<Line>();
    line->time = record.time;
    if (file_) line->json = format_json_line(record);
    if (style_ != TerminalStyle::Off) line->terminal = format_terminal_line(record, style_);
    entered_.fetch_add(1);
    if (queue_.push(line)) {
      wake();
    } else {
      dropped_.fetch_add(1);
      leave();
    }
  }

  void wake() {
    signal_.fetch_add(1);
    signal_.notify_one();
  }

  void leave() {
    left_.fetch_add(1);
    left_.notify_all();
  }

  void run() {
    for (;;) {
      const auto seen = signal_.load();
      const bool last = stopping_.load();
      drain();
      if (last) return;
      signal_.wait(seen);
    }
  }

  void drain() {
    while (const auto line = queue_.pop()) {
      write_line(*line);
      report_dropped(line->time);
      leave();
    }
  }

  void write_line(const Line& line) {
    if (file_) note(file_->append(line.json));
    if (!line.terminal.empty()) write_to_stderr(line.terminal);
    if (!failing_) written_.fetch_add(1);
  }

  /// Counts a line that the file did not take; the first of a row is said on standard error.
  void note(const Status& outcome) {
    if (outcome) {
      failing_ = false;
      return;
    }
    write_failed_.fetch_add(1);
    if (!std::exchange(failing_, true))
      write_to_stderr(fmt::format("st0ck: {}\n", outcome.error().message));
  }

  void report_dropped(Timestamp time) {
    const auto dropped = dropped_.load();
    if (dropped == reported_) return;
    const std::initializer_list<LogField> fields{{"lines", dropped - reported_}};
    reported_ = dropped;
    const LogContext context;
    const LogRecord record{.time = time,
                           .level = LogLevel::Warning,
                           .code = "LOG_LINES_DROPPED",
                           .message = "the log's queue was full",
                           .context = context,
                           .fields = {fields.begin(), fields.size()}};
    if (file_) note(file_->append(format_json_line(record)));
    if (style_ != TerminalStyle::Off) write_to_stderr(format_terminal_line(record, style_));
  }

  // Filled by every thread that logs, drained by this one; full means the line is dropped.
  std::optional<RotatingFile> file_;
  const TerminalStyle style_;
  LineQueue<Line> queue_;
  std::atomic<std::uint32_t> signal_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> entered_{0};
  std::atomic<std::uint64_t> left_{0};
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> write_failed_{0};
  bool failing_ = false;
  std::uint64_t reported_ = 0;
  std::thread thread_;
};

LogService::LogService(LogLevel level, std::unique_ptr<Worker> worker)
    : LogSink{level}, worker_{std::move(worker)} {}

LogService::~LogService() = default;

Result<std::unique_ptr<LogService>> LogService::open(const LogSettings& settings,
                                                     const std::filesystem::path& folder,
                                                     std::string_view program, Timestamp now) {
  auto file =
      RotatingFile::open(folder / fmt::format("{}.log", program),
                         {.size_max = settings.file_size_max, .files_max = settings.files_max});
  if (!file) return tl::unexpected(file.error());
  const LogContext context;
  const std::initializer_list<LogField> fields{{"program", program}, {"version", kVersion}};
  const auto first = file->append(format_json_line({.time = now,
                                                    .level = LogLevel::Info,
                                                    .code = "LOG_OPENED",
                                                    .message = "the log is open",
                                                    .context = context,
                                                    .fields = {fields.begin(), fields.size()}}));
  if (!first) return tl::unexpected(first.error());
  return std::unique_ptr<LogService>{new LogService{
      settings.level,
      std::make_unique<Worker>(std::move(*file), settle(settings.terminal), settings.queue_max)}};
}

std::unique_ptr<LogService> LogService::open_terminal(const LogSettings& settings) {
  return std::unique_ptr<LogService>{new LogService{
      settings.level,
      std::make_unique<Worker>(std::nullopt, settle(settings.terminal), settings.queue_max)}};
}

void LogService::write(const LogRecord& record) { worker_->push(record); }

void LogService::flush() { worker_->flush(); }

LogCounters LogService::counters() const { return worker_->counters(); }

}  // namespace st0ck::core
