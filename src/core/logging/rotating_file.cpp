#include "src/core/logging/rotating_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace st0ck::core {

namespace {

constexpr mode_t kFileMode = 0640;

Errc code_of(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return Errc::NoSpace;
    case EROFS:
    case EACCES:
    case EPERM: return Errc::ReadOnly;
    default: return Errc::Io;
  }
}

tl::unexpected<Error> failed(std::string_view action, const std::filesystem::path& path,
                             int error) {
  return fail(code_of(error), "log file '{}': cannot {}: {}", path.string(), action,
              std::generic_category().message(error));
}

/// Writes all of it; returns 0 or the error number.
int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// The offset behind the last line end before `size`; 0 where there is none.
std::int64_t end_of_last_line(int file, std::int64_t size) {
  std::array<char, 4096> block{};
  while (size > 0) {
    const auto count = std::min<std::int64_t>(size, block.size());
    const auto got = ::pread(file, block.data(), static_cast<std::size_t>(count), size - count);
    if (got != count) return size;
    const std::string_view bytes{block.data(), static_cast<std::size_t>(count)};
    const auto last = bytes.rfind('\n');
    if (last != std::string_view::npos) return size - count + static_cast<std::int64_t>(last) + 1;
    size -= count;
  }
  return 0;
}

}  // namespace

RotatingFile::RotatingFile(std::filesystem::path path, Limits limits)
    : path_{std::move(path)}, limits_{limits} {}

RotatingFile::RotatingFile(RotatingFile&& other) noexcept
    : path_{std::move(other.path_)},
      limits_{other.limits_},
      file_{std::exchange(other.file_, -1)},
      size_{other.size_} {}

RotatingFile::~RotatingFile() { close_file(); }

Result<RotatingFile> RotatingFile::open(std::filesystem::path path, Limits limits) {
  RotatingFile file{std::move(path), limits};
  std::error_code error;
  std::filesystem::create_directories(file.path_.parent_path(), error);
  if (error) return failed("make its folder", file.path_, error.value());
  if (const auto opened = file.open_file(); !opened) return tl::unexpected(opened.error());
  if (const auto cut = file.cut_torn_line(); !cut) return tl::unexpected(cut.error());
  file.remove_surplus();
  return file;
}

Status RotatingFile::open_file() {
  file_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, kFileMode);
  if (file_ < 0) return failed("open it", path_, errno);
  struct stat facts{};
  if (::fstat(file_, &facts) != 0) return failed("read its size", path_, errno);
  size_ = facts.st_size;
  return {};
}

Status RotatingFile::cut_torn_line() {
  const std::int64_t end = end_of_last_line(file_, size_);
  if (end == size_) return {};
  if (::ftruncate(file_, end) != 0) return failed("cut a torn line off", path_, errno);
  size_ = end;
  return {};
}

void RotatingFile::remove_surplus() {
  std::error_code error;
  for (int number = limits_.files_max; std::filesystem::remove(numbered(number), error); ++number) {
  }
}

Status RotatingFile::append(std::string_view lines) {
  // After a rotation that failed half-way there is no open file.
  if (file_ < 0) {
    if (auto opened = open_file(); !opened) return opened;
  }
  const auto added = static_cast<std::int64_t>(lines.size());
  if (size_ > 0 && size_ + added > limits_.size_max.bytes) {
    if (auto rotated = rotate(); !rotated) return rotated;
  }
  if (const int error = write_all(file_, lines); error != 0) {
    // Half a line must not stay; should this fail too, the next start cuts it off.
    [[maybe_unused]] const int cut = ::ftruncate(file_, size_);
    return failed("write", path_, error);
  }
  size_ += added;
  return {};
}

std::filesystem::path RotatingFile::numbered(int number) const {
  std::filesystem::path name = path_.stem();
  name += fmt::format(".{}", number);
  name += path_.extension();
  return path_.parent_path() / name;
}

Status RotatingFile::rotate() {
  std::error_code error;
  for (int number = limits_.files_max - 1; number > 0; --number) {
    const auto from = number == 1 ? path_ : numbered(number - 1);
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::rename(from, numbered(number), error);
    if (error) return failed("rotate it", from, error.value());
  }
  if (limits_.files_max == 1) {
    std::filesystem::remove(path_, error);
    if (error) return failed("rotate it", path_, error.value());
  }
  close_file();
  return open_file();
}

void RotatingFile::close_file() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

}  // namespace st0ck::core
