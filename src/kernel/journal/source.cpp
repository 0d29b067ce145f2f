#include "st0ck/kernel/journal/source.hpp"

#include "st0ck/core/hash.hpp"
#include "st0ck/core/plain_file.hpp"
#include "st0ck/kernel/journal/format.hpp"

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

namespace st0ck::kernel {

namespace {

using core::Errc;
using core::fail;
using core::Result;

constexpr std::string_view kMarkMagic = "st0ckret";
constexpr std::size_t kMarkSize = 36;

std::string errno_text(int number) { return std::generic_category().message(number); }

class FileSegment final : public SegmentSource {
 public:
  FileSegment(int file, std::string path) : file_{file}, path_{std::move(path)} {}
  ~FileSegment() override { ::close(file_); }
  FileSegment(const FileSegment&) = delete;
  FileSegment& operator=(const FileSegment&) = delete;

  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const auto rest = out.subspan(filled);
      const auto got =
          ::pread(file_, rest.data(), rest.size(), static_cast<off_t>(offset + filled));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        return fail(Errc::Io, "{} byte {}: cannot be read: {}", path_, offset, errno_text(errno));
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  }

  Result<std::uint64_t> size() override {
    struct stat facts{};
    if (::fstat(file_, &facts) != 0)
      return fail(Errc::Io, "{}: its size cannot be read: {}", path_, errno_text(errno));
    return static_cast<std::uint64_t>(facts.st_size);
  }

 private:
  int file_;
  std::string path_;
};

class DirectorySource final : public JournalSource {
 public:
  explicit DirectorySource(std::filesystem::path directory) : directory_{std::move(directory)} {}

  Result<std::vector<std::uint64_t>> segments() override {
    std::error_code problem;
    std::filesystem::directory_iterator entry{directory_, problem};
    std::vector<std::uint64_t> found;
    for (; !problem && entry != std::filesystem::directory_iterator{}; entry.increment(problem)) {
      const auto name = entry->path().filename().string();
      if (name == kRetentionMarkName || name == kRetentionMarkDraft) continue;
      const auto segment = segment_of_name(name);
      if (!segment)
        return fail(Errc::Corrupt, "{}: is no part of the journal; only segments NNNNNNNN.st0j are",
                    entry->path().string());
      found.push_back(*segment);
    }
    if (problem) return listing_failed(problem);
    std::ranges::sort(found);
    return found;
  }

  Result<std::optional<RetentionMark>> retention_mark() override {
    const auto path = (directory_ / kRetentionMarkName).string();
    const auto file = open_file(path);
    if (!file) return tl::unexpected(file.error());
    if (*file == nullptr) return std::optional<RetentionMark>{};
    std::array<std::byte, kMarkSize + 1> bytes;
    const auto size = (*file)->read(0, bytes);
    if (!size) return tl::unexpected(size.error());
    const auto mark = decode_retention_mark(std::span{bytes}.first(*size));
    if (!mark) return fail(Errc::Corrupt, "{} byte 0: the retention mark is damaged", path);
    return mark;
  }

  Result<std::unique_ptr<SegmentSource>> open(std::uint64_t segment) override {
    return open_file(name(segment));
  }

  std::string name(std::uint64_t segment) const override {
    return (directory_ / segment_name(segment)).string();
  }

 private:
  tl::unexpected<core::Error> listing_failed(const std::error_code& problem) const {
    const bool absent = problem == std::errc::no_such_file_or_directory;
    return fail(absent ? Errc::NotFound : Errc::Io, "{}: cannot be listed: {}", directory_.string(),
                problem.message());
  }

  static Result<std::unique_ptr<SegmentSource>> open_file(const std::string& path) {
    if (const auto checked = core::check_plain_file(path);
        !checked && checked.error().code == core::Errc::BadInput)
      return tl::unexpected(checked.error());
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) return std::unique_ptr<SegmentSource>{};
    if (file < 0) return fail(Errc::Io, "{}: cannot be opened: {}", path, errno_text(errno));
    return std::unique_ptr<SegmentSource>{std::make_unique<FileSegment>(file, path)};
  }

  std::filesystem::path directory_;
};

class MemorySegment final : public SegmentSource {
 public:
  explicit MemorySegment(std::span<const std::byte> bytes) : bytes_{bytes} {}

  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const auto rest = bytes_.subspan(offset);
    const auto size = std::min(rest.size(), out.size());
    std::ranges::copy(rest.first(size), out.begin());
    return size;
  }

  Result<std::uint64_t> size() override { return std::uint64_t{bytes_.size()}; }

 private:
  std::span<const std::byte> bytes_;
};

class MemorySource final : public JournalSource {
 public:
  explicit MemorySource(std::vector<std::span<const std::byte>> segments)
      : segments_{std::move(segments)} {}

  Result<std::vector<std::uint64_t>> segments() override {
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t number = 1; number <= segments_.size(); ++number) numbers.push_back(number);
    return numbers;
  }

  Result<std::optional<RetentionMark>> retention_mark() override {
    return std::optional<RetentionMark>{};
  }

  Result<std::unique_ptr<SegmentSource>> open(std::uint64_t segment) override {
    if (segment == 0 || segment > segments_.size()) return std::unique_ptr<SegmentSource>{};
    const auto bytes = segments_[segment - 1];
    return std::unique_ptr<SegmentSource>{std::make_unique<MemorySegment>(bytes)};
  }

  std::string name(std::uint64_t segment) const override { return segment_name(segment); }

 private:
  std::vector<std::span<const std::byte>> segments_;
};

}  // namespace

std::unique_ptr<JournalSource> directory_source(std::filesystem::path directory) {
  return std::make_unique<DirectorySource>(std::move(directory));
}

std::unique_ptr<JournalSource> memory_source(std::vector<std::span<const std::byte>> segments) {
  return std::make_unique<MemorySource>(std::move(segments));
}

std::string encode_retention_mark(const RetentionMark& mark) {
  std::string out(kMarkSize, '\0');
  std::memcpy(out.data(), kMarkMagic.data(), kMarkMagic.size());
  std::memcpy(out.data() + 8, &kJournalVersion, sizeof kJournalVersion);
  std::memcpy(out.data() + 12, &mark.segment, sizeof mark.segment);
  std::memcpy(out.data() + 20, &mark.first_sequence, sizeof mark.first_sequence);
  std::memcpy(out.data() + 28, &mark.chain, sizeof mark.chain);
  const auto checksum = core::crc32c(bytes_of(out).first(kMarkSize - 4));
  std::memcpy(out.data() + 32, &checksum, sizeof checksum);
  return out;
}

std::optional<RetentionMark> decode_retention_mark(std::span<const std::byte> bytes) {
  if (bytes.size() != kMarkSize) return std::nullopt;
  RetentionMark mark;
  std::memcpy(&mark.segment, bytes.data() + 12, sizeof mark.segment);
  std::memcpy(&mark.first_sequence, bytes.data() + 20, sizeof mark.first_sequence);
  std::memcpy(&mark.chain, bytes.data() + 28, sizeof mark.chain);
  // Magic, version and checksum follow from the rest.
  if (!std::ranges::equal(bytes, bytes_of(encode_retention_mark(mark)))) return std::nullopt;
  return mark;
}

}  // namespace st0ck::kernel
