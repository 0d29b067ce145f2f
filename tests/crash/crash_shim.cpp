// Kills the process that it is preloaded into (LD_PRELOAD) at a chosen one of its calls that change
// what a restart finds: writes, syncs, renames, removals and cuts of files under one path, and
// everything sent to a socket.
//
//   ST0CK_CRASH_UNDER  a call counts when its file's path begins with this; sockets always count
//   ST0CK_CRASH_AT     the number of the call, from 1, at which the process dies; 0 only counts
//   ST0CK_CRASH_MODE   `before` that call, `after` it, or `torn`: half of the bytes are written;
//                      `trace` names every call on standard error
//
// A process that lives to its end says on standard error how many calls there were; one that is
// killed says at which.
//
// What libc does inside itself does not come through here: stdio (fwrite, fflush), with which the
// log files are written, and stores into mapped memory, such as SQLite's -shm file. No restart
// reads any of them. SQLite, libstdc++ and our own files do come through here.

#include <atomic>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

enum class Mode : std::uint8_t { Before, Torn, After, Trace };

struct Plan {
  const char* under;  ///< Null before the environment is read: nothing counts.
  std::uint64_t at;
  Mode mode;
};

constinit Plan plan{};
constinit std::atomic<std::uint64_t> calls{0};

Mode mode_of(const char* word) {
  if (word == nullptr) return Mode::Before;
  if (std::strcmp(word, "torn") == 0) return Mode::Torn;
  if (std::strcmp(word, "trace") == 0) return Mode::Trace;
  return std::strcmp(word, "after") == 0 ? Mode::After : Mode::Before;
}

[[gnu::constructor]] void read_plan() {
  const char* const at = std::getenv("ST0CK_CRASH_AT");
  plan.at = at == nullptr ? 0 : std::strtoull(at, nullptr, 10);
  plan.mode = mode_of(std::getenv("ST0CK_CRASH_MODE"));
  plan.under = std::getenv("ST0CK_CRASH_UNDER");
}

[[gnu::destructor]] void say_how_many() {
  if (plan.under == nullptr) return;
  ::dprintf(STDERR_FILENO, "crash shim: %llu calls\n",
            static_cast<unsigned long long>(calls.load()));
}

/// The path of a file, as the kernel names it.
class Path {
 public:
  static Path of(int file) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    return target_of(link);
  }

  /// A name beside an open folder, as the *at calls take it.
  static Path of(int folder, const char* name) {
    Path path{};
    if (name[0] != '/') path = folder == AT_FDCWD ? target_of("/proc/self/cwd") : of(folder);
    path.append(name);
    return path;
  }

  bool counts() const {
    return plan.under != nullptr && (starts_with(plan.under) || starts_with("socket:"));
  }
  const char* text() const { return text_; }

 private:
  static Path target_of(const char* link) {
    Path path{};
    const ssize_t length = ::readlink(link, path.text_, sizeof path.text_ - 1);
    path.text_[length < 0 ? 0 : length] = '\0';
    return path;
  }

  void append(const char* name) {
    const std::size_t length = std::strlen(text_);
    std::snprintf(text_ + length, sizeof text_ - length, name[0] == '/' ? "%s" : "/%s", name);
  }
  bool starts_with(const char* prefix) const {
    return std::strncmp(text_, prefix, std::strlen(prefix)) == 0;
  }

  char text_[PATH_MAX];
};

void say(const char* what, std::uint64_t number, const char* name, const Path& path) {
  ::dprintf(STDERR_FILENO, "crash shim: %s call %llu, %s %s\n", what,
            static_cast<unsigned long long>(number), name, path.text());
}

