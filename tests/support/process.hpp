#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace st0ck::test {

/// What happens to a process that writes a file past its limit.
enum class FileSizeLimit : std::uint8_t {
  Kills,  ///< SIGXFSZ ends it in the middle of the write, like a SIGKILL at a chosen byte.
  Fails,  ///< The write fails with EFBIG, like one on a full disk.
};

struct ProcessSettings {
  std::optional<std::uint64_t> file_size_max{};  ///< Bytes that any one file may have.
  FileSizeLimit at_limit = FileSizeLimit::Kills;
  std::string working_folder{};            ///< Empty is that of the test.
  std::vector<std::string> environment{};  ///< NAME=value, added to that of the test.
};

/// How a process ended, with all that it printed.
struct ProcessOutcome {
  int exit_code = -1;  ///< -1 when a signal ended it.
  int signal = 0;
  std::string out;
  std::string err;

  /// Everything, for the message of a failed test.
  std::string text() const;
};

/// A program started with arguments, its standard output and error kept. One thread.
///
/// One that hangs is killed after two minutes and said to have hung, so that no test waits for
/// ever.
class Process {
 public:
  explicit Process(const std::vector<std::string>& command, const ProcessSettings& settings = {});

  /// Kills what still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal) const;

  /// Waits until standard error, or output, holds the text; false when the process ended without
  /// it.
  bool wait_for_error_text(std::string_view text) { return wait_for(outcome_.err, text); }
  bool wait_for_text(std::string_view text) { return wait_for(outcome_.out, text); }

  /// What it has printed so far.
  const std::string& out() const { return outcome_.out; }

  /// Lets it run for that long; false when it ended before.
  bool run_for(std::chrono::nanoseconds duration);

  /// Waits for the end; once.
  ProcessOutcome wait();

 private:
  using Clock = std::chrono::steady_clock;

  bool wait_for(const std::string& printed, std::string_view text);
  bool read_until(Clock::time_point until);
  void take(int& pipe, std::string& text);

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  Clock::time_point deadline_;
  ProcessOutcome outcome_;
};

/// Runs a program to its end.
ProcessOutcome run_process(const std::vector<std::string>& command,
                           const ProcessSettings& settings = {});

}  // namespace st0ck::test
