#include "st0ck/kernel/journal/file_operations.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace st0ck::kernel {

namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kDirectoryMode = 0750;

int errno_unless_zero(int result) { return result == 0 ? 0 : errno; }

class PosixFileOperations final : public FileOperations {
 public:
  int open(const std::string& path, int flags) override {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC, kFileMode);
    return file >= 0 ? file : -errno;
  }

  std::int64_t write(int file, std::span<const std::byte> bytes, std::uint64_t offset) override {
    const auto written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    return written >= 0 ? written : -errno;
  }

  int sync(int file) override { return errno_unless_zero(::fdatasync(file)); }

  int truncate(int file, std::uint64_t size) override {
    return errno_unless_zero(::ftruncate(file, static_cast<off_t>(size)));
  }

  int close(int file) override { return errno_unless_zero(::close(file)); }

  int remove(const std::string& path) override { return errno_unless_zero(::unlink(path.c_str())); }

  int rename(const std::string& from, const std::string& to) override {
    return errno_unless_zero(::rename(from.c_str(), to.c_str()));
  }

  int make_directory(const std::string& path) override {
    const int problem = errno_unless_zero(::mkdir(path.c_str(), kDirectoryMode));
    return problem == EEXIST ? 0 : problem;
  }
};

}  // namespace

FileOperations& posix_file_operations() {
  static PosixFileOperations operations;
  return operations;
}

}  // namespace st0ck::kernel
