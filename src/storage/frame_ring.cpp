#include "st0ck/storage/frame_ring.hpp"

#include "st0ck/core/assert.hpp"

#include <bit>
#include <cstring>
#include <limits>

namespace st0ck::storage {

/// A frame lies in one piece. Where it does not fit before the end of the ring, a header of kind 0
/// or, without room even for that, nothing fills the rest.
struct FrameRing::Header {
  std::uint32_t payload_size = 0;
  std::uint16_t kind = 0;
  std::uint64_t sequence = 0;
  std::int64_t time = 0;
};

namespace {

constexpr std::size_t kAlignment = 8;

constexpr std::size_t aligned(std::size_t size) {
  return (size + kAlignment - 1) & ~(kAlignment - 1);
}

}  // namespace

FrameRing::FrameRing(std::size_t capacity)
    : mask_{std::bit_ceil(capacity) - 1}, bytes_{std::make_unique<std::byte[]>(mask_ + 1)} {
  ST0CK_ASSERT(capacity >= kCapacityMin, "a frame ring has its least capacity");
}

bool FrameRing::can_hold(std::size_t payload_size) const {
  // Wherever an empty ring stands, half of it lies in one piece.
  return aligned(sizeof(Header) + payload_size) <= capacity() / 2;
}

bool FrameRing::push(const Frame& frame) {
  if (!can_hold(frame.payload.size())) return false;
  const std::size_t size = aligned(sizeof(Header) + frame.payload.size());
  const std::uint64_t begin = pushed_.load(std::memory_order_relaxed);
  const std::size_t rest = until_end(begin);
  const std::size_t skipped = rest < size ? rest : 0;
  if (begin + skipped + size - released_seen_ > capacity()) {
    released_seen_ = released_.load(std::memory_order_acquire);
    if (begin + skipped + size - released_seen_ > capacity()) return false;
  }
  if (skipped >= sizeof(Header)) {
    const Header filler{};
    std::memcpy(at(begin), &filler, sizeof filler);
  }
  const Header header{static_cast<std::uint32_t>(frame.payload.size()),
                      static_cast<std::uint16_t>(frame.kind), frame.sequence.value(),
                      core::to_ns(frame.time)};
  std::byte* const out = at(begin + skipped);
  std::memcpy(out, &header, sizeof header);
  if (!frame.payload.empty())
    std::memcpy(out + sizeof header, frame.payload.data(), frame.payload.size());
  pushed_.store(begin + skipped + size, std::memory_order_release);
  return true;
}

bool FrameRing::is_half_full() const {
  return pushed_.load(std::memory_order_relaxed) - released_.load(std::memory_order_relaxed) >
         capacity() / 2;
}

std::optional<Frame> FrameRing::read() {
  if (read_ == pushed_seen_) {
    pushed_seen_ = pushed_.load(std::memory_order_acquire);
    if (read_ == pushed_seen_) return std::nullopt;
  }
  Header header;
  const std::size_t rest = until_end(read_);
  if (rest < sizeof header) {
    read_ += rest;
    return read();
  }
  std::memcpy(&header, at(read_), sizeof header);
  if (header.kind == 0) {
    read_ += rest;
    return read();
  }
  const std::byte* const payload = at(read_) + sizeof header;
  read_ += aligned(sizeof header + header.payload_size);
  return Frame{static_cast<kernel::RecordKind>(header.kind),
               core::Sequence{header.sequence},
               core::timestamp_from_ns(header.time),
               {payload, header.payload_size}};
}

void FrameRing::release() { released_.store(read_, std::memory_order_release); }

void FrameRing::rewind() { read_ = released_.load(std::memory_order_relaxed); }

std::size_t FrameRing::size() const {
  const std::uint64_t released = released_.load(std::memory_order_acquire);
  return static_cast<std::size_t>(pushed_.load(std::memory_order_acquire) - released);
}

}  // namespace st0ck::storage
