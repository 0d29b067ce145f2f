#include "segment_file.hpp"

#include "st0ck/core/assert.hpp"
#include "st0ck/kernel/journal/format.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <utility>

namespace st0ck::kernel {

namespace {

using core::Errc;
using core::fail;
using core::Result;
using core::Status;

Errc errc_of(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT: return Errc::NoSpace;
    case EROFS:
    case EACCES:
    case EPERM: return Errc::ReadOnly;
    case EEXIST: return Errc::AlreadyExists;
    default: return Errc::Io;
  }
}

Status sync_file(FileOperations& files, int file, const std::string& path) {
  int problem = EINTR;
  while (problem == EINTR) problem = files.sync(file);
  if (problem != 0) return file_error(path, "synced to the disk", problem);
  return {};
}

}  // namespace

tl::unexpected<core::Error> file_error(const std::string& path, std::string_view action,
                                       int number) {
  return fail(errc_of(number), "{}: cannot be {}: {}", path, action,
              std::generic_category().message(number));
}

Result<int> open_file(FileOperations& files, const std::string& path, int flags) {
  int file = -EINTR;
  while (file == -EINTR) file = files.open(path, flags);
  if (file < 0) return file_error(path, "opened", -file);
  return file;
}

Status sync_path(FileOperations& files, const std::string& path, int flags) {
  const auto file = open_file(files, path, flags);
  if (!file) return tl::unexpected(file.error());
  auto synced = sync_file(files, *file, path);
  files.close(*file);
  return synced;
}

SegmentFile::SegmentFile(FileOperations& files, std::filesystem::path directory, bool durable)
    : files_{files}, directory_{std::move(directory)}, durable_{durable} {}

SegmentFile::~SegmentFile() {
  if (file_ >= 0) files_.close(file_);
}

Status SegmentFile::create(std::uint64_t segment) {
  // A later segment must never be on the disk without all of the earlier ones: that is how a
  // reader knows that only the last one can be torn.
  if (auto left = close(); !left) return left;
  if (auto made = open(segment, 0, O_WRONLY | O_CREAT | O_EXCL); !made) return made;
  return durable_ ? sync_path(files_, directory_.string(), O_RDONLY | O_DIRECTORY) : Status{};
}

Status SegmentFile::resume(std::uint64_t segment, std::uint64_t size) {
  return open(segment, size, O_WRONLY);
}

Status SegmentFile::open(std::uint64_t segment, std::uint64_t size, int flags) {
  path_ = (directory_ / segment_name(segment)).string();
  const auto file = open_file(files_, path_, flags);
  if (!file) return tl::unexpected(file.error());
  file_ = *file;
  size_ = size;
  return {};
}

Status SegmentFile::write(std::span<const std::byte> bytes) {
  ST0CK_ASSERT(file_ >= 0, "a segment is open before records are written");
  while (!bytes.empty()) {
    const auto written = files_.write(file_, bytes, size_);
    if (written == -EINTR) continue;
    if (written < 0) return file_error(path_, "written", static_cast<int>(-written));
    if (written == 0) return file_error(path_, "written", EIO);
    size_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Status SegmentFile::sync() {
  if (file_ < 0 || !durable_) return {};
  return sync_file(files_, file_, path_);
}

Status SegmentFile::close() {
  if (file_ < 0) return {};
  auto synced = sync();
  const int problem = files_.close(std::exchange(file_, -1));
  if (!synced) return synced;
  // An interrupted close has closed the file all the same, on Linux.
  if (problem != 0 && problem != EINTR) return file_error(path_, "closed", problem);
  return {};
}

}  // namespace st0ck::kernel
