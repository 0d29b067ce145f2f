#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace st0ck::core {

/// A bounded queue without locks, filled by any thread and drained by one (D. Vyukov's ring, where
/// each cell counts whose turn it is). A full queue refuses; nobody waits.
///
/// Our own, because thread sanitizer finds Boost.Lockfree's queue reading a recycled node
/// unsynchronised.
template <typename Value>
class LineQueue {
 public:
  /// Holds `capacity` values, rounded up to a power of two.
  explicit LineQueue(std::size_t capacity)
      : cells_(std::bit_ceil(capacity)), mask_{cells_.size() - 1} {
    for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].turn.store(i);
  }

  /// Takes the value, or leaves it and returns false when the queue is full.
  bool push(std::unique_ptr<Value>& value) {
    std::size_t at = tail_.load(std::memory_order_relaxed);
    for (;;) {
      Cell& cell = cells_[at & mask_];
      const std::size_t turn = cell.turn.load(std::memory_order_acquire);
      const auto ahead = static_cast<std::intptr_t>(turn - at);
      if (ahead < 0) return false;
      if (ahead == 0 && tail_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
        cell.value = std::move(value);
        cell.turn.store(at + 1, std::memory_order_release);
        return true;
      }
      if (ahead > 0) at = tail_.load(std::memory_order_relaxed);
    }
  }

  /// The oldest value, or nothing when the queue is empty. One thread only.
  std::unique_ptr<Value> pop() {
    Cell& cell = cells_[head_ & mask_];
    if (cell.turn.load(std::memory_order_acquire) != head_ + 1) return nullptr;
    auto value = std::move(cell.value);
    cell.turn.store(head_ + cells_.size(), std::memory_order_release);
    ++head_;
    return value;
  }

 private:
  struct Cell {
    std::atomic<std::size_t> turn{0};
    std::unique_ptr<Value> value;
  };

  static constexpr std::size_t kCacheLine = 64;

  std::vector<Cell> cells_;
  std::size_t mask_;
  alignas(kCacheLine) std::atomic<std::size_t> tail_{0};
  alignas(kCacheLine) std::size_t head_ = 0;
};

}  // namespace st0ck::core