[[noreturn]] void die(const char* name, const Path& path) {
  say("dies at", plan.at, name, path);
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

/// Makes a call, and dies before, in or after it when its turn has come.
template <typename Whole, typename Half>
auto make(const char* name, const Path& path, Whole whole, Half half) {
  if (!path.counts()) return whole();
  const std::uint64_t number = ++calls;
  if (plan.mode == Mode::Trace) say("makes", number, name, path);
  if (number != plan.at) return whole();
  if (plan.mode == Mode::Torn) half();
  if (plan.mode == Mode::After) whole();
  die(name, path);
}

template <typename Whole>
auto make(const char* name, const Path& path, Whole whole) {
  return make(name, path, whole, [] {});
}

/// The function of that name which this one hides.
template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#define ST0CK_NEXT(function) static const auto real = next<decltype(&::function)>(#function)

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc's names are reserved.
extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  ST0CK_NEXT(write);
  return make(
      "write", Path::of(file), [&] { return real(file, bytes, size); },
      [&] { real(file, bytes, size / 2); });
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  ST0CK_NEXT(pwrite);
  return make(
      "pwrite", Path::of(file), [&] { return real(file, bytes, size, offset); },
      [&] { real(file, bytes, size / 2, offset); });
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  ST0CK_NEXT(pwrite64);
  return make(
      "pwrite64", Path::of(file), [&] { return real(file, bytes, size, offset); },
      [&] { real(file, bytes, size / 2, offset); });
}

ssize_t writev(int file, const iovec* parts, int count) {
  ST0CK_NEXT(writev);
  return make(
      "writev", Path::of(file), [&] { return real(file, parts, count); },
      [&] { real(file, parts, count / 2); });
}

int fsync(int file) {
  ST0CK_NEXT(fsync);
  return make("fsync", Path::of(file), [&] { return real(file); });
}

int fdatasync(int file) {
  ST0CK_NEXT(fdatasync);
  return make("fdatasync", Path::of(file), [&] { return real(file); });
}

int ftruncate(int file, off_t size) noexcept {
  ST0CK_NEXT(ftruncate);
  return make("ftruncate", Path::of(file), [&] { return real(file, size); });
}

int ftruncate64(int file, off64_t size) noexcept {
  ST0CK_NEXT(ftruncate64);
  return make("ftruncate64", Path::of(file), [&] { return real(file, size); });
}

int rename(const char* from, const char* to) noexcept {
  ST0CK_NEXT(rename);
  return make("rename", Path::of(AT_FDCWD, from), [&] { return real(from, to); });
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  ST0CK_NEXT(renameat);
  return make("renameat", Path::of(from_folder, from),
              [&] { return real(from_folder, from, to_folder, to); });
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  ST0CK_NEXT(renameat2);
  return make("renameat2", Path::of(from_folder, from),
              [&] { return real(from_folder, from, to_folder, to, flags); });
}

int remove(const char* name) noexcept {
  ST0CK_NEXT(remove);
  return make("remove", Path::of(AT_FDCWD, name), [&] { return real(name); });
}

int unlink(const char* name) noexcept {
  ST0CK_NEXT(unlink);
  return make("unlink", Path::of(AT_FDCWD, name), [&] { return real(name); });
}

int unlinkat(int folder, const char* name, int flags) noexcept {
  ST0CK_NEXT(unlinkat);
  return make("unlinkat", Path::of(folder, name), [&] { return real(folder, name, flags); });
}

ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  ST0CK_NEXT(send);
  return make(
      "send", Path::of(socket), [&] { return real(socket, bytes, size, flags); },
      [&] { real(socket, bytes, size / 2, flags); });
}

ssize_t sendto(int socket, const void* bytes, size_t size, int flags, const sockaddr* address,
               socklen_t address_size) {
  ST0CK_NEXT(sendto);
  return make(
      "sendto", Path::of(socket),
      [&] { return real(socket, bytes, size, flags, address, address_size); },
      [&] { real(socket, bytes, size / 2, flags, address, address_size); });
}

ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  ST0CK_NEXT(sendmsg);
  return make("sendmsg", Path::of(socket), [&] { return real(socket, message, flags); });
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
