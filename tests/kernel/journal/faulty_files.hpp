#pragma once

#include "st0ck/kernel/journal/file_operations.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>

namespace st0ck::kernel::test {

/// The real files, with a disk that fills up, loses power or is interrupted, as a test says.
class FaultyFiles final : public FileOperations {
 public:
  std::atomic<std::int64_t> space{INT64_MAX};  ///< Bytes until ENOSPC.
  std::atomic<int> sync_error{0};
  std::atomic<int> open_error{0};
  std::atomic<int> write_error{0};
  std::atomic<bool> stutter{false};  ///< Every second call is interrupted, every write is short.
  std::atomic<bool> stuck{false};    ///< Writes wait until this is over.
  std::atomic<int> syncs{0};

  int open(const std::string& path, int flags) override {
    if (interrupt()) return -EINTR;
    return open_error != 0 ? -open_error.load() : real_.open(path, flags);
  }

  std::int64_t write(int file, std::span<const std::byte> bytes, std::uint64_t offset) override {
    stuck.wait(true);
    if (interrupt()) return -EINTR;
    if (write_error != 0) return -write_error.load();
    if (space <= 0) return -ENOSPC;
    auto size = static_cast<std::int64_t>(bytes.size());
    size = std::min(size, space.load());
    if (stutter) size = std::min<std::int64_t>(size, 3);
    space -= size;
    return real_.write(file, bytes.first(static_cast<std::size_t>(size)), offset);
  }

  int sync(int file) override {
    if (interrupt()) return EINTR;
    ++syncs;
    return sync_error != 0 ? sync_error.load() : real_.sync(file);
  }

  int truncate(int file, std::uint64_t size) override { return real_.truncate(file, size); }
  int close(int file) override { return real_.close(file); }
  int remove(const std::string& path) override { return real_.remove(path); }
  int rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }
  int make_directory(const std::string& path) override { return real_.make_directory(path); }

  /// Lets writes that `stuck` holds go on.
  void release() {
    stuck = false;
    stuck.notify_all();
  }

 private:
  bool interrupt() { return stutter && calls_++ % 2 == 0; }

  FileOperations& real_ = posix_file_operations();
  std::atomic<int> calls_{0};
};

}  // namespace st0ck::kernel::test
