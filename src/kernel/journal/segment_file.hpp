#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/kernel/journal/file_operations.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace st0ck::kernel {

/// An error that names file, action and the system's reason.
tl::unexpected<core::Error> file_error(const std::string& path, std::string_view action,
                                       int number);

/// Opens a file, trying again where a signal came between. Also for folders.
core::Result<int> open_file(FileOperations& files, const std::string& path, int flags);

/// Waits until a file or a folder's list of names is on the disk.
core::Status sync_path(FileOperations& files, const std::string& path, int flags);

/// The segment that is being written: opens, continues, appends, syncs. One thread.
class SegmentFile {
 public:
  SegmentFile(FileOperations& files, std::filesystem::path directory, bool durable);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  /// Leaves the present segment, all of it on the disk, and makes the next.
  core::Status create(std::uint64_t segment);

  /// Goes on behind the `size` bytes of a segment that is there.
  core::Status resume(std::uint64_t segment, std::uint64_t size);

  /// Where the next byte goes: after a failed write what it has written counts.
  std::uint64_t size() const { return size_; }

  core::Status write(std::span<const std::byte> bytes);
  core::Status sync();
  core::Status close();

 private:
  core::Status open(std::uint64_t segment, std::uint64_t size, int flags);

  FileOperations& files_;
  std::filesystem::path directory_;
  bool durable_;
  std::string path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace st0ck::kernel
