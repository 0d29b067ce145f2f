#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace st0ck::kernel {

/// Bytes of one record in the making. Grows to the largest record once and keeps its memory, so
/// that encoding allocates nothing when warm.
class PayloadBuffer {
 public:
  std::span<const std::byte> view() const { return {bytes_.data(), size_}; }
  void clear() { size_ = 0; }

  void put(const void* data, std::size_t size) {
    if (size > bytes_.size() - size_) [[unlikely]]
      grow(size);
    if (size > 0) std::memcpy(bytes_.data() + size_, data, size);
    size_ += size;
  }

  /// Appends an integer in little-endian order.
  template <typename Integer>
  void put_integer(Integer value) {
    static_assert(std::is_integral_v<Integer>);
    static_assert(std::endian::native == std::endian::little, "the format is little-endian");
    // One store where there is room: a record is a dozen of these.
    if (sizeof value > bytes_.size() - size_) [[unlikely]]
      grow(sizeof value);
    std::memcpy(bytes_.data() + size_, &value, sizeof value);
    size_ += sizeof value;
  }

 private:
  [[gnu::noinline]] void grow(std::size_t size) { bytes_.resize(2 * (size_ + size)); }

  std::vector<std::byte> bytes_ = std::vector<std::byte>(512);
  std::size_t size_ = 0;
};

}  // namespace st0ck::kernel
