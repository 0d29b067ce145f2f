#include "process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace st0ck::test {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 120s;
constexpr int kNotStarted = 127;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::array<int, 2> open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
  return ends;
}

void limit(int resource, rlim_t most) {
  const rlimit value{.rlim_cur = most, .rlim_max = most};
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &value) != 0) ::_exit(kNotStarted);
}

/// As execve takes them; the words must outlive it.
std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// What is added comes first, because the first of two values of a name is the one that is found.
std::vector<char*> environment_with(const std::vector<std::string>& added) {
  std::vector<char*> all = pointers_to(added);
  all.pop_back();
  for (char** entry = environ; *entry != nullptr; ++entry) all.push_back(*entry);
  all.push_back(nullptr);
  return all;
}

/// In the child, where only what is safe in a signal handler may be called.
[[noreturn]] void become(char* const* arguments, char* const* environment,
                         const ProcessSettings& settings, int out, int err) {
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  const int null = ::open("/dev/null", O_RDONLY);
  if (null >= 0) ::dup2(null, STDIN_FILENO);
  limit(RLIMIT_CORE, 0);
  if (settings.at_limit == FileSizeLimit::Fails) std::signal(SIGXFSZ, SIG_IGN);
  if (settings.file_size_max) limit(RLIMIT_FSIZE, *settings.file_size_max);
  const bool is_there =
      settings.working_folder.empty() || ::chdir(settings.working_folder.c_str()) == 0;
  if (is_there) ::execve(arguments[0], arguments, environment);
  ::_exit(kNotStarted);
}

timespec to_timespec(std::chrono::nanoseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = static_cast<time_t>(seconds.count()),
          .tv_nsec = static_cast<long>((duration - seconds).count())};
}

}  // namespace

std::string ProcessOutcome::text() const {
  const std::string end =
      signal != 0 ? fmt::format("signal {}", signal) : fmt::format("exit code {}", exit_code);
  return fmt::format("{}\nstandard output:\n{}\nstandard error:\n{}", end, out, err);
}

Process::Process(const std::vector<std::string>& command, const ProcessSettings& settings)
    : deadline_{Clock::now() + kPatience} {
  const std::vector<char*> arguments = pointers_to(command);
  const std::vector<char*> environment = environment_with(settings.environment);
  const auto out = open_pipe();
  const auto err = open_pipe();
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) become(arguments.data(), environment.data(), settings, out[1], err[1]);
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int pipe : {out_, err_})
    if (pipe >= 0) ::close(pipe);
}

void Process::send(int signal) const { ::kill(pid_, signal); }

bool Process::wait_for(const std::string& printed, std::string_view text) {
  while (printed.find(text) == std::string::npos) {
    if (Clock::now() >= deadline_) return false;
    // Short looks, as the text may be there before the time is up.
    if (!read_until(Clock::now() + 1ms)) return printed.find(text) != std::string::npos;
  }
  return true;
}

bool Process::run_for(std::chrono::nanoseconds duration) {
  return read_until(Clock::now() + duration);
}

ProcessOutcome Process::wait() {
  const bool is_hanging = read_until(deadline_);
  if (is_hanging) send(SIGKILL);
  int state = 0;
  while (::waitpid(pid_, &state, 0) < 0)
    if (errno != EINTR) fail("waitpid");
  pid_ = -1;
  if (is_hanging) throw std::runtime_error("the process hung: " + outcome_.text());
  if (WIFEXITED(state)) outcome_.exit_code = WEXITSTATUS(state);
  if (WIFSIGNALED(state)) outcome_.signal = WTERMSIG(state);
  return std::exchange(outcome_, {});
}

/// Collects output; false when both pipes ended, and with them the process.
bool Process::read_until(Clock::time_point until) {
  while (out_ >= 0 || err_ >= 0) {
    const auto left = std::max(Clock::duration::zero(), until - Clock::now());
    const timespec timeout = to_timespec(left);
    std::array<pollfd, 2> pipes{{{.fd = out_, .events = POLLIN, .revents = 0},
                                 {.fd = err_, .events = POLLIN, .revents = 0}}};
    const int ready = ::ppoll(pipes.data(), pipes.size(), &timeout, nullptr);
    if (ready == 0) return true;
    if (ready < 0 && errno != EINTR) fail("ppoll");
    if (pipes[0].revents != 0) take(out_, outcome_.out);
    if (pipes[1].revents != 0) take(err_, outcome_.err);
  }
  return false;
}

void Process::take(int& pipe, std::string& text) {
  std::array<char, 1 << 16> bytes;
  const ssize_t count = ::read(pipe, bytes.data(), bytes.size());
  if (count > 0) {
    text.append(bytes.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || errno != EINTR) {
    ::close(pipe);
    pipe = -1;
  }
}

ProcessOutcome run_process(const std::vector<std::string>& command,
                           const ProcessSettings& settings) {
  return Process{command, settings}.wait();
}

}  // namespace st0ck::test
