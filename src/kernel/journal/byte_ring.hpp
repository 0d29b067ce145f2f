#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace st0ck::kernel {

/// Memory that a stream of bytes goes round in. Positions count from the stream's begin and never
/// wrap. Who may read and who may write where, its user arranges.
class ByteRing {
 public:
  explicit ByteRing(std::size_t size) : bytes_(std::bit_ceil(size)) {}

  std::size_t capacity() const { return bytes_.size(); }

  void put(std::uint64_t position, std::span<const std::byte> bytes) {
    const std::size_t at = index(position);
    const std::size_t first = std::min(bytes.size(), capacity() - at);
    if (first > 0) std::memcpy(bytes_.data() + at, bytes.data(), first);
    if (first < bytes.size())
      std::memcpy(bytes_.data(), bytes.data() + first, bytes.size() - first);
  }

  /// The bytes from `begin` on that lie in one piece, not beyond `end`.
  std::span<const std::byte> piece(std::uint64_t begin, std::uint64_t end) const {
    const std::size_t at = index(begin);
    return std::span{bytes_}.subspan(
        at, std::min(static_cast<std::size_t>(end - begin), capacity() - at));
  }

 private:
  std::size_t index(std::uint64_t position) const {
    return static_cast<std::size_t>(position) & (capacity() - 1);
  }

  std::vector<std::byte> bytes_;
};

}  // namespace st0ck::kernel
