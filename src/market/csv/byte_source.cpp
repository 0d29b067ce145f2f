#include "st0ck/market/csv/byte_source.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace st0ck::market {

namespace {

using core::Errc;
using core::fail;
using core::Result;

constexpr std::size_t kChunkSize = 64 * 1024;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

class FileBytes final : public ByteSource {
 public:
  explicit FileBytes(File file) : file_{std::move(file)} {}

  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::fread(into.data(), 1, into.size(), file_.get());
    if (count < into.size() && std::ferror(file_.get()) != 0)
      return fail(Errc::Io, "cannot be read: {}", std::generic_category().message(errno));
    return count;
  }

 private:
  File file_;
};

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::string_view bytes) : rest_{bytes} {}

  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = rest_.copy(into.data(), into.size());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

/// Passes plain bytes on and unpacks gzip data; the first bytes tell which it is.
class UnpackedBytes final : public ByteSource {
 public:
  explicit UnpackedBytes(std::unique_ptr<ByteSource> packed) : packed_{std::move(packed)} {}

  ~UnpackedBytes() override {
    if (form_ == Form::Gzip) inflateEnd(&stream_);
  }
  UnpackedBytes(const UnpackedBytes&) = delete;
  UnpackedBytes& operator=(const UnpackedBytes&) = delete;

  Result<std::size_t> read(std::span<char> into) override {
    if (form_ == Form::Unknown) {
      if (const auto filled = fill(); !filled) return filled;
      if (const auto begun = begin(); !begun) return tl::unexpected<core::Error>(begun.error());
    }
    return form_ == Form::Gzip ? read_gzip(into) : read_plain(into);
  }

 private:
  enum class Form : std::uint8_t { Unknown, Plain, Gzip };

  Result<std::size_t> fill() {
    const auto count = packed_->read(chunk_);
    if (count) waiting_ = std::span{chunk_}.first(*count);
    return count;
  }

  core::Status begin() {
    const bool gzip = waiting_.size() >= 2 && waiting_[0] == '\x1f' && waiting_[1] == '\x8b';
    if (!gzip) {
      form_ = Form::Plain;
      return {};
    }
    // 16 asks for the gzip wrapper with its checksum.
    if (inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK)
      return fail(Errc::Io, "gzip data cannot be unpacked: no memory");
    form_ = Form::Gzip;
    return {};
  }

  Result<std::size_t> read_plain(std::span<char> into) {
    if (waiting_.empty()) return packed_->read(into);
    const std::size_t count = std::min(waiting_.size(), into.size());
    std::copy_n(waiting_.begin(), count, into.begin());
    waiting_ = waiting_.subspan(count);
    return count;
  }

  Result<std::size_t> read_gzip(std::span<char> into) {
    if (damaged_) return damage();
    for (;;) {
      if (waiting_.empty()) {
        const auto filled = fill();
        if (!filled) return filled;
        if (*filled == 0 && !in_member_) return 0;
        if (*filled == 0)
          return fail(Errc::BadInput,
                      "found gzip data that are cut short, allowed is a whole file");
      }
      const auto unpacked = unpack(into);
      if (!unpacked || *unpacked > 0) return unpacked;
    }
  }

  /// One call of zlib: takes from `waiting_`, gives into `into`.
  Result<std::size_t> unpack(std::span<char> into) {
    if (!in_member_) {
      // A gzip file may consist of several members, one after the other.
      inflateReset(&stream_);
      in_member_ = true;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(waiting_.data());
    stream_.avail_in = static_cast<uInt>(waiting_.size());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(std::min(into.size(), kChunkSize));
    const uInt offered = stream_.avail_out;
    const int outcome = inflate(&stream_, Z_NO_FLUSH);
    const std::size_t done = offered - stream_.avail_out;
    damaged_ = outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR;
    if (damaged_ && done == 0) return damage();
    in_member_ = outcome != Z_STREAM_END;
    waiting_ = waiting_.last(stream_.avail_in);
    return done;
  }

  Result<std::size_t> damage() const {
    return fail(Errc::BadInput, "found damaged gzip data ({}), allowed is a whole file",
                stream_.msg != nullptr ? stream_.msg : "zlib error");
  }

  std::unique_ptr<ByteSource> packed_;
  Form form_ = Form::Unknown;
  bool in_member_ = false;
  bool damaged_ = false;
  z_stream stream_{};
  std::array<char, kChunkSize> chunk_;
  std::span<char> waiting_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::filesystem::path& path) {
  File file{std::fopen(path.c_str(), "rb")};
  if (!file) {
    const int reason = errno;
    return fail(reason == ENOENT ? Errc::NotFound : Errc::Io, "{}: cannot be opened: {}",
                path.string(), std::generic_category().message(reason));
  }
  return std::make_unique<UnpackedBytes>(std::make_unique<FileBytes>(std::move(file)));
}

std::unique_ptr<ByteSource> bytes_in_memory(std::string_view bytes) {
  return std::make_unique<UnpackedBytes>(std::make_unique<MemoryBytes>(bytes));
}

}  // namespace st0ck::market
