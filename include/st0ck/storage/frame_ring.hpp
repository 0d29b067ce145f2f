#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace st0ck::storage {

/// One encoded record on its way to the trade log.
struct Frame {
  kernel::RecordKind kind{};
  core::Sequence sequence;
  core::Timestamp time;
  std::span<const std::byte> payload;
};

/// A bounded queue of frames between the core thread, which pushes, and the writer thread, which
/// reads. When it is full `push` says so and leaves it as it was.
///
/// A frame that was read keeps its room until `release`, so that a batch whose transaction failed
/// can be read again after `rewind`. Wait-free on both sides; memory is taken once.
class FrameRing {
 public:
  static constexpr std::size_t kCapacityMin = 256;

  /// `capacity` in bytes, at least kCapacityMin; rounded up to a power of two.
  explicit FrameRing(std::size_t capacity);

  /// Core thread. Copies the frame; false when there is no room.
  bool push(const Frame& frame);

  /// Whether a payload of that size can go through an empty ring.
  bool can_hold(std::size_t payload_size) const;

  /// Any thread. Whether more than half of the room is taken.
  bool is_half_full() const;

  /// Writer thread. The next frame that was not read; its payload is valid until `release`.
  std::optional<Frame> read();

  /// Writer thread. Gives back the room of all frames read.
  void release();

  /// Writer thread. Makes the frames read since the last `release` unread.
  void rewind();

  /// Any thread. Bytes taken, headers included.
  std::size_t size() const;
  std::size_t capacity() const { return mask_ + 1; }

 private:
  struct Header;

  std::byte* at(std::uint64_t position) const { return bytes_.get() + (position & mask_); }
  std::size_t until_end(std::uint64_t position) const { return capacity() - (position & mask_); }

  std::size_t mask_;
  std::unique_ptr<std::byte[]> bytes_;

  // Positions count bytes since the beginning and never wrap. Each side keeps a copy of the other's
  // on its own cache line and looks again only when the copy does not suffice.
  alignas(64) std::atomic<std::uint64_t> pushed_{0};
  std::uint64_t released_seen_ = 0;
  alignas(64) std::atomic<std::uint64_t> released_{0};
  std::uint64_t read_ = 0;
  std::uint64_t pushed_seen_ = 0;
};

}  // namespace st0ck::storage
