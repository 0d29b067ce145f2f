#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace st0ck::kernel {

/// The system calls by which the journal changes files: thin, so that a test can refuse, shorten
/// or interrupt any of them. All but `open` and `write` return 0, or an errno.
class FileOperations {
 public:
  virtual ~FileOperations() = default;

  /// A descriptor, or the negated errno.
  virtual int open(const std::string& path, int flags) = 0;

  /// The number of bytes written, which may be fewer than asked for, or the negated errno.
  virtual std::int64_t write(int file, std::span<const std::byte> bytes, std::uint64_t offset) = 0;

  /// Waits until what was written is on the disk.
  virtual int sync(int file) = 0;

  virtual int truncate(int file, std::uint64_t size) = 0;
  virtual int close(int file) = 0;
  virtual int remove(const std::string& path) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int make_directory(const std::string& path) = 0;
};

/// The operating system's own. One for the process; holds no state.
FileOperations& posix_file_operations();

}  // namespace st0ck::kernel
