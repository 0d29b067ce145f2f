#include "src/app/state_directory.hpp"

#include "st0ck/core/plain_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace st0ck::app {

namespace {

core::Errc kind_of(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS: return core::Errc::ReadOnly;
    case ENOSPC:
    case EDQUOT: return core::Errc::NoSpace;
    case ENOTDIR:
    case EEXIST:
    case EISDIR:
    case EINVAL:
    case ELOOP:
    case ENAMETOOLONG:
    case ENOENT: return core::Errc::BadInput;
    default: return core::Errc::Io;
  }
}

tl::unexpected<core::Error> cannot(const std::filesystem::path& path, std::string_view what,
                                   int error) {
  return core::fail(kind_of(error), "state directory {}: cannot {}: {}", path.string(), what,
                    std::generic_category().message(error));
}

}  // namespace

core::Result<StateDirectory> StateDirectory::acquire(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return cannot(path, "make it", error.value());
  const auto file = path / "lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return cannot(path, "write into it", errno);
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
    ::futimens(lock, nullptr);
    return StateDirectory{path, lock};
  }
  const int reason = errno;
  ::close(lock);
  if (reason != EWOULDBLOCK) return cannot(path, "lock it", reason);
  return core::fail(core::Errc::Locked,
                    "state directory {}: another st0ckd is running on it; stop that one or choose "
                    "another --state-dir",
                    path.string());
}

bool StateDirectory::is_in_use(const std::filesystem::path& path) {
  // A pipe in its place is not waited for.
  const int lock = ::open((path / "lock").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (lock < 0) return false;
  const bool is_held = ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(lock);
  return is_held;
}

std::optional<core::Timestamp> StateDirectory::taken_at(const std::filesystem::path& path) {
  return core::last_written(path / "lock");
}

StateDirectory::~StateDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace st0ck::app
